package dev.sallyport.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditType;
import dev.sallyport.event.EventRecord;
import dev.sallyport.testing.StoreContract;
import dev.sallyport.throttle.RateLimiter.Admission;
import dev.sallyport.throttle.RateLimiter.Admitted;
import dev.sallyport.throttle.RateLimiter.Allowance;
import dev.sallyport.throttle.RateLimiter.Attempt;
import dev.sallyport.throttle.RateLimiter.Delayed;
import dev.sallyport.throttle.RateLimiter.Door;
import dev.sallyport.throttle.RateLimiter.Use;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link RateLimiter} does. */
public abstract class RateLimiterContract extends StoreContract {

    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final int MOST = 10;
    private static final Allowance SCARCE = new Allowance("something scarce", MOST, Duration.ofHours(1));

    private Subject subject;
    private Attempt attempt;

    protected abstract RateLimiter store();

    /** The same store, seen from another node. */
    protected abstract RateLimiter otherNode();

    private RateLimiter anyNode(int number) {
        return number % 2 == 0 ? store() : otherNode();
    }

    @BeforeEach
    void anyoneAnywhere() {
        subject = new Subject(given.id(), "Somebody");
        attempt = new Attempt(Door.PASSWORD, given.id(), given.id());
    }

    private AuditEvent event(AuditType type) {
        return given.event(subject, type);
    }

    private Admission admit(RateLimiter limiter, Attempt attempt) {
        return limiter.admit(attempt, () -> event(AuditType.THROTTLED));
    }

    private Admission admit(Attempt attempt) {
        return rig().call(() -> admit(store(), attempt));
    }

    private Admitted admitted(Attempt attempt) {
        return assertInstanceOf(Admitted.class, admit(attempt));
    }

    private void assertDelayed(Duration remaining, Attempt attempt) {
        assertEquals(new Delayed(remaining), admit(attempt));
    }

    private Admitted failed(Attempt attempt) {
        Admitted admitted = admitted(attempt);
        rig().call(() -> {
            store().failed(admitted, List.of());
            return true;
        });
        return admitted;
    }

    private void failed(Attempt attempt, int times) {
        for (int i = 0; i < times; i++) {
            failed(attempt);
        }
    }

    private void succeeded(Attempt attempt) {
        Admitted admitted = admitted(attempt);
        store().succeeded(admitted);
        rig().settle();
    }

    private Attempt at(Door door) {
        return new Attempt(door, attempt.name(), attempt.network());
    }

    private Attempt anotherName() {
        return new Attempt(attempt.door(), given.id(), attempt.network());
    }

    private static long admissions(List<Admission> answers) {
        return answers.stream().filter(Admitted.class::isInstance).count();
    }

    @Test
    void aFewFailuresCostNothingAndThenEachDoublesTheWait() {
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        for (long seconds : List.of(1, 2, 4, 8)) {
            assertDelayed(Duration.ofSeconds(seconds), attempt);
            rig().clock().advance(Duration.ofSeconds(seconds).minusMillis(1));
            assertDelayed(Duration.ofMillis(1), attempt);
            rig().clock().advance(Duration.ofMillis(1));
            failed(attempt);
        }
    }

    @Test
    void noWaitIsLongerThanAQuarterOfAnHour() {
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        for (int i = 0; i < 15; i++) {
            rig().clock().advance(Duration.ofMinutes(15));
            failed(attempt);
        }
        assertDelayed(Duration.ofMinutes(15), attempt);
    }

    @Test
    void delaysHoldOnEveryNode() {
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        assertEquals(new Delayed(ONE_SECOND), rig().call(() -> admit(otherNode(), attempt)));
    }

    @Test
    void anotherNetworkAnotherNameAndAnotherDoorAreNotDelayed() {
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        assertDelayed(ONE_SECOND, attempt);
        assertEquals(
                1,
                admitted(new Attempt(attempt.door(), attempt.name(), given.id()))
                        .failures());
        assertEquals(1, admitted(anotherName()).failures());
        assertEquals(1, admitted(at(Door.SECOND_FACTOR)).failures());
    }

    @Test
    void anAttemptWhoseEndIsNeverToldCounts() {
        for (int i = 1; i <= DelayRules.FREE_FOR_PAIR; i++) {
            assertEquals(i, admitted(attempt).failures());
        }
        assertDelayed(ONE_SECOND, attempt);
        rig().clock().advance(ONE_SECOND);
        admitted(attempt);
        assertDelayed(Duration.ofSeconds(2), attempt);
    }

    @Test
    void manyAtOnceAreNoMoreTriesThanOneAfterTheOther() {
        assertEquals(DelayRules.FREE_FOR_PAIR, admissions(rig().atOnce(MANY, i -> admit(anyNode(i), attempt))));
        for (int i = 0; i < 3; i++) {
            rig().clock().advance(Duration.ofMinutes(15));
            assertEquals(1, admissions(rig().atOnce(MANY, n -> admit(anyNode(n), attempt))), "after a wait");
        }
    }

