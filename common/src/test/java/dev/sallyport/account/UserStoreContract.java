package dev.sallyport.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.FactorType;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditType;
import dev.sallyport.event.EventRecord;
import dev.sallyport.testing.StoreContract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link UserStore} does. */
public abstract class UserStoreContract extends StoreContract {

    private static final Set<FactorType> BOTH = Set.of(FactorType.APP, FactorType.PHONE);

    protected abstract UserStore store();

    /** The same store, seen from another node. */
    protected abstract UserStore otherNode();

    private UserStore anyNode(int number) {
        return number % 2 == 0 ? store() : otherNode();
    }

    private Account created(Account account) {
        assertTrue(rig().call(() -> store().create(account, List.of())));
        return account;
    }

    private Optional<Account> read(Account account) {
        return rig().call(() -> store().find(account.id()));
    }

    private Optional<Account> update(Account account, Function<Account, Optional<Account>> change) {
        return rig().call(() -> store().update(account.id(), change, List.of()));
    }

    @Test
    void anAccountIsFoundByItsIdAndByItsFoldedName() {
        Account account = created(given.wellProtected()
                .withPendingApp(Optional.of(new Account.PendingApp(
                        given.app().secret(), "a session", rig().clock().instant()))));
        assertEquals(Optional.of(account), read(account));
        assertEquals(Optional.of(account), rig().call(() -> store().find(
                        account.username().folded())));
        assertEquals(Optional.empty(), rig().call(() -> store().find(
                        account.username().folded() + "x")));
        assertEquals(Optional.empty(), read(given.account()));
    }

    @Test
    void whatOneNodeWroteAnotherReadsAtOnce() {
        for (int i = 0; i < 20; i++) {
            Account account = created(given.account());
            assertEquals(Optional.of(account), rig().call(() -> otherNode().find(account.id())));
        }
    }

    @Test
    void aTakenNameIsRefusedAndNothingIsWritten() {
        Account owner = created(given.account());
        Account second = new Account(
                given.account().id(),
                owner.username(),
                "another hash",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                owner.createdAt(),
                false);
        AuditEvent event = given.event(second, AuditType.ACCOUNT_CREATED);
        assertFalse(rig().call(() -> store().create(second, List.of(event))));
        assertEquals(Optional.empty(), read(second));
        assertEquals(Optional.of(owner), read(owner));
        assertTold(second.id().value());
    }

    @Test
    void ofManySignUpsAtOnceForOneNameOneMakesTheAccount() {
        Username name = given.name();
        List<Account> all = Stream.generate(given::account)
                .limit(MANY)
                .map(account -> new Account(
                        account.id(),
                        name,
                        "a hash",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        account.createdAt(),
                        false))
                .toList();
        List<AuditEvent> events = all.stream()
                .map(account -> given.event(account, AuditType.ACCOUNT_CREATED))
                .toList();
        List<Boolean> made = rig().atOnce(MANY, i -> anyNode(i).create(all.get(i), List.of(events.get(i))));
        assertEquals(1, Collections.frequency(made, true));
        int winner = made.indexOf(true);
        assertEquals(Optional.of(all.get(winner)), rig().call(() -> store().find(name.folded())));
        assertTold(all.get(winner).id().value(), events.get(winner));
        int loser = winner == 0 ? 1 : 0;
        assertTold(all.get(loser).id().value());
    }

    @Test
    void aChangeStandsAndPartsThatItTakesAwayAreGone() {
        Account account = created(given.wellProtected());
        Account changed = account.withApp(Optional.empty()).withPasswordHash("a new hash");
        assertEquals(Optional.of(changed), update(account, _ -> Optional.of(changed)));
        assertEquals(Optional.of(changed), read(account));
    }

    @Test
    void aRefusedChangeWritesNothing() {
        Account account = created(given.account());
        AuditEvent event = given.event(account, AuditType.PASSWORD_UPGRADED);
        assertEquals(Optional.empty(), rig().call(() -> store().update(
                        account.id(), _ -> Optional.empty(), List.of(event))));
        assertEquals(Optional.of(account), read(account));
        assertTold(account.id().value());
    }

