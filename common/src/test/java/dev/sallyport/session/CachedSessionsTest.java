package dev.sallyport.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.session.CachedSessions.Recalled;
import dev.sallyport.session.Session.Proof;
import dev.sallyport.testing.Given;
import dev.sallyport.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node remembers, over a store in memory that counts how often it is asked. */
class CachedSessionsTest {

    private static final Duration SHORT = CachedSessions.REMEMBERED.minusMillis(1);

    /** As another node writes to it, behind the back of the one under test. */
    private static final class Store implements Sessions {

        private final Map<String, Session> live = new HashMap<>();
        private final Set<String> passes = new HashSet<>();
        private int reads;
        private boolean away;
        private Runnable whileReading = () -> {};

        @Override
        public void open(Session session, OpaqueToken token, List<AuditEvent> events) {
            live.put(token.hash(), session);
        }

        @Override
        public Optional<Session> find(OpaqueToken token) {
            if (away) {
                throw new StoreUnavailable(null);
            }
            reads++;
            Optional<Session> found = Optional.ofNullable(live.get(token.hash()));
            whileReading.run();
            return found;
        }

        @Override
        public List<Session> of(AccountId account) {
            return live.values().stream()
                    .filter(session -> session.account().equals(account))
                    .toList();
        }

        @Override
        public boolean renew(Session session, OpaqueToken next, List<AuditEvent> events) {
            boolean there = end(session.handle(), events);
            if (there) {
                live.put(next.hash(), session);
            }
            return there;
        }

        @Override
        public boolean end(String handle, List<AuditEvent> events) {
            return live.values().removeIf(session -> session.handle().equals(handle));
        }

        @Override
        public boolean issue(Ticket ticket) {
            return ofHandle(ticket.pass()).isPresent();
        }

        /** Whatever the ticket. */
        @Override
        public Optional<String> admit(Pass ticket, String host, String nonceHash, Pass token) {
            passes.add(token.key(host));
            return Optional.of("/");
        }

        @Override
        public Optional<Session> find(Pass token, String host) {
            reads++;
            return ofHandle(token).filter(_ -> passes.contains(token.key(host)));
        }

        private Optional<Session> ofHandle(Pass pass) {
            return live.values().stream()
                    .filter(session -> session.handle().equals(pass.session()))
                    .findFirst();
        }

        @Override
        public boolean refuse(String handle, String rule, Instant since, AuditEvent event) {
            return false;
        }
    }

    private final MovableClock clock = new MovableClock(Instant.parse("2026-05-03T12:00:00Z"));
    private final Given given = new Given(clock);
    private final Store store = new Store();
    private final List<Session> told = new ArrayList<>();
    private long nanos;
    private final CachedSessions sessions = new CachedSessions(store, 100, clock, () -> nanos, told::add);
    private final OpaqueToken token = given.token();
    private final Session session = session();

    @BeforeEach
    void begin() {
        store.open(session, token, List.of());
        sessions.listening();
    }

    private Session session() {
        Instant now = clock.instant();
        return Session.start(
                given.id(),
                new Subject(given.id(), "Somebody"),
                List.of(new Proof(FactorType.PASSWORD, now)),
                now,
                now.plus(Duration.ofHours(12)),
                Given.VISITOR);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        clock.advance(time);
    }

