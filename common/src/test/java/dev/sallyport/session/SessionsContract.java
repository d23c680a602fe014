package dev.sallyport.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditType;
import dev.sallyport.session.Session.Proof;
import dev.sallyport.testing.Given;
import dev.sallyport.testing.StoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link Sessions} does. */
public abstract class SessionsContract extends StoreContract {

    /** How long the stores under test let a session be idle. */
    protected static final Duration IDLE = Duration.ofMinutes(30);

    private static final Duration LONGEST = Duration.ofHours(12);
    private static final Duration TICKET = Duration.ofSeconds(30);

    private static final String WIKI = "wiki.example.com";
    private static final String NONCE = "the hash of a nonce";

    protected abstract Sessions store();

    /** The same store, seen from another node. */
    protected abstract Sessions otherNode();

    private Sessions anyNode(int number) {
        return number % 2 == 0 ? store() : otherNode();
    }

    private Session session() {
        return sessionOf(new Subject(given.id(), "Somebody"));
    }

    private Session sessionOf(Subject subject) {
        Instant now = rig().clock().instant();
        return Session.start(
                given.id(),
                subject,
                List.of(new Proof(FactorType.PASSWORD, now)),
                now,
                now.plus(LONGEST),
                Given.VISITOR);
    }

    private OpaqueToken opened(Session session, AuditEvent... events) {
        OpaqueToken token = given.token();
        rig().call(() -> {
            store().open(session, token, List.of(events));
            return true;
        });
        return token;
    }

    private Optional<Session> find(OpaqueToken token) {
        return rig().call(() -> store().find(token));
    }

    private boolean isLive(OpaqueToken token) {
        return find(token).isPresent();
    }

    private boolean renew(Session session, OpaqueToken next) {
        return rig().call(() -> store().renew(session, next, List.of()));
    }

    private boolean end(Session session) {
        return rig().call(() -> store().end(session.handle(), List.of()));
    }

    private Pass issued(Session session) {
        Pass pass = new Pass(session.handle(), given.token());
        assertTrue(issue(pass));
        return pass;
    }

    private boolean issue(Pass pass) {
        Instant expiresAt = rig().clock().instant().plus(TICKET);
        return rig().call(() -> store().issue(new Ticket(pass, WIKI, NONCE, "/page?a=b", expiresAt)));
    }

    private Optional<String> admit(Pass ticket, String host, String nonceHash, Pass token) {
        return rig().call(() -> store().admit(ticket, host, nonceHash, token));
    }

    /** A token of a site, for a ticket that is issued and shown as it should be. */
    private Pass entered(Session session) {
        Pass token = new Pass(session.handle(), given.token());
        assertEquals(Optional.of("/page?a=b"), admit(issued(session), WIKI, NONCE, token));
        return token;
    }

    private Optional<Session> find(Pass token, String host) {
        return rig().call(() -> otherNode().find(token, host));
    }

    private AuditEvent event(Session session, AuditType type) {
        return given.event(session.subject(), type);
    }

    @Test
    void aSessionIsFoundByItsTokenAndByNoOther() {
        Session session = session();
        OpaqueToken token = opened(session);
        assertEquals(Optional.of(session), find(token));
        assertEquals(Optional.of(session), rig().call(() -> otherNode().find(token)));
        assertFalse(isLive(given.token()));
    }

    @Test
    void aSessionEndsWhenItsTimeIsOverHoweverBusyItIs() {
        Session session = session();
        OpaqueToken token = opened(session);
        for (int i = 0; i < 36; i++) {
            rig().clock().advance(Duration.ofMinutes(20).minusMillis(1));
            assertTrue(isLive(token), i + " times 20 minutes");
            rig().settle();
        }
        rig().clock().advance(Duration.ofSeconds(1));
        assertFalse(isLive(token));
        assertFalse(renew(session, given.token()));
    }

    @Test
    void aSessionThatIsNotSeenIsOverAfterAWhile() {
        OpaqueToken token = opened(session());
        rig().clock().advance(IDLE);
        assertFalse(isLive(token));
    }

    @Test
    void beingSeenIsWrittenAtMostAMinuteLate() {
        OpaqueToken token = opened(session());
        rig().clock().advance(Duration.ofMinutes(20));
        assertTrue(isLive(token));
        rig().settle();
        rig().clock().advance(IDLE.minus(Duration.ofMinutes(1)));
        assertTrue(isLive(token));
        assertTrue(rig().call(() -> otherNode().find(token)).isPresent());
    }

