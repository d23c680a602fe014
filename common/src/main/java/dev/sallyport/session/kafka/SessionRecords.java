package dev.sallyport.session.kafka;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.session.Session;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What nodes that remember a session must hear: that it has ended, or has a new token. That it has ended is told with the
 * audit event that says so, under its id and from where that is kept, however often nodes die meanwhile. A new token is told
 * once and at once: who misses it believes the old one for as long as a node remembers.
 */
public final class SessionRecords {

    /** No person's name, no address: whoever may read this learns which sessions there were. */
    private static final Map<String, String> ATTRIBUTES = Map.of("dataschema", "urn:sallyport:events:session:0.1");

    /** Of a UUID. */
    private static final int HANDLE_LENGTH = 36;

    private static final String ENDED = "dev.sallyport.session.ended";
    private static final String RENEWED = "dev.sallyport.session.renewed";
    private static final Set<AuditType> ENDS = EnumSet.of(AuditType.SIGNED_OUT, AuditType.SESSION_ENDED);

    private SessionRecords() {}

    /** An audit event as a record of its topic, and beside it the end of its session, if it tells of one. */
    public static Function<AuditEvent, List<EventRecord>> beside(AuditRecords audit) {
        return event -> {
            EventRecord record = audit.record(event);
            String session = event.facts().get(Fact.SESSION);
            return session != null && ENDS.contains(event.type())
                    ? List.of(record, record(event.id(), ENDED, event.time(), event.key(), session))
                    : List.of(record);
        };
    }

    /** A session has a new token. */
    public static EventRecord renewed(Session session, String id, Instant now) {
        return record(id, RENEWED, now, session.account().value(), session.handle());
    }

    private static EventRecord record(String id, String type, Instant time, String account, String session) {
        byte[] body = new JsonObject().put("session", session).toBuffer().getBytes();
        return new EventRecord(id, type, time, Topics.SESSION, account, ATTRIBUTES, body);
    }

    /** The handle of the session that a record tells of; empty if it tells of none. What is longer is not worth keeping. */
    static Optional<String> session(EventRecord event) {
        if (!event.type().equals(ENDED) && !event.type().equals(RENEWED)) {
            return Optional.empty();
        }
        try {
            return CloudEvents.body(event).getValue("session") instanceof String session
                            && session.length() == HANDLE_LENGTH
                    ? Optional.of(session)
                    : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