    @Test
    void aSessionIsReadOnceInFiveSeconds() {
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.of(session), sessions.find(token));
        }
        pass(SHORT);
        assertEquals(Optional.of(session), sessions.find(token));
        assertEquals(1, store.reads);
        pass(Duration.ofMillis(1));
        assertEquals(Optional.of(session), sessions.find(token));
        assertEquals(2, store.reads);
    }

    @Test
    void whatIsRememberedIsToldWithoutAskingTheStore() {
        assertEquals(Optional.empty(), sessions.recall(token));
        sessions.find(token);
        store.away = true;
        assertEquals(Optional.of(new Recalled(Optional.of(session))), sessions.recall(token));
    }

    @Test
    void aTokenThatOpensNothingIsRememberedAsWell() {
        OpaqueToken guess = given.token();
        assertEquals(Optional.empty(), sessions.find(guess));
        assertEquals(Optional.empty(), sessions.find(guess));
        assertEquals(Optional.of(new Recalled(Optional.empty())), sessions.recall(guess));
        assertEquals(1, store.reads);
    }

    @Test
    void whatEndsElsewhereIsOverHereOnceThatIsHeard() {
        sessions.find(token);
        store.end(session.handle(), List.of());
        assertTrue(sessions.find(token).isPresent(), "nothing was heard yet");
        sessions.changed(session.handle());
        assertEquals(Optional.empty(), sessions.find(token));
    }

    @Test
    void whatEndsElsewhereIsOverHereAfterFiveSecondsIfNothingIsHeard() {
        sessions.find(token);
        store.end(session.handle(), List.of());
        pass(CachedSessions.REMEMBERED);
        assertEquals(Optional.empty(), sessions.find(token));
    }

    @Test
    void aSlowReadBringsNothingBack() {
        store.whileReading = () -> {
            store.whileReading = () -> {};
            store.end(session.handle(), List.of());
            sessions.changed(session.handle());
        };
        assertEquals(Optional.empty(), sessions.find(token));
        assertEquals(Optional.empty(), sessions.find(token));
    }

    @Test
    void newsThatArriveDuringEveryReadDoNotHoldUpAnybody() {
        store.whileReading = () -> sessions.changed(session.handle());
        assertEquals(Optional.of(session), sessions.find(token));
        assertEquals(2, store.reads);
        assertEquals(Optional.empty(), sessions.recall(token), "doubtful, so not remembered");
    }

    @Test
    void newsOfOneSessionTouchNoOther() {
        sessions.find(token);
        sessions.changed(given.id());
        sessions.find(token);
        assertEquals(1, store.reads);
    }

    @Test
    void newsFromBeforeAReadDoNotMakeItDoubtful() {
        sessions.changed(session.handle());
        pass(Duration.ofMillis(1));
        sessions.find(token);
        sessions.find(token);
        assertEquals(1, store.reads);
    }

    @Test
    void nothingIsRememberedBeforeTheNodeHears() {
        CachedSessions deaf = new CachedSessions(store, 100, clock, () -> nanos, told::add);
        deaf.find(token);
        assertEquals(Optional.empty(), deaf.recall(token));
        deaf.listening();
        deaf.find(token);
        assertTrue(deaf.recall(token).isPresent());
    }

    @Test
    void whatEndsHereIsOverHereAtOnce() {
        sessions.find(token);
        assertTrue(sessions.end(session.handle(), List.of()));
        assertEquals(Optional.empty(), sessions.find(token));
    }

    @Test
    void aNewTokenReplacesTheOldOneHereAtOnce() {
        sessions.find(token);
        OpaqueToken next = given.token();
        assertTrue(sessions.renew(session, next, List.of()));
        assertEquals(Optional.empty(), sessions.find(token));
        assertEquals(Optional.of(session), sessions.find(next));
        assertEquals(List.of(session), told);
    }

    @Test
    void aSessionThatGetsNoNewTokenIsNotToldOf() {
        store.end(session.handle(), List.of());
        assertFalse(sessions.renew(session, given.token(), List.of()));
        assertEquals(List.of(), told);
    }

    @Test
    void aRememberedSessionEndsWhenItsTimeIsOver() {
        pass(Duration.ofHours(12).minusMillis(1));
        sessions.find(token);
        pass(Duration.ofMillis(1));
        assertEquals(Optional.of(new Recalled(Optional.empty())), sessions.recall(token));
    }

    @Test
    void nothingIsRememberedOverTheSleepOfAMachine() {
        sessions.find(token);
        clock.advance(CachedSessions.REMEMBERED);
        assertEquals(Optional.empty(), sessions.recall(token));
    }

    @Test
    void aStoreThatIsAwayIsToldOfOnceNothingIsRemembered() {
        sessions.find(token);
        store.away = true;
        assertTrue(sessions.find(token).isPresent());
        pass(CachedSessions.REMEMBERED);
        assertThrows(StoreUnavailable.class, () -> sessions.find(token));
        store.away = false;
        assertTrue(sessions.find(token).isPresent());
    }

    @Test
    void noMoreAreRememberedThanThereIsRoomFor() {
        for (int i = 0; i < 1_000; i++) {
            sessions.find(given.token());
        }
        assertTrue(sessions.remembered() <= 100, () -> sessions.remembered() + " are remembered");
    }

    @Test
    void aFloodOfNewsNeitherFillsTheMemoryNorKeepsAnythingLonger() {
        sessions.find(token);
        store.end(session.handle(), List.of());
        sessions.changed(session.handle());
        for (int i = 0; i < 10_000; i++) {
            sessions.changed(given.id());
        }
        pass(CachedSessions.REMEMBERED);
        assertEquals(Optional.empty(), sessions.find(token));
    }

    @Test
    void listsAreAskedOfTheStore() {
        assertEquals(List.of(session), sessions.of(session.account()));
    }

    @Test
    void aTokenOfAProtectedSiteIsRememberedForThatSiteAndGoesWithItsSession() {
        Pass pass = new Pass(session.handle(), given.token());
        sessions.admit(pass, "wiki.example.com", "nonce", pass);
        assertEquals(Optional.empty(), sessions.recall(pass, "wiki.example.com"));
        assertEquals(Optional.of(session), sessions.find(pass, "wiki.example.com"));
        assertEquals(Optional.of(session), sessions.find(pass, "wiki.example.com"));
        assertEquals(1, store.reads);
        assertEquals(Optional.of(new Recalled(Optional.of(session))), sessions.recall(pass, "wiki.example.com"));
        assertEquals(Optional.empty(), sessions.recall(pass, "shop.example.com"));
        sessions.end(session.handle(), List.of());
        assertEquals(Optional.empty(), sessions.find(pass, "wiki.example.com"));
    }
}
