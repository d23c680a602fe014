package dev.sallyport.audit;

import dev.sallyport.FactorType;
import dev.sallyport.Visitor;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Something that happened to an account or at a door.
 *
 * @param id unique; consumers count each id once
 * @param time when, in whole milliseconds
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

    /** The same event, refused for a reason. */
    public AuditEvent with(Reason reason) {
        return with(Fact.REASON, reason.id());
    }

    /** The same event about a factor. */
    public AuditEvent with(FactorType factor) {
        return withFactors(List.of(factor));
    }

    /** The same event about several factors, or none. */
    public AuditEvent withFactors(Collection<FactorType> factors) {
        return factors.isEmpty()
                ? this
                : with(Fact.FACTOR, factors.stream().map(FactorType::id).collect(Collectors.joining(",")));
    }

    /** The ids of the factors that it is about. */
    public List<String> factors() {
        String factors = facts.get(Fact.FACTOR);
        return factors == null ? List.of() : Arrays.asList(factors.split(",", -1));
    }

    /** The same event with the assurance levels before and after it. */
    public AuditEvent withAal(int before, int after) {
        return with(Fact.AAL_BEFORE, Integer.toString(before)).with(Fact.AAL_AFTER, Integer.toString(after));
    }
}