    @Test
    void anAccountThatIsGoneIsNotChanged() {
        assertEquals(Optional.empty(), update(given.account(), Optional::of));
    }

    @Test
    void manyWritersLoseNothing() {
        Account account = created(given.account().withPasswordHash("0"));
        Function<Account, Optional<Account>> oneMore =
                stored -> Optional.of(stored.withPasswordHash("" + (Integer.parseInt(stored.passwordHash()) + 1)));
        rig().atOnce(40, i -> anyNode(i).update(account.id(), oneMore, List.of()));
        assertEquals("40", read(account).orElseThrow().passwordHash());
    }

    @Test
    void aChangeIsMadeAnewFromWhatAnotherWroteMeanwhile() {
        Account account = created(given.wellProtected());
        AtomicInteger calls = new AtomicInteger();
        Account after = rig().call(() -> store().update(
                                account.id(),
                                stored -> {
                                    if (calls.getAndIncrement() == 0) {
                                        otherNode()
                                                .update(
                                                        account.id(),
                                                        other -> Optional.of(other.withPasswordHash("theirs")),
                                                        List.of());
                                        otherNode().countWrongCode(account.id(), BOTH);
                                    }
                                    return Optional.of(stored.withPendingApp(Optional.empty()));
                                },
                                List.of()))
                .orElseThrow();
        assertEquals(2, calls.get());
        assertEquals("theirs", after.passwordHash());
        assertEquals(1, after.app().orElseThrow().wrongCodes());
        assertEquals(Optional.of(after), read(account));
    }

    @Test
    void eachStepOfTheAppIsUsedOnceAndNoneAfterALaterOne() {
        Account account = created(given.wellProtected());
        assertTrue(consumed(account, 7));
        assertFalse(consumed(account, 7));
        assertFalse(consumed(account, 6));
        assertTrue(consumed(account, 8));
        assertEquals(8, read(account).orElseThrow().app().orElseThrow().lastStep());
    }

    private boolean consumed(Account account, long step) {
        return rig().call(() -> store().consumeAppStep(account.id(), step, false, List.of()));
    }

    @Test
    void ofManyWhoUseOneStepAtOnceOneDoes() {
        Account account = created(given.wellProtected());
        List<AuditEvent> events = Stream.generate(() -> given.event(account, AuditType.SECOND_FACTOR_ACCEPTED))
                .limit(MANY)
                .toList();
        List<Boolean> used =
                rig().atOnce(MANY, i -> anyNode(i).consumeAppStep(account.id(), 7, false, List.of(events.get(i))));
        assertEquals(1, Collections.frequency(used, true));
        assertTold(account.id().value(), events.get(used.indexOf(true)));
    }

    @Test
    void manyStepsAtOnceLeaveTheNewest() {
        Account account = created(given.wellProtected());
        List<Boolean> used = rig().atOnce(MANY, i -> anyNode(i).consumeAppStep(account.id(), i + 1L, false, List.of()));
        assertTrue(used.getLast(), "nothing is newer than the newest");
        assertEquals(MANY, read(account).orElseThrow().app().orElseThrow().lastStep());
    }

    @Test
    void withoutAnAppThereIsNoStepToUse() {
        assertFalse(consumed(created(given.account()), 7));
        assertFalse(consumed(given.account(), 7));
    }

    @Test
    void aUsedStepForgetsTheAppsWrongCodesAndNoOthers() {
        Account account = created(given.wellProtected());
        rig().call(() -> store().countWrongCode(account.id(), BOTH));
        assertTrue(consumed(account, 7));
        Account after = read(account).orElseThrow();
        assertEquals(0, after.app().orElseThrow().wrongCodes());
        assertEquals(1, after.phone().orElseThrow().wrongCodes());
    }