    @Test
    void aSuccessStartsThePairAfresh() {
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        rig().clock().advance(ONE_SECOND);
        succeeded(attempt);
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        assertDelayed(ONE_SECOND, attempt);
    }

    @Test
    void aSuccessIsWrittenAsSoonAsTheStoreIsBack() {
        failed(attempt, DelayRules.FREE_FOR_PAIR - 1);
        Admitted last = admitted(attempt);
        rig().storeLeaves();
        store().succeeded(last);
        rig().settle();
        rig().storeReturns();
        rig().settle();
        assertEquals(1, admitted(attempt).failures());
    }

    @Test
    void aWithdrawnAttemptDoesNotCount() {
        for (int i = 0; i < 3 * DelayRules.FREE_FOR_PAIR; i++) {
            Admitted admitted = admitted(attempt);
            assertEquals(1, admitted.failures());
            store().withdrawn(admitted);
            rig().settle();
        }
    }

    @Test
    void aWithdrawnAttemptTakesNoOtherWithIt() {
        Admitted first = admitted(attempt);
        rig().clock().advance(Duration.ofMillis(1));
        admitted(attempt);
        store().withdrawn(first);
        store().withdrawn(first);
        rig().settle();
        assertEquals(3, admitted(attempt).failures());
    }

    @Test
    void aPairsFailuresAreForgottenAfterADay() {
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        rig().clock().advance(DelayRules.FORGET_PAIR_AFTER);
        assertEquals(1, admitted(attempt).failures());
        Attempt few = anotherName();
        failed(few, 2);
        rig().clock().advance(DelayRules.FORGET_PAIR_AFTER);
        sweepLater();
        assertEquals(1, admitted(few).failures());
    }

    @Test
    void failuresOfOneNetworkDelayItForEveryName() {
        for (int i = 0; i < DelayRules.FREE_FOR_NETWORK; i++) {
            failed(anotherName());
        }
        Attempt innocent = anotherName();
        assertDelayed(ONE_SECOND, innocent);
        assertEquals(
                1,
                admitted(new Attempt(attempt.door(), innocent.name(), given.id()))
                        .failures(),
                "another network");
        admitted(new Attempt(Door.SECOND_FACTOR, innocent.name(), attempt.network()));
        rig().settle();
        rig().clock().advance(ONE_SECOND);
        assertEquals(1, failed(innocent).failures(), "what the network was refused for does not count for the pair");
        assertDelayed(Duration.ofSeconds(2), anotherName());
        rig().clock().advance(DelayRules.FORGET_NETWORK_AFTER);
        failed(anotherName());
        admitted(anotherName());
    }

    @Test
    void aDelayedNetworkIsAdmittedOneAtATime() {
        rig().atOnce(DelayRules.FREE_FOR_NETWORK, i -> {
            Attempt other = anotherName();
            anyNode(i).failed((Admitted) admit(anyNode(i), other), List.of());
            return true;
        });
        rig().clock().advance(ONE_SECOND);
        List<Attempt> names = Collections.nCopies(MANY, attempt).stream()
                .map(_ -> anotherName())
                .toList();
        assertEquals(1, admissions(rig().atOnce(MANY, i -> admit(anyNode(i), names.get(i)))));
    }

    @Test
    void aRefusalIsToldOnlyWhereTheAttemptWasNotAdmitted() {
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        assertTold(subject.accountId());
        failed(attempt);
        AuditEvent refusal = event(AuditType.THROTTLED);
        rig().call(() -> store().admit(attempt, () -> refusal));
        assertTold(subject.accountId(), refusal);
    }

    @Test
    void whatFailedIsToldOnce() {
        Admitted admitted = admitted(attempt);
        AuditEvent refused = event(AuditType.PASSWORD_REFUSED);
        rig().call(() -> {
            store().failed(admitted, List.of(refused));
            return true;
        });
        assertTold(subject.accountId(), refused);
    }

    @Test
    void aFloodOfRefusalsWhileTheBrokerIsAwayIsCountedAndNoneIsLost() {
        failed(attempt, DelayRules.FREE_FOR_PAIR);
        rig().brokerLeaves();
        rig().atOnce(2 * MANY, i -> admit(anyNode(i), attempt));
        rig().brokerReturns();
        sweepLater();
        List<EventRecord> told = rig().arrived(subject.accountId());
        assertEquals(
                2 * MANY, told.stream().mapToInt(RateLimiterContract::count).sum());
        assertTrue(told.size() < MANY / 2, "told in " + told.size() + " events");
    }

