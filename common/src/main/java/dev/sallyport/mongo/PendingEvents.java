package dev.sallyport.mongo;

import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.UpdateOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Audit events as they ride in a document, in its array {@value #FIELD}. One with the mark {@value #OPEN} still counts
 * further refusals of its type and is not produced before it is closed: consumers take each id once, so what is produced
 * must not change any more.
 */
final class PendingEvents {

    static final String FIELD = "pendingEvents";
    static final String OPEN = "open";

    private static final String REPEATS = "repeats";
    private static final String ELEMENT = "counted";

    private PendingEvents() {}

    static JsonArray encode(List<AuditEvent> events) {
        JsonArray array = new JsonArray(new ArrayList<>(events.size()));
        for (AuditEvent event : events) {
            array.add(encode(event));
        }
        return array;
    }

    static JsonObject encode(AuditEvent event) {
        JsonObject facts = new JsonObject();
        event.facts().forEach((fact, value) -> facts.put(fact.name(), value));
        JsonObject json = new JsonObject()
                .put("id", event.id())
                .put("type", event.type().name())
                .put("time", event.time().toEpochMilli())
                .put("key", event.key())
                .put("facts", facts);
        event.subject()
                .ifPresent(subject -> json.put("account", subject.accountId()).put("userName", subject.userName()));
        event.visitor().ifPresent(visitor -> json.put("address", visitor.address())
                .put("browser", visitor.browser())
                .put("trace", visitor.traceId()));
        return json;
    }

    /** Those from before a time that nobody counts on any more: whoever wrote them had long enough to produce them. */
    static List<JsonObject> leftBehind(JsonObject document, long before) {
        return select(document, event -> !event.containsKey(OPEN) && event.getLong("time") < before);
    }

    /** Those that are still counted on, and have been since before a time. */
    static List<JsonObject> open(JsonObject document, long before) {
        return select(document, event -> event.containsKey(OPEN) && event.getLong("time") < before);
    }

    private static List<JsonObject> select(JsonObject document, Predicate<JsonObject> wanted) {
        JsonArray array = document.getJsonArray(FIELD);
        List<JsonObject> selected = new ArrayList<>();
        for (int i = 0; array != null && i < array.size(); i++) {
            JsonObject event = array.getJsonObject(i);
            if (wanted.test(event)) {
                selected.add(event);
            }
        }
        return selected;
    }

    /** @throws IllegalArgumentException if it has a type or a fact that only a newer version knows */
    static AuditEvent decode(JsonObject json) {
        Map<Fact, String> facts = new EnumMap<>(Fact.class);
        json.getJsonObject("facts")
                .forEach(fact ->
                        facts.put(Fact.valueOf(fact.getKey()), fact.getValue().toString()));
        Integer repeats = json.getInteger(REPEATS);
        if (repeats != null) {
            facts.put(Fact.COUNT, Integer.toString(1 + repeats));
        }
        Optional<Subject> subject = Optional.ofNullable(json.getString("account"))
                .map(account -> new Subject(account, json.getString("userName")));
        Optional<Visitor> visitor = Optional.ofNullable(json.getString("address"))
                .map(address -> new Visitor(address, json.getString("browser"), json.getString("trace")));
        return new AuditEvent(
                json.getString("id"),
                AuditType.valueOf(json.getString("type")),
                Instant.ofEpochMilli(json.getLong("time")),
                subject,
                json.getString("key"),
                visitor,
                facts);
    }

    /** Matches the event of a type that is still counted on. */
    static JsonObject open(String type) {
        return new JsonObject().put("type", type).put(OPEN, true);
    }

    /** The update that counts one more on the element that {@link #onElement} chooses. */
    static JsonObject repetition() {
        return new JsonObject().put("$inc", new JsonObject().put(element(REPEATS), 1));
    }

    /** The update that ends the counting on the element that {@link #onElement} chooses. */
    static JsonObject closing() {
        return new JsonObject().put("$unset", new JsonObject().put(element(OPEN), ""));
    }

    /** Aims an update at the elements that match. */
    static UpdateOptions onElement(JsonObject match) {
        JsonObject filter = new JsonObject();
        match.forEach(field -> filter.put(ELEMENT + '.' + field.getKey(), field.getValue()));
        return new UpdateOptions().setArrayFilters(new JsonArray().add(filter));
    }

    private static String element(String field) {
        return FIELD + ".$[" + ELEMENT + "]." + field;
    }

    /** The update that takes events out of a document; taking them out again does nothing. */
    static JsonObject removal(List<String> ids) {
        JsonObject those = new JsonObject().put("id", new JsonObject().put("$in", new JsonArray(ids)));
        return new JsonObject().put("$pull", new JsonObject().put(FIELD, those));
    }
}
