package dev.sallyport.dispatch.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private long now = 5_000_000_000L;
    private final Pace pace = new Pace(200, () -> now);

    @Test
    void nothingLeavesWithoutAShare() {
        assertEquals(Optional.empty(), pace.reserve(LONG));
        pace.share(0, 24);
        assertEquals(Optional.empty(), pace.reserve(LONG));
    }

    @Test
    void theRateIsTheShareOfTheTopic() {
        pace.share(6, 24);
        assertEquals(50, pace.current());
        assertEquals(50, leaving(Duration.ofSeconds(1)), 1);
    }

    @Test
    void theBucketStartsEmpty() {
        pace.share(24, 24);
        assertEquals(Duration.ofMillis(5), reserve());
        assertEquals(Duration.ofMillis(10), reserve());
    }

    @Test
    void itStartsEmptyAgainWhenPartitionsComeOrGo() {
        pace.share(12, 24);
        pass(Duration.ofMinutes(1));
        pace.share(24, 24);
        assertEquals(Duration.ofMillis(5), reserve());
    }

    @Test
    void afterAPauseATenthOfASecondsMessagesLeaveAtOnce() {
        pace.share(24, 24);
        pass(Duration.ofMinutes(1));
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            waits.add(reserve());
        }
        assertEquals(20, waits.stream().filter(Duration::isZero).count());
        assertEquals(Duration.ofMillis(10), waits.getLast());
    }

    @Test
    void noSecondSeesMoreThanTheRateAndItsBurst() {
        pace.share(24, 24);
        pass(Duration.ofSeconds(10));
        List<Long> left = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            left.add(now + reserve().toNanos());
        }
        for (long moment : left) {
            long within = left.stream()
                    .filter(other -> other >= moment && other < moment + 1_000_000_000)
                    .count();
            assertTrue(within <= 220, within + " in one second");
        }
    }

    @Test
    void whatWouldBeTooLateIsNotPromised() {
        pace.share(24, 24);
        for (int i = 0; i < 200; i++) {
            pace.reserve(LONG);
        }
        assertEquals(Optional.empty(), pace.reserve(Duration.ofMillis(900)));
        assertEquals(Duration.ofMillis(1_005), reserve());
    }

    @Test
    void aComplaintHalvesTheRateOnceASecond() {
        pace.share(24, 24);
        pace.tooFast(Optional.empty());
        pace.tooFast(Optional.empty());
        assertEquals(100, pace.current(), 0.1);
        pass(Duration.ofSeconds(1));
        pace.tooFast(Optional.empty());
        assertEquals(50, pace.current(), 1);
    }

    @Test
    void itGrowsBackByATwentiethInTenSeconds() {
        pace.share(24, 24);
        pace.tooFast(Optional.empty());
        pass(Duration.ofSeconds(10));
        assertEquals(110, pace.current(), 0.1);
        pass(Duration.ofMinutes(5));
        assertEquals(200, pace.current());
    }

    @Test
    void itNeverGivesUpAltogether() {
        pace.share(24, 24);
        for (int i = 0; i < 20; i++) {
            pace.tooFast(Optional.empty());
            pass(Duration.ofSeconds(1));
        }
        assertTrue(pace.current() > 6, "" + pace.current());
    }

    @Test
    void nothingLeavesBeforeTheProviderAllows() {
        pace.share(24, 24);
        pace.tooFast(Optional.of(Duration.ofSeconds(3)));
        assertTrue(reserve().compareTo(Duration.ofSeconds(3)) >= 0);
    }

    @Test
    void whatWasPromisedIsVoidOnceTheRateIsCutOrTheShareChanges() {
        pace.share(24, 24);
        Pace.Slot promised = pace.reserve(LONG).orElseThrow();
        assertTrue(pace.isGood(promised));
        pace.tooFast(Optional.empty());
        assertFalse(pace.isGood(promised));
        promised = pace.reserve(LONG).orElseThrow();
        pace.share(12, 24);
        assertFalse(pace.isGood(promised));
        promised = pace.reserve(LONG).orElseThrow();
        pace.rate(100);
        assertFalse(pace.isGood(promised));
    }

    @Test
    void aWishToBeLeftAloneVoidsPromisesAlsoWhenTheRateWasCutAMomentAgo() {
        pace.share(24, 24);
        pace.tooFast(Optional.empty());
        Pace.Slot promised = pace.reserve(LONG).orElseThrow();
        pace.tooFast(Optional.of(Duration.ofSeconds(2)));
        assertFalse(pace.isGood(promised));
        assertTrue(reserve().compareTo(Duration.ofSeconds(2)) >= 0);
    }

    @Test
    void noProviderCanStopUsForLongerThanACodeIsWorth() {
        pace.share(24, 24);
        pace.tooFast(Optional.of(Duration.ofDays(11)));
        assertTrue(pace.reserve(Duration.ofSeconds(61)).isPresent());
    }

    @Test
    void theRateOfAllCanChange() {
        pace.share(12, 24);
        pace.rate(20);
        assertEquals(10, pace.current());
    }

    private Duration reserve() {
        return pace.reserve(LONG).orElseThrow().in();
    }

    /** How many could leave within a time, each asked for as soon as the one before had its moment. */
    private int leaving(Duration within) {
        int count = 0;
        while (pace.reserve(within).isPresent()) {
            count++;
        }
        return count;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