    @Test
    void aSessionThatIsSeenOutlivesEverySweep() {
        OpaqueToken token = opened(session());
        for (int i = 0; i < 5; i++) {
            rig().clock().advance(Duration.ofMinutes(25));
            assertTrue(isLive(token));
            sweepLater();
        }
        assertTrue(isLive(token));
    }

    @Test
    void aNewTokenReplacesTheOldOneTogetherWithTheProofs() {
        Session session = session();
        OpaqueToken old = opened(session);
        rig().clock().advance(Duration.ofMinutes(3));
        Session proven = session.proven(new Proof(FactorType.APP, rig().clock().instant()));
        OpaqueToken next = given.token();
        assertTrue(renew(proven, next));
        assertFalse(isLive(old));
        Session found = find(next).orElseThrow();
        assertEquals(proven.proofs(), found.proofs());
        assertEquals(2, found.aal());
        assertEquals(rig().clock().instant(), found.lastSeen());
    }

    @Test
    void aSessionThatHasEndedGetsNoNewToken() {
        Session ended = session();
        opened(ended);
        assertTrue(end(ended));
        OpaqueToken next = given.token();
        AuditEvent event = event(ended, AuditType.PASSWORD_ACCEPTED);
        assertFalse(rig().call(() -> store().renew(ended, next, List.of(event))));
        assertFalse(isLive(next));
        assertTold(ended.account().value());
        assertFalse(renew(session(), given.token()), "one that there never was");
    }

    @Test
    void aSessionThatWasIdleTooLongGetsNoNewToken() {
        Session session = session();
        OpaqueToken token = opened(session);
        rig().clock().advance(IDLE);
        assertFalse(renew(session, given.token()));
        assertFalse(isLive(token));
    }

    @Test
    void ofManyWhoEndItAtOnceOneDoes() {
        Session session = session();
        OpaqueToken token = opened(session);
        List<AuditEvent> events = Stream.generate(() -> event(session, AuditType.SIGNED_OUT))
                .limit(MANY)
                .toList();
        List<Boolean> ended = rig().atOnce(MANY, i -> anyNode(i).end(session.handle(), List.of(events.get(i))));
        assertEquals(1, Collections.frequency(ended, true));
        assertFalse(isLive(token));
        assertTold(session.account().value(), events.get(ended.indexOf(true)));
    }

    @Test
    void aSessionThatWasIdleTooLongCanStillBeEnded() {
        Session session = session();
        opened(session);
        rig().clock().advance(IDLE);
        assertTrue(end(session), "by another node's clock it may be alive");
        assertFalse(end(session));
    }

    @Test
    void noTokenSurvivesTheEndHoweverManyAreGivenAtThatMoment() {
        for (int round = 0; round < 5; round++) {
            Session session = session();
            OpaqueToken first = opened(session);
            List<OpaqueToken> next = Stream.generate(given::token).limit(20).toList();
            rig().atOnce(
                            21,
                            i -> i == 10
                                    ? store().end(session.handle(), List.of())
                                    : anyNode(i).renew(session, next.get(i % 20), List.of()));
            assertFalse(isLive(first));
            next.forEach(token -> assertFalse(isLive(token)));
        }
    }

    @Test
    void eventsOfEachKindOfWriteAreToldOnceAndInOrder() {
        Session session = session();
        AuditEvent password = event(session, AuditType.PASSWORD_ACCEPTED);
        AuditEvent signedIn = event(session, AuditType.SIGNED_IN);
        AuditEvent again = event(session, AuditType.PASSWORD_ACCEPTED);
        AuditEvent signedOut = event(session, AuditType.SIGNED_OUT);
        opened(session, password, signedIn);
        rig().call(() -> {
            store().renew(session, given.token(), List.of(again));
            store().end(session.handle(), List.of(signedOut));
            return true;
        });
        assertTold(session.account().value(), password, signedIn, again, signedOut);
    }

    @Test
    void aSessionThatIsOverKeepsItsEventsUntilTheyAreTold() {
        Session session = session();
        AuditEvent signedIn = event(session, AuditType.SIGNED_IN);
        AuditEvent signedOut = event(session, AuditType.SIGNED_OUT);
        rig().brokerLeaves();
        opened(session, signedIn);
        rig().call(() -> store().end(session.handle(), List.of(signedOut)));
        rig().clock().advance(LONGEST.multipliedBy(2));
        sweepLater();
        assertTold(session.account().value());
        rig().brokerReturns();
        assertTold(session.account().value(), signedIn, signedOut);
    }