    @Test
    void aPlaceIsKnownAfterTheSecondDoorForAMonthAndWhateverFailsThere() {
        Attempt second = at(Door.SECOND_FACTOR);
        succeeded(attempt);
        assertFalse(knows(second));
        failed(second);
        assertFalse(knows(second));
        succeeded(second);
        assertTrue(knows(second));
        assertFalse(knows(new Attempt(Door.SECOND_FACTOR, attempt.name(), given.id())), "another network");
        rig().clock().advance(DelayRules.KNOWN_FOR.minusDays(5));
        failed(second);
        rig().clock().advance(Duration.ofDays(4));
        sweepLater();
        assertTrue(knows(second));
        rig().clock().advance(Duration.ofDays(1));
        assertFalse(knows(second));
    }

    private boolean knows(Attempt attempt) {
        return rig().call(() -> store().knows(attempt));
    }

    @Test
    void ofManyWhoSpendAtOnceNoMoreDoThanThereIs() {
        String network = given.id();
        List<Boolean> spent = rig().atOnce(MANY, i -> anyNode(i)
                .spend(SCARCE, network, use("for this"), List.of(event(AuditType.SIGN_UP_REFUSED))));
        assertEquals(MOST, Collections.frequency(spent, true));
        sweepLater();
        assertEquals(MOST, rig().arrived(subject.accountId()).size());
    }

    @Test
    void anAllowanceIsForAnyHour() {
        String network = given.id();
        for (int i = 0; i < MOST; i++) {
            assertTrue(canSpend(network));
            assertTrue(spend(network));
            rig().clock().advance(Duration.ofMinutes(5));
        }
        assertFalse(canSpend(network));
        assertFalse(spend(network));
        assertTrue(canSpend(given.id()), "another network");
        rig().clock().advance(Duration.ofMinutes(10).minusMillis(1));
        assertFalse(canSpend(network));
        rig().clock().advance(Duration.ofMillis(1));
        assertTrue(canSpend(network));
        assertTrue(spend(network));
        assertFalse(spend(network));
        rig().clock().advance(Duration.ofHours(1));
        sweepLater();
        assertTrue(spend(network));
    }

    private boolean canSpend(String network) {
        return rig().call(() -> store().canSpend(SCARCE, network));
    }

    private boolean spend(String network) {
        return spend(SCARCE, network, use("for this"));
    }

    private boolean spend(Allowance allowance, String who, Use use) {
        return rig().call(() -> store().spend(allowance, who, use, List.of()));
    }

    private Use use(String of) {
        return new Use(given.id(), of);
    }

    @Test
    void whatIsGivenBackCanBeSpentAgain() {
        String who = given.id();
        Use first = use("a challenge");
        assertTrue(spend(SCARCE, who, first));
        for (int i = 1; i < MOST; i++) {
            assertTrue(spend(who));
        }
        assertFalse(spend(who));
        store().giveBack(SCARCE, who, first);
        store().giveBack(SCARCE, given.id(), use("nothing that was spent"));
        rig().settle();
        assertTrue(canSpend(who));
        assertTrue(spend(who));
        assertFalse(spend(who), "one was given back and no more");
        store().giveBack(SCARCE, who, first);
        rig().settle();
        assertFalse(canSpend(who), "twice given back is once");
    }

    @Test
    void whatBelongsTogetherIsGivenBackTogether() {
        String who = given.id();
        for (int i = 0; i < MOST; i++) {
            assertTrue(spend(SCARCE, who, use(i < 4 ? "a challenge" : "another")));
        }
        rig().call(() -> {
            otherNode().giveBackAll(SCARCE, who, "a challenge");
            return true;
        });
        rig().settle();
        for (int i = 0; i < 4; i++) {
            assertTrue(spend(who));
        }
        assertFalse(spend(who));
    }

    @Test
    void givingAllBackLeavesAFullAllowance() {
        String who = given.id();
        assertTrue(spend(SCARCE, who, use("a challenge")));
        store().giveBackAll(SCARCE, who, "a challenge");
        rig().settle();
        for (int i = 0; i < MOST; i++) {
            assertTrue(spend(who));
        }
        assertFalse(spend(who));
    }

    @Test
    void allowancesOfOneNameAreOneAndOthersAreApart() {
        String who = given.id();
        Allowance other = new Allowance("something else", 1, Duration.ofHours(24));
        assertTrue(spend(other, who, use("a challenge")));
        assertFalse(spend(other, who, use("a challenge")));
        assertTrue(spend(who));
        rig().clock().advance(Duration.ofHours(24).minusMillis(1));
        sweepLater();
        assertTrue(spend(other, who, use("a challenge")), "a day has passed meanwhile");
    }

    @Test
    void nobodyIsAdmittedWhileTheStoreIsGone() {
        Admitted admitted = admitted(attempt);
        assertEachSaysThatTheStoreIsGone(List.of(
                () -> admit(store(), attempt),
                () -> store().failed(admitted, List.of()),
                () -> store().failed(admitted, List.of(event(AuditType.PASSWORD_REFUSED))),
                () -> store().knows(attempt),
                () -> store().canSpend(SCARCE, "a network"),
                () -> store().spend(SCARCE, "a network", use("for this"), List.of())));
    }
}
