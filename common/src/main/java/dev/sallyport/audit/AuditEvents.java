package dev.sallyport.audit;

import dev.sallyport.Ids;
import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent.Subject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** Makes audit events: gives each its id and time. */
public final class AuditEvents {

    private final Clock clock;
    private final Ids ids;

    public AuditEvents(Clock clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /** An event about an account, caused by a visitor. */
    public AuditEvent about(Subject subject, AuditType type, Visitor visitor) {
        return event(type, Optional.of(subject), subject.accountId(), Optional.of(visitor));
    }

    /**
     * An event about a name that has no account.
     *
     * @param nameHash a keyed hash of what was typed; never the text itself, since people type passwords there
     */
    public AuditEvent aboutNobody(String nameHash, AuditType type, Visitor visitor) {
        return event(type, Optional.empty(), nameHash, Optional.of(visitor));
    }

    /** An event about an account, caused by an operator. */
    public AuditEvent byOperator(Subject subject, AuditType type) {
        return event(type, Optional.of(subject), subject.accountId(), Optional.empty());
    }

    private AuditEvent event(AuditType type, Optional<Subject> subject, String key, Optional<Visitor> visitor) {
        // Documents keep milliseconds: an event is the same record whether it was produced at once or from there.
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new AuditEvent(ids.next(), type, now, subject, key, visitor, Map.of());
    }
}