    @Test
    void everyWrongCodeCounts() {
        Account account = created(given.wellProtected());
        List<Integer> counts =
                rig()
                        .atOnce(MANY, i -> anyNode(i)
                                .countWrongCode(account.id(), BOTH)
                                .orElseThrow())
                        .stream()
                        .map(counted -> counted.phone().orElseThrow().wrongCodes())
                        .toList();
        assertEquals(MANY, new HashSet<>(counts).size(), "each is told its own count");
        Account after = read(account).orElseThrow();
        assertEquals(MANY, after.app().orElseThrow().wrongCodes());
        assertEquals(MANY, after.phone().orElseThrow().wrongCodes());
    }

    @Test
    void aWrongCodeCountsAgainstTheFactorsThatAreLeft() {
        Account account = created(given.wellProtected().withApp(Optional.empty()));
        Account counted =
                rig().call(() -> store().countWrongCode(account.id(), BOTH)).orElseThrow();
        assertEquals(1, counted.phone().orElseThrow().wrongCodes());
        assertEquals(Optional.empty(), counted.app());
        Account bare = created(given.account());
        assertEquals(Optional.of(bare), rig().call(() -> store().countWrongCode(bare.id(), BOTH)));
        assertEquals(Optional.empty(), rig().call(() -> store().countWrongCode(
                        given.account().id(), BOTH)));
    }

    @Test
    void wrongCodesOfThePhoneAreForgottenAndNoOthers() {
        Account account = created(given.wellProtected());
        rig().call(() -> store().countWrongCode(account.id(), BOTH));
        assertTrue(rig().call(() -> store().acceptPhone(account.id())));
        Account after = read(account).orElseThrow();
        assertEquals(0, after.phone().orElseThrow().wrongCodes());
        assertEquals(1, after.app().orElseThrow().wrongCodes());
    }

    @Test
    void afterAHundredWrongCodesNoRightOneCountsAnyMore() {
        Account account = created(given.wellProtected());
        rig().atOnce(Account.MAX_WRONG_CODES, i -> anyNode(i).countWrongCode(account.id(), BOTH));
        assertFalse(rig().call(() -> store().acceptPhone(account.id())));
        assertFalse(consumed(account, 8));
        assertTrue(rig().call(() -> store().consumeAppStep(account.id(), 8, true, List.of())));
        Account after = read(account).orElseThrow();
        assertTrue(after.phone().orElseThrow().disabled());
        assertFalse(after.app().orElseThrow().closedToStrangers());
    }

    @Test
    void eventsOfEachKindOfWriteAreToldOnceAndInOrder() {
        Account account = given.wellProtected();
        AuditEvent created = given.event(account, AuditType.ACCOUNT_CREATED);
        AuditEvent consented = given.event(account, AuditType.SMS_CONSENTED);
        AuditEvent upgraded = given.event(account, AuditType.PASSWORD_UPGRADED);
        AuditEvent accepted = given.event(account, AuditType.SECOND_FACTOR_ACCEPTED);
        AuditEvent refused = given.event(account, AuditType.FACTOR_REFUSED);
        rig().call(() -> {
            store().create(account, List.of(created, consented));
            store().update(account.id(), Optional::of, List.of(upgraded));
            store().consumeAppStep(account.id(), 7, false, List.of(accepted));
            store().note(account.id(), List.of(refused));
            return true;
        });
        assertTold(account.id().value(), created, consented, upgraded, accepted, refused);
    }

    @Test
    void eventsOfManyWritersAtOnceAreToldOnceEach() {
        Account account = created(given.account());
        List<AuditEvent> events = Stream.generate(() -> given.event(account, AuditType.FACTOR_BOUND))
                .limit(MANY)
                .toList();
        rig().atOnce(MANY, i -> {
            anyNode(i).note(account.id(), List.of(events.get(i)));
            return true;
        });
        sweepLater();
        List<String> told = rig().arrived(account.id().value()).stream()
                .map(EventRecord::id)
                .toList();
        assertEquals(MANY, told.size());
        assertEquals(Set.copyOf(events.stream().map(AuditEvent::id).toList()), Set.copyOf(told));
    }

