package dev.sallyport.dispatch.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private long now = 5_000_000_000L;
    private final Pace pace = new Pace(200, () -> now);

    @Test
    void nothingLeavesWithoutAShare() {
        assertEquals(Optional.empty(), promise(LONG));
        pace.share(0, 24);
        assertEquals(Optional.empty(), promise(LONG));
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
            promise(LONG);
        }
        assertEquals(Optional.empty(), promise(Duration.ofMillis(900)));
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
    void aStandstillLetsNoMoreLeaveThanARateAndItsBurst() throws InterruptedException {
        pace.share(24, 24);
        Random random = new Random(7);
        List<Long> left = new ArrayList<>();
        List<Pace.Slot> waiting = new ArrayList<>();
        List<Long> claiming = new ArrayList<>();
        for (int step = 0; step < 200_000; step++) {
            now += random.nextInt(1_000) == 0 ? random.nextLong(3_000_000_000L) : 1_000_000;
            if (random.nextInt(20_000) == 0) {
                pace.share(1 + random.nextInt(24), 24);
            }
            while (waiting.size() < 32) {
                waiting.add(pace.reserve(Long.MAX_VALUE).orElseThrow());
            }
            waiting.removeIf(slot -> !pace.isGood(slot));
            waiting.removeIf(slot -> pace.come(slot) == 0 && claiming.add(now + random.nextLong(200_000_000)));
            claiming.removeIf(claimed -> claimed <= now && pace.leave() == 0 && left.add(now));
        }
        int first = 0;
        for (int last = 0; last < left.size(); last++) {
            while (left.get(last) - left.get(first) >= 1_000_000_000) {
                first++;
            }
            assertTrue(last - first + 1 <= 215, (last - first + 1) + " in one second");
        }
        assertTrue(left.size() > 20_000, left.size() + " in all");
    }

    @Test
    void whoWaitsNoticesThatTheRateHasGrown() throws InterruptedException {
        Pace slow = new Pace(0.1, () -> now);
        slow.share(24, 24);
        long begun = now;
        Pace.Turn turn = slow.await(LONG, time -> {
            boolean early = now - begun < 1_000_000_000;
            now += time.toNanos();
            if (early && now - begun >= 1_000_000_000) {
                slow.rate(100);
            }
            return true;
        });
        assertEquals(Pace.Turn.NOW, turn);
        assertTrue(now - begun < 2_000_000_000, now - begun + " ns");
    }

    @Test
    void whoWaitsWithoutAShareLeavesOnceThereIsOneAndNotAfterItsTime() throws InterruptedException {
        assertEquals(Pace.Turn.TOO_LATE, pace.await(LONG, this::letPass));
        assertEquals(Pace.Turn.NOW, pace.await(LONG, time -> {
            pace.share(24, 24);
            return letPass(time);
        }));
        pace.rate(0.1);
        assertEquals(Pace.Turn.GONE, pace.await(LONG, time -> false));
    }

    @Test
    void aLaneFollowsItsPaceAndSlowsDownAlone() {
        Pace one = pace.lane();
        Pace other = pace.lane();
        pace.share(12, 24);
        one.tooFast(Optional.of(Duration.ofSeconds(3)));
        assertTrue(one.isLeftAlone());
        assertEquals(50, one.current(), 0.1);
        assertEquals(100, other.current());
        assertEquals(100, pace.current());
        pace.rate(20);
        assertEquals(5, one.current(), 0.1);
        pass(Duration.ofSeconds(3));
        assertFalse(one.isLeftAlone());
    }

    private boolean letPass(Duration time) {
        pass(time);
        return true;
    }

    @Test
    void whatWasPromisedIsVoidOnceTheRateIsCutOrTheShareChanges() {
        pace.share(24, 24);
        Pace.Slot promised = promise(LONG).orElseThrow();
        assertTrue(pace.isGood(promised));
        pace.tooFast(Optional.empty());
        assertFalse(pace.isGood(promised));
        promised = promise(LONG).orElseThrow();
        pace.share(12, 24);
        assertFalse(pace.isGood(promised));
        promised = promise(LONG).orElseThrow();
        pace.rate(100);
        assertFalse(pace.isGood(promised));
    }

    @Test
    void aWishToBeLeftAloneVoidsPromisesAlsoWhenTheRateWasCutAMomentAgo() {
        pace.share(24, 24);
        pace.tooFast(Optional.empty());
        Pace.Slot promised = promise(LONG).orElseThrow();
        pace.tooFast(Optional.of(Duration.ofSeconds(2)));
        assertFalse(pace.isGood(promised));
        assertTrue(reserve().compareTo(Duration.ofSeconds(2)) >= 0);
    }

    @Test
    void noProviderCanStopUsForLongerThanACodeIsWorth() {
        pace.share(24, 24);
        pace.tooFast(Optional.of(Duration.ofDays(11)));
        assertTrue(promise(Duration.ofSeconds(61)).isPresent());
    }

    @Test
    void theRateOfAllCanChange() {
        pace.share(12, 24);
        pace.rate(20);
        assertEquals(10, pace.current());
    }

    private Optional<Pace.Slot> promise(Duration atMost) {
        return pace.reserve(now + atMost.toNanos());
    }

    private Duration reserve() {
        return Duration.ofNanos(promise(LONG).orElseThrow().at() - now);
    }

    /** How many could leave within a time, each asked for as soon as the one before had its moment. */
    private int leaving(Duration within) {
        int count = 0;
        while (promise(within).isPresent()) {
            count++;
        }
        return count;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
