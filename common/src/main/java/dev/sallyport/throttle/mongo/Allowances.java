package dev.sallyport.throttle.mongo;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.crypto.Lookup;
import dev.sallyport.mongo.Documents;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A few of something within any hour: a document for each network that has spent some, with the times. */
final class Allowances {

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final String TIMES = "times";

    private final Documents throttles;
    private final Lookup lookup;
    private final Clock clock;

    Allowances(Documents throttles, Lookup lookup, Clock clock) {
        this.throttles = throttles;
        this.lookup = lookup;
        this.clock = clock;
    }

    boolean canSpend(String what, String network, int most) {
        return spent(throttles.find(ids(what, network))) < most;
    }

    boolean spend(String what, String network, int most, AuditEvent event) {
        List<String> ids = ids(what, network);
        String newest = ids.getFirst();
        while (true) {
            List<JsonObject> stored = throttles.find(ids);
            if (spent(stored) >= most) {
                return false;
            }
            JsonArray before = stored.stream()
                    .filter(document -> newest.equals(document.getString("_id")))
                    .map(document -> document.getJsonArray(TIMES))
                    .findFirst()
                    .orElse(null);
            long now = clock.millis();
            List<Long> times = before == null ? new ArrayList<>() : recent(before);
            times.add(now);
            JsonObject fields =
                    new JsonObject().put(TIMES, new JsonArray(times)).put("purgeAfter", now + WINDOW.toMillis());
            JsonObject id = new JsonObject().put("_id", newest);
            boolean written = before == null
                    ? throttles.insert(fields.mergeIn(id), List.of(event))
                    : throttles
                            .change(id.put(TIMES, before), new JsonObject().put("$set", fields), List.of(event))
                            .isPresent();
            if (written) {
                return true;
            }
        }
    }

    private int spent(List<JsonObject> documents) {
        return documents.stream()
                .mapToInt(document -> recent(document.getJsonArray(TIMES)).size())
                .sum();
    }

    private List<Long> recent(JsonArray times) {
        long since = clock.millis() - WINDOW.toMillis();
        List<Long> recent = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            if (times.getLong(i) > since) {
                recent.add(times.getLong(i));
            }
        }
        return recent;
    }

    /** Under every key of the lookup keyset, the newest first; nearly always one. */
    private List<String> ids(String what, String network) {
        return lookup.all("throttle-allowance", what + '\n' + network).stream()
                .map("allowance:"::concat)
                .toList();
    }
}
