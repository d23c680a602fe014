package dev.sallyport.session;

import dev.sallyport.FactorType;
import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.session.Session.Proof;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens sessions, gives them new tokens, and closes them: the one place where a browser gets in and out. */
public final class SessionDesk {

    /** A session and the secret that its browser gets. */
    public record Entry(Session session, OpaqueToken token) {}

    private final Sessions sessions;
    private final AuditEvents events;
    private final Clock clock;
    private final Ids ids;
    private final Duration absolute;

    /** @param absolute how long a session lasts at most */
    public SessionDesk(Sessions sessions, AuditEvents events, Clock clock, Ids ids, Duration absolute) {
        this.sessions = sessions;
        this.events = events;
        this.clock = clock;
        this.ids = ids;
        this.absolute = absolute;
    }

    /**
     * Signs a person in.
     *
     * @param proofs what was proven on the way
     * @param earlier events of the same step, written with the session and before {@code signed-in}
     */
    public Entry open(Subject subject, List<Proof> proofs, Visitor visitor, List<AuditEvent> earlier) {
        Instant now = clock.instant();
        Session session = Session.start(ids.next(), subject, proofs, now, now.plus(absolute), visitor);
        OpaqueToken token = ids.token();
        List<AuditEvent> all = new ArrayList<>(earlier);
        all.add(events.about(subject, AuditType.SIGNED_IN, visitor)
                .withFactors(proofs.stream().map(Proof::factor).toList())
                .with(Fact.SESSION, session.handle())
                .withAal(0, session.aal()));
        sessions.open(session, token, all);
        return new Entry(session, token);
    }

    /** A factor that is proven now. */
    public Proof proof(FactorType factor) {
        return new Proof(factor, clock.instant());
    }

    /** Notes a factor proven now in a session and gives it a new token; empty if the session has ended meanwhile. */
    public Optional<Entry> prove(Session session, FactorType factor, List<AuditEvent> with) {
        return renew(session.proven(proof(factor)), with);
    }

    /** Gives a session a new token; empty if it has ended meanwhile. */
    public Optional<Entry> renew(Session session, List<AuditEvent> with) {
        OpaqueToken token = ids.token();
        return sessions.renew(session, token, with) ? Optional.of(new Entry(session, token)) : Optional.empty();
    }

    /** Where somebody is signed in, the place that was seen last first. */
    public List<Session> of(AccountId account) {
        return sessions.of(account);
    }

    /**
     * Ends another session of the same person.
     *
     * @return false if the person has none of this handle, or none any more
     */
    public boolean endOther(Session own, String handle, Visitor visitor) {
        return others(own).stream()
                .filter(other -> other.handle().equals(handle))
                .anyMatch(other -> end(other, endedIn(own, visitor)));
    }

    /** Ends all other sessions of the same person; returns how many there were. */
    public int endOthers(Session own, Visitor visitor) {
        return endEach(() -> others(own), () -> endedIn(own, visitor));
    }

    /** Ends all sessions of an account, as an operator; returns how many there were. */
    public int endAll(Subject subject) {
        AccountId account = new AccountId(subject.accountId());
        return endEach(() -> sessions.of(account), () -> events.byOperator(subject, AuditType.SESSION_ENDED));
    }

    private List<Session> others(Session own) {
        return sessions.of(own.account()).stream()
                .filter(session -> !session.handle().equals(own.handle()))
                .toList();
    }

    private AuditEvent endedIn(Session own, Visitor visitor) {
        return events.about(own.subject(), AuditType.SESSION_ENDED, visitor).with(Fact.ENDED_IN, own.handle());
    }

    /** Until none is left: some may be opened meanwhile, by whoever shall be kept out. */
    private int endEach(Supplier<List<Session>> left, Supplier<AuditEvent> event) {
        int ended = 0;
        for (List<Session> some = left.get(); !some.isEmpty(); some = left.get()) {
            for (Session session : some) {
                ended += end(session, event.get()) ? 1 : 0;
            }
        }
        return ended;
    }

    private boolean end(Session session, AuditEvent event) {
        return sessions.end(
                session.handle(),
                List.of(event.with(Fact.SESSION, session.handle()).withAal(session.aal(), 0)));
    }

    /** Signs a person out; nothing happens if the session has ended before. */
    public void close(Session session, Visitor visitor) {
        end(session, events.about(session.subject(), AuditType.SIGNED_OUT, visitor));
    }
}