    @Test
    void whatIsNotedAboutAnAccountThatIsGoneIsToldAllTheSame() {
        Account gone = given.account();
        AuditEvent refused = given.event(gone, AuditType.FACTOR_REFUSED);
        AuditEvent bound = given.event(gone, AuditType.FACTOR_BOUND);
        rig().call(() -> {
            store().note(gone.id(), List.of(refused));
            store().note(gone.id(), List.of(bound));
            return true;
        });
        assertTold(gone.id().value(), refused, bound);
        assertEquals(Optional.empty(), read(gone));
    }

    @Test
    void whileTheBrokerIsAwayEventsWaitAndLaterAreToldInOrder() {
        Account account = given.wellProtected();
        AuditEvent created = given.event(account, AuditType.ACCOUNT_CREATED);
        AuditEvent accepted = given.event(account, AuditType.SECOND_FACTOR_ACCEPTED);
        AuditEvent bound = given.event(account, AuditType.FACTOR_BOUND);
        rig().brokerLeaves();
        assertTrue(rig().call(() -> store().create(account, List.of(created))));
        assertTrue(rig().call(() -> store().consumeAppStep(account.id(), 7, false, List.of(accepted))));
        assertTold(account.id().value());
        rig().brokerReturns();
        rig().call(() -> store().update(account.id(), Optional::of, List.of(bound)));
        assertTold(account.id().value(), created, accepted, bound);
    }

    @Test
    void nothingIsLostHoweverMuchHappensWhileTheBrokerIsAway() {
        Account account = created(given.account());
        List<AuditEvent> events = new ArrayList<>();
        rig().brokerLeaves();
        for (int i = 0; i < 3; i++) {
            List<AuditEvent> more = Stream.generate(() -> given.event(account, AuditType.FACTOR_BOUND))
                    .limit(45)
                    .toList();
            events.addAll(more);
            rig().atOnce(45, n -> anyNode(n).update(account.id(), Optional::of, List.of(more.get(n))));
            sweepLater();
        }
        rig().brokerReturns();
        sweepLater();
        Set<String> told = new HashSet<>();
        rig().arrived(account.id().value()).forEach(event -> told.add(event.id()));
        assertEquals(Set.copyOf(events.stream().map(AuditEvent::id).toList()), told);
    }

    @Test
    void refusalsThatRepeatWhileTheBrokerIsAwayAreCountedAndNoneIsLost() {
        Account account = created(given.account());
        rig().brokerLeaves();
        rig().atOnce(MANY, i -> {
            anyNode(i).note(account.id(), List.of(given.event(account, AuditType.FACTOR_REFUSED)));
            return true;
        });
        rig().brokerReturns();
        sweepLater();
        sweepLater();
        List<EventRecord> told = rig().arrived(account.id().value());
        assertEquals(MANY, told.stream().mapToInt(UserStoreContract::count).sum());
        assertTrue(told.size() < MANY / 2, "told in " + told.size() + " events");
        assertEquals(told.size(), told.stream().map(EventRecord::id).distinct().count(), "what is told never changes");
    }

    @Test
    void eachCallSaysThatTheStoreIsGone() {
        Account account = created(given.wellProtected());
        AccountId id = account.id();
        assertEachSaysThatTheStoreIsGone(List.of(
                () -> store().create(given.account(), List.of()),
                () -> store().find(id),
                () -> store().find(account.username().folded()),
                () -> store().update(id, Optional::of, List.of()),
                () -> store().consumeAppStep(id, 7, false, List.of()),
                () -> store().countWrongCode(id, BOTH),
                () -> store().note(id, List.of(given.event(account, AuditType.FACTOR_BOUND))),
                () -> store().acceptPhone(id)));
        rig().storeReturns();
        assertEquals(Optional.of(account), read(account));
    }
}
