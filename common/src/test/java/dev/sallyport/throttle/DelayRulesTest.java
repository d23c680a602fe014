package dev.sallyport.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DelayRulesTest {

    @Test
    void theFirstFailuresCostNothing() {
        for (int failures = 0; failures < DelayRules.FREE_FOR_PAIR; failures++) {
            assertEquals(Duration.ZERO, DelayRules.delay(failures, DelayRules.FREE_FOR_PAIR));
        }
    }

    @Test
    void thenEachDoublesTheWaitUpToAQuarterOfAnHour() {
        assertEquals(Duration.ofSeconds(1), DelayRules.delay(5, 5));
        assertEquals(Duration.ofSeconds(2), DelayRules.delay(6, 5));
        assertEquals(Duration.ofSeconds(512), DelayRules.delay(14, 5));
        assertEquals(Duration.ofMinutes(15), DelayRules.delay(15, 5));
        assertEquals(Duration.ofMinutes(15), DelayRules.delay(Integer.MAX_VALUE, 5));
    }

    @Test
    void aWaitIsForgottenLaterThanItEnds() {
        assertTrue(DelayRules.delay(Integer.MAX_VALUE, 5).compareTo(DelayRules.FORGET_NETWORK_AFTER) < 0);
    }
}
