package dev.sallyport.session;

import dev.sallyport.FactorType;
import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
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

    /** Signs a person out; nothing happens if the session has ended before. */
    public void close(Session session, Visitor visitor) {
        AuditEvent signedOut = events.about(session.subject(), AuditType.SIGNED_OUT, visitor)
                .with(Fact.SESSION, session.handle())
                .withAal(session.aal(), 0);
        sessions.end(session.handle(), List.of(signedOut));
    }
}
