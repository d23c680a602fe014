package dev.sallyport.deploy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The audit topic from its beginning to its end, as kcat reads it. */
record AuditTrail(List<Entry> entries) {

    private static final String PREFIX = "dev.sallyport.";

    /** One record: its headers, its key and its body. */
    record Entry(Map<String, String> headers, String key, JsonObject body) {

        /** The event's type without what all types begin with. */
        String type() {
            return headers.getOrDefault("ce_type", "").substring(PREFIX.length());
        }

        Instant time() {
            return Instant.parse(headers.get("ce_time"));
        }

        String userName() {
            return body.getJsonObject("user", new JsonObject()).getString("name", "");
        }
    }

    static AuditTrail read(String broker) {
        return new AuditTrail(Programs.run(
                        "", "kcat", "-b", broker, "-t", "sallyport.audit", "-C", "-o", "beginning", "-e", "-q", "-J")
                .lines()
                .map(JsonObject::new)
                .map(AuditTrail::entry)
                .toList());
    }

    /** Everything about one person, in the order in which it happened. */
    List<Entry> about(String userName) {
        return entries.stream()
                .filter(entry -> entry.userName().equals(userName))
                .sorted(Comparator.comparing(Entry::time))
                .toList();
    }

    private static Entry entry(JsonObject message) {
        Map<String, String> headers = new HashMap<>();
        JsonArray pairs = message.getJsonArray("headers");
        for (int i = 0; i < pairs.size(); i += 2) {
            headers.put(pairs.getString(i), pairs.getString(i + 1));
        }
        return new Entry(headers, message.getString("key"), new JsonObject(message.getString("payload")));
    }
}