    @Test
    void thePlacesOfAnAccountAreThoseWhereItIsSignedInNow() {
        Session first = session();
        Subject subject = first.subject();
        rig().clock().advance(Duration.ofSeconds(1));
        Session second = sessionOf(subject);
        rig().clock().advance(Duration.ofSeconds(1));
        Session ended = sessionOf(subject);
        opened(first);
        opened(second);
        opened(ended);
        opened(session());
        assertTrue(end(ended));
        assertEquals(List.of(second, first), rig().call(() -> otherNode().of(first.account())));
        rig().clock().advance(IDLE.minus(Duration.ofSeconds(2)));
        assertEquals(List.of(second), rig().call(() -> store().of(first.account())), "the first was idle too long");
        Session gone = session();
        opened(gone);
        end(gone);
        assertEquals(List.of(), rig().call(() -> store().of(gone.account())));
    }

    @Test
    void aTicketOpensItsSiteAndTheTokenIsThatSitesAlone() {
        Session session = session();
        opened(session);
        Pass token = entered(session);
        assertEquals(Optional.of(session), find(token, WIKI));
        assertEquals(Optional.empty(), find(token, "shop.example.com"));
        assertEquals(Optional.empty(), find(new Pass(session.handle(), given.token()), WIKI));
        assertEquals(Optional.empty(), find(new Pass(session().handle(), token.secret()), WIKI));
    }

    @Test
    void ofManyWhoShowOneTicketAtOnceOneIsLetIn() {
        Session session = session();
        opened(session);
        Pass ticket = issued(session);
        List<Pass> tokens = Stream.generate(() -> new Pass(session.handle(), given.token()))
                .limit(MANY)
                .toList();
        List<Optional<String>> admitted = rig().atOnce(MANY, i -> anyNode(i).admit(ticket, WIKI, NONCE, tokens.get(i)));
        assertEquals(MANY - 1, Collections.frequency(admitted, Optional.empty()));
        long live =
                tokens.stream().filter(token -> find(token, WIKI).isPresent()).count();
        assertEquals(1, live);
        assertEquals(Optional.empty(), admit(ticket, WIKI, NONCE, tokens.getFirst()));
    }

    @Test
    void aTicketIsWorthNothingAtAnotherSiteOrInAnotherBrowser() {
        Session session = session();
        opened(session);
        Pass ticket = issued(session);
        Pass token = new Pass(session.handle(), given.token());
        assertEquals(Optional.empty(), admit(ticket, "shop.example.com", NONCE, token));
        assertEquals(Optional.empty(), admit(ticket, WIKI, "another nonce", token));
        assertEquals(Optional.empty(), admit(new Pass(session.handle(), given.token()), WIKI, NONCE, token));
        assertEquals(Optional.empty(), find(token, WIKI));
        assertEquals(Optional.of("/page?a=b"), admit(ticket, WIKI, NONCE, token), "it was not used up by that");
    }

    @Test
    void aTicketExpires() {
        Session session = session();
        opened(session);
        Pass ticket = issued(session);
        Pass token = new Pass(session.handle(), given.token());
        rig().clock().advance(TICKET);
        assertEquals(Optional.empty(), admit(ticket, WIKI, NONCE, token));
        assertEquals(Optional.empty(), find(token, WIKI));
    }

    @Test
    void pagesThatAreOpenedAtOnceAllGetIn() {
        Session session = session();
        opened(session);
        List<Pass> tickets = Stream.generate(() -> issued(session)).limit(8).toList();
        List<Pass> tokens = Stream.generate(() -> new Pass(session.handle(), given.token()))
                .limit(8)
                .toList();
        rig().atOnce(8, i -> anyNode(i).admit(tickets.get(i), WIKI, NONCE, tokens.get(i)))
                .forEach(admitted -> assertTrue(admitted.isPresent()));
        tokens.forEach(token -> assertTrue(find(token, WIKI).isPresent()));
    }

    @Test
    void ofManyTokensOfOneSiteTheOldestGoes() {
        Session session = session();
        opened(session);
        Pass first = entered(session);
        List<Pass> more = Stream.generate(() -> entered(session)).limit(20).toList();
        assertEquals(Optional.empty(), find(first, WIKI));
        more.forEach(token -> assertTrue(find(token, WIKI).isPresent()));
    }

