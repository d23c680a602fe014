package dev.sallyport.mongo;

import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Audit events as they ride in a document. */
final class PendingEvents {

    private PendingEvents() {}

    static JsonArray encode(List<AuditEvent> events) {
        JsonArray array = new JsonArray(new ArrayList<>(events.size()));
        for (AuditEvent event : events) {
            JsonObject facts = new JsonObject();
            event.facts().forEach((fact, value) -> facts.put(fact.name(), value));
            JsonObject json = new JsonObject()
                    .put("id", event.id())
                    .put("type", event.type().name())
                    .put("time", event.time().toEpochMilli())
                    .put("key", event.key())
                    .put("facts", facts);
            event.subject().ifPresent(subject -> json.put("account", subject.accountId())
                    .put("userName", subject.userName()));
            event.visitor().ifPresent(visitor -> json.put("address", visitor.address())
                    .put("browser", visitor.browser())
                    .put("trace", visitor.traceId()));
            array.add(json);
        }
        return array;
    }

    static List<AuditEvent> decode(JsonArray array) {
        List<AuditEvent> events = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            JsonObject json = array.getJsonObject(i);
            Map<Fact, String> facts = new EnumMap<>(Fact.class);
            json.getJsonObject("facts")
                    .forEach(fact -> facts.put(
                            Fact.valueOf(fact.getKey()), fact.getValue().toString()));
            Integer repeats = json.getInteger("repeats");
            if (repeats != null) {
                facts.put(Fact.COUNT, Integer.toString(1 + repeats));
            }
            Optional<Subject> subject = Optional.ofNullable(json.getString("account"))
                    .map(account -> new Subject(account, json.getString("userName")));
            Optional<Visitor> visitor = Optional.ofNullable(json.getString("address"))
                    .map(address -> new Visitor(address, json.getString("browser"), json.getString("trace")));
            events.add(new AuditEvent(
                    json.getString("id"),
                    AuditType.valueOf(json.getString("type")),
                    Instant.ofEpochMilli(json.getLong("time")),
                    subject,
                    json.getString("key"),
                    visitor,
                    facts));
        }
        return events;
    }
}
