package dev.sallyport.dispatch.pace;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BreakerTest {

    private long now = 7_000_000_000L;
    private final Breaker breaker = new Breaker(() -> now);

    @Test
    void fiveFailuresInARowOpenIt() {
        breaker.worked();
        fail(4);
        assertTrue(breaker.admits());
        fail(1);
        assertTrue(breaker.isOpen());
        assertFalse(breaker.admits());
    }

    @Test
    void halfOfTheLastTwentyOpenIt() {
        for (int i = 0; i < 9; i++) {
            breaker.worked();
            breaker.failed();
        }
        breaker.worked();
        assertFalse(breaker.isOpen());
        breaker.failed();
        assertTrue(breaker.isOpen());
    }

    @Test
    void lessThanHalfDoNot() {
        for (int i = 0; i < 100; i++) {
            breaker.worked();
            breaker.failed();
            breaker.worked();
        }
        assertFalse(breaker.isOpen());
    }

    @Test
    void everyTwoSecondsOneMessageTriesIt() {
        fail(5);
        now += 1_999_999_999L;
        assertFalse(breaker.admits());
        now += 1;
        assertTrue(breaker.admits());
        assertFalse(breaker.admits());
        fail(1);
        now += 2_000_000_000L;
        assertTrue(breaker.admits());
    }

    @Test
    void aSuccessClosesItAndForgets() {
        fail(5);
        breaker.worked();
        assertTrue(breaker.admits());
        fail(4);
        assertFalse(breaker.isOpen());
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed();
        }
    }
}