    @Test
    void whenASessionEndsItsTicketsAndTheTokensOfItsSitesDoToo() {
        Session session = session();
        opened(session);
        Pass token = entered(session);
        Pass ticket = issued(session);
        assertTrue(end(session));
        assertEquals(Optional.empty(), find(token, WIKI));
        assertEquals(Optional.empty(), admit(ticket, WIKI, NONCE, new Pass(session.handle(), given.token())));
        assertFalse(issue(new Pass(session.handle(), given.token())));
    }

    @Test
    void noTokenOfASiteSurvivesTheEndHoweverManyAreGivenAtThatMoment() {
        for (int round = 0; round < 5; round++) {
            Session session = session();
            opened(session);
            List<Pass> tickets =
                    Stream.generate(() -> issued(session)).limit(20).toList();
            List<Pass> tokens = Stream.generate(() -> new Pass(session.handle(), given.token()))
                    .limit(20)
                    .toList();
            rig().atOnce(
                            21,
                            i -> i == 10
                                    ? store().end(session.handle(), List.of())
                                    : anyNode(i)
                                            .admit(tickets.get(i % 20), WIKI, NONCE, tokens.get(i % 20))
                                            .isPresent());
            tokens.forEach(token -> assertEquals(Optional.empty(), find(token, WIKI)));
        }
    }

    @Test
    void aNewTokenOfTheSessionLeavesThoseOfItsSites() {
        Session session = session();
        opened(session);
        Pass token = entered(session);
        Session proven = session.proven(new Proof(FactorType.APP, rig().clock().instant()));
        assertTrue(renew(proven, given.token()));
        assertEquals(2, find(token, WIKI).orElseThrow().aal());
    }

    @Test
    void beingSeenAtASiteKeepsASessionAliveAndItsEndHoldsThereToo() {
        Session session = session();
        OpaqueToken own = opened(session);
        Pass token = entered(session);
        for (int i = 0; i < 3; i++) {
            rig().clock().advance(IDLE.minus(Duration.ofMinutes(2)));
            assertTrue(find(token, WIKI).isPresent());
            rig().settle();
        }
        assertTrue(isLive(own));
        rig().clock().advance(IDLE);
        assertEquals(Optional.empty(), find(token, WIKI));
        assertFalse(issue(new Pass(session.handle(), given.token())));
    }

    @Test
    void aRefusalIsToldOnceInAWhileForEachRule() {
        Session session = session();
        opened(session);
        List<AuditEvent> events = Stream.generate(() -> event(session, AuditType.ACCESS_REFUSED))
                .limit(MANY)
                .toList();
        Instant since = rig().clock().instant().minus(Duration.ofMinutes(1));
        List<Boolean> noted =
                rig().atOnce(MANY, i -> anyNode(i).refuse(session.handle(), "admin", since, events.get(i)));
        assertEquals(1, Collections.frequency(noted, true));
        AuditEvent other = event(session, AuditType.ACCESS_REFUSED);
        assertTrue(rig().call(() -> store().refuse(session.handle(), "money", since, other)));
        // Else what is told already, and not yet noted as told, is left behind by that minute, and told again.
        rig().settle();
        rig().clock().advance(Duration.ofMinutes(1).plusMillis(1));
        AuditEvent later = event(session, AuditType.ACCESS_REFUSED);
        Instant then = rig().clock().instant().minus(Duration.ofMinutes(1));
        assertTrue(rig().call(() -> store().refuse(session.handle(), "admin", then, later)));
        assertTold(session.account().value(), events.get(noted.indexOf(true)), other, later);
        end(session);
        assertFalse(rig().call(() -> store().refuse(session.handle(), "wiki", then, later)));
    }

    @Test
    void eachCallSaysThatTheStoreIsGone() {
        Session session = session();
        OpaqueToken token = opened(session);
        Pass pass = new Pass(session.handle(), given.token());
        AuditEvent refusal = event(session, AuditType.ACCESS_REFUSED);
        assertEachSaysThatTheStoreIsGone(List.of(
                () -> store().open(session(), given.token(), List.of()),
                () -> store().find(token),
                () -> store().of(session.account()),
                () -> store().renew(session, given.token(), List.of()),
                () -> store().end(session.handle(), List.of()),
                () -> store().issue(
                                new Ticket(pass, WIKI, NONCE, "/", rig().clock().instant())),
                () -> store().admit(pass, WIKI, NONCE, pass),
                () -> store().find(pass, WIKI),
                () -> store().refuse(session.handle(), "wiki", rig().clock().instant(), refusal)));
        rig().storeReturns();
        assertTrue(isLive(token));
    }
}
