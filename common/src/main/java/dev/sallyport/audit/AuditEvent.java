package dev.sallyport.audit;

import dev.sallyport.Visitor;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that happened to an account or at a door.
 *
 * @param id unique; consumers count each id once
 * @param subject the account; empty if the name that was typed has none
 * @param key groups the events that keep their order: the account's id, or a keyed hash of the unknown name
 * @param visitor from where; empty for an operator's command
 */
public record AuditEvent(
        String id,
        AuditType type,
        Instant time,
        Optional<Subject> subject,
        String key,
        Optional<Visitor> visitor,
        Map<Fact, String> facts) {

    /** The account that an event is about. */
    public record Subject(String accountId, String userName) {}

    public AuditEvent {
        facts = facts.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(facts));
    }

    /** The same event with one more fact. */
    public AuditEvent with(Fact fact, String value) {
        Map<Fact, String> more = new EnumMap<>(Fact.class);
        more.putAll(facts);
        more.put(fact, value);
        return new AuditEvent(id, type, time, subject, key, visitor, more);
    }

    public AuditEvent with(Fact fact, int value) {
        return with(fact, Integer.toString(value));
    }
}
