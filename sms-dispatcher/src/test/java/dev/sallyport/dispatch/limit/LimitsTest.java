package dev.sallyport.dispatch.limit;

import static dev.sallyport.dispatch.limit.Workers.config;
import static dev.sallyport.dispatch.limit.Workers.enforcing;
import static dev.sallyport.dispatch.limit.Workers.isAllowed;
import static dev.sallyport.dispatch.limit.Workers.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.LimitsConfig.Mode;
import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.limit.Verdict.Allowed;
import dev.sallyport.dispatch.limit.Verdict.Elsewhere;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a worker alone decides: phones, regions, reservations, switches. */
class LimitsTest {

    private static final String PHONE = "+14155550123";
    private static final String OTHER = "+14155560123";

    private final Workers workers = new Workers(config());
    private final Limits limits = workers.worker(0);

    @Test
    void theThirdMessageToAPhoneWaitsWhileOtherPhonesDoNot() {
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
        assertEquals(Optional.of(Rule.PHONE), rule(workers.send(limits, 0, "US", PHONE)));
        assertTrue(isAllowed(workers.send(limits, 0, "US", OTHER)));
        workers.pass(Duration.ofSeconds(25));
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
    }

    @Test
    void ordersThatAreJudgedAtOnceCantAllBeTheLastOneAllowed() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Verdict>> judges = IntStream.range(0, 50)
                    .mapToObj(_ -> workers.order("US", PHONE))
                    .map(order -> (Callable<Verdict>) () -> limits.judge(0, order))
                    .toList();
            int allowed = 0;
            for (var verdict : threads.invokeAll(judges)) {
                allowed += isAllowed(verdict.get()) ? 1 : 0;
            }
            assertEquals(2, allowed);
        }
    }

    @Test
    void whatWasNotSentAfterAllDoesNotCount() {
        Sending first = workers.order("US", PHONE);
        Sending second = workers.order("US", PHONE);
        assertTrue(isAllowed(limits.judge(0, first)));
        assertTrue(isAllowed(limits.judge(0, second)));
        assertFalse(isAllowed(limits.judge(0, workers.order("US", PHONE))));
        limits.release(0, first.messageId());
        assertTrue(isAllowed(limits.judge(0, workers.order("US", PHONE))));
        assertEquals(20_000, Workers.sums(limits, "US").hourMicros());
    }

    @Test
    void whatMayHaveBeenSentCountsThoughItIsNoLongerUnderWay() {
        Sending first = workers.order("US", PHONE);
        assertTrue(isAllowed(Workers.send(limits, 0, first)));
        limits.release(0, first.messageId());
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
        assertFalse(isAllowed(workers.send(limits, 0, "US", PHONE)));
    }

    @Test
    void anAttemptThatSentNothingCostsNothingAndItsMessageStaysUnderWay() {
        Sending order = workers.order("US", PHONE);
        assertTrue(isAllowed(Workers.send(limits, 0, order)));
        limits.notSent(0, order.messageId(), 1);
        assertEquals(10_000, Workers.sums(limits, "US").hourMicros());
        limits.sent(0, order, 2, "twilio");
        limits.sent(0, order, 2, "twilio");
        assertEquals(10_000, Workers.sums(limits, "US").hourMicros());
        limits.sent(0, order, 3, "backup");
        assertEquals(20_000, Workers.sums(limits, "US").hourMicros());
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
        assertFalse(isAllowed(workers.send(limits, 0, "US", PHONE)));
        limits.notSent(0, order.messageId(), 2);
        limits.notSent(0, order.messageId(), 3);
        limits.release(0, order.messageId());
        assertEquals(10_000, Workers.sums(limits, "US").hourMicros());
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
    }

    @Test
    void whatCountsAlreadyIsAllowedAgainAndCountsOnce() {
        Sending order = workers.order("US", PHONE);
        IntStream.range(0, 5).forEach(_ -> assertTrue(isAllowed(Workers.send(limits, 0, order))));
        assertEquals(10_000, Workers.sums(limits, "US").hourMicros());
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
    }

    @Test
    void afterACrashTheLedgerGivesEachOrderItsVerdictAgain() {
        List<Sending> orders = IntStream.range(0, 40)
                .mapToObj(i -> workers.order("US", PHONE, Workers.START.plusSeconds(40L * i)))
                .toList();
        List<Boolean> before = orders.stream()
                .map(order -> isAllowed(Workers.send(limits, 0, order)))
                .toList();
        Limits next = workers.worker();
        next.assigned(0);
        for (int i = 0; i < orders.size(); i += 3) {
            if (before.get(i)) {
                next.sent(0, orders.get(i), 1, "twilio");
            }
        }
        next.replayed(0, Workers.START.minus(Duration.ofHours(2)));
        List<Boolean> after = orders.stream()
                .map(order -> isAllowed(Workers.send(next, 0, order)))
                .toList();
        assertEquals(before, after);
        assertTrue(before.contains(false));
        assertEquals(Workers.sums(limits, "US"), Workers.sums(next, "US"));
    }

    @Test
    void aPartitionOfAnotherWorkerIsJudgedThere() {
        assertInstanceOf(Elsewhere.class, limits.judge(1, workers.order("US", PHONE)));
        limits.revoked(0);
        assertInstanceOf(Elsewhere.class, limits.judge(0, workers.order("US", PHONE)));
        limits.sent(0, workers.order("US", PHONE), 1, "twilio");
        limits.verified(0, "message-0");
        limits.release(0, "message-0");
        assertEquals(0, Workers.sums(limits, "US").hourMicros());
    }

    @Test
    void aPartitionThatComesBackBeginsWithTheLedger() {
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
        limits.revoked(0);
        limits.assigned(0);
        limits.replayed(0, Workers.START.minus(Duration.ofHours(2)));
        assertTrue(isAllowed(workers.send(limits, 0, "US", PHONE)));
    }

    @Test
    void regionsThatAreNotServedOrSwitchedOffGetNothing() {
        assertEquals(Optional.of(Rule.REGION), rule(workers.send(limits, 0, "JM", "+18765550123")));
        assertTrue(isAllowed(workers.send(limits, 0, "GB", "+447911123456")));
        set(new Switch.RegionOff("GB", true));
        assertEquals(Optional.of(Rule.REGION), rule(workers.send(limits, 0, "GB", "+447911123457")));
        set(new Switch.RegionOff("GB", false));
        assertTrue(isAllowed(workers.send(limits, 0, "GB", "+447911123457")));
    }

    @Test
    void aRegionThatIsSwitchedOffIsOffWhereTheRuleOnlyRecords() {
        Workers recording = new Workers(enforcing());
        Limits theirs = recording.worker(0);
        Verdict notServed = recording.send(theirs, 0, "JM", "+18765550123");
        assertEquals(new Allowed(Set.of(Rule.REGION)), notServed);
        recording.switches.set(new Change(new Switch.RegionOff("JM", true), "ada", Workers.START));
        assertEquals(Optional.of(Rule.REGION), rule(recording.send(theirs, 0, "JM", "+18765560123")));
    }

    @Test
    void aRegionHasItsMessagesOfEachMinute() {
        Workers slow = new Workers(config(), "other,0.5\nGB,0.1,3\n", Set.of("US", "GB"));
        Limits theirs = slow.worker(0);
        for (int i = 0; i < 3; i++) {
            assertTrue(isAllowed(slow.send(theirs, 0, "GB", "+4479111%d3456".formatted(i))));
        }
        assertEquals(Optional.of(Rule.REGION), rule(slow.send(theirs, 0, "GB", "+447911193456")));
        assertTrue(isAllowed(slow.send(theirs, 0, "US", PHONE)));
        slow.pass(Duration.ofMinutes(1));
        assertTrue(isAllowed(slow.send(theirs, 0, "GB", "+447911193456")));
    }

    @Test
    void aRuleThatOnlyRecordsSaysSoAndIsSwitchedWithoutARestart() {
        IntStream.range(0, 2).forEach(_ -> workers.send(limits, 0, "US", PHONE));
        set(new Switch.RuleMode(Rule.PHONE, Optional.of(Mode.RECORD_ONLY)));
        assertEquals(new Allowed(Set.of(Rule.PHONE)), workers.send(limits, 0, "US", PHONE));
        set(new Switch.RuleMode(Rule.PHONE, Optional.empty()));
        assertEquals(Optional.of(Rule.PHONE), rule(workers.send(limits, 0, "US", PHONE)));
    }

    @Test
    void aSuppressedMessageTellsWhatElseItWouldHaveBroken() {
        IntStream.range(0, 3)
                .forEach(i -> assertTrue(isAllowed(workers.send(limits, 0, "US", "+1415555%d123".formatted(i)))));
        IntStream.range(0, 2)
                .forEach(i -> assertTrue(isAllowed(workers.send(limits, 0, "US", "+14155553%d23".formatted(i)))));
        Verdict sixth = workers.send(limits, 0, "JM", "+14155554123");
        assertEquals(new Verdict.Suppressed(Rule.REGION, Set.of(Rule.PREFIX)), sixth);
    }

    @Test
    void switchesAreFollowedAndTheLaterOfAKeyHolds() {
        set(new Switch.Rate(OptionalInt.of(40)));
        List<OptionalInt> rates = new ArrayList<>();
        workers.switches.follow(switches -> rates.add(switches.rate()));
        set(new Switch.Rate(OptionalInt.of(20)));
        set(new Switch.Rate(OptionalInt.empty()));
        assertEquals(List.of(OptionalInt.of(40), OptionalInt.of(20), OptionalInt.empty()), rates);
        assertEquals(1, workers.switches.current().changes().size());
    }

    private void set(Switch what) {
        workers.switches.set(new Change(what, "ada", Workers.START));
    }
}
