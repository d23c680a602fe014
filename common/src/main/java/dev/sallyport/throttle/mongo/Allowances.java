package dev.sallyport.throttle.mongo;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.crypto.Lookup;
import dev.sallyport.mongo.Documents;
import dev.sallyport.throttle.RateLimiter.Allowance;
import dev.sallyport.throttle.RateLimiter.Use;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** A few of something within any such time: a document for each who has spent some, with when and what for. */
final class Allowances {

    static final String ID = "id";
    static final String OF = "of";

    private static final String SPENT = "spent";
    private static final String AT = "at";

    private final Documents throttles;
    private final Lookup lookup;
    private final Clock clock;

    Allowances(Documents throttles, Lookup lookup, Clock clock) {
        this.throttles = throttles;
        this.lookup = lookup;
        this.clock = clock;
    }

    boolean canSpend(Allowance allowance, String who) {
        return spent(allowance, throttles.find(ids(allowance, who))) < allowance.most();
    }

    boolean spend(Allowance allowance, String who, Use use, List<AuditEvent> events) {
        List<String> ids = ids(allowance, who);
        String newest = ids.getFirst();
        while (true) {
            List<JsonObject> stored = throttles.find(ids);
            if (spent(allowance, stored) >= allowance.most()) {
                return false;
            }
            Optional<JsonArray> before = stored.stream()
                    .filter(document -> newest.equals(document.getString("_id")))
                    .map(document -> document.getJsonArray(SPENT))
                    .findFirst();
            long now = clock.millis();
            JsonArray after = before.map(uses -> recent(allowance, uses)).orElseGet(JsonArray::new);
            after.add(new JsonObject().put(AT, now).put(ID, use.id()).put(OF, use.of()));
            JsonObject fields = new JsonObject()
                    .put(SPENT, after)
                    .put("purgeAfter", now + allowance.within().toMillis());
            JsonObject id = new JsonObject().put("_id", newest);
            boolean written = before.isEmpty()
                    ? throttles.insert(fields.mergeIn(id), events)
                    : throttles
                            .change(id.put(SPENT, before.get()), new JsonObject().put("$set", fields), events)
                            .isPresent();
            if (written) {
                return true;
            }
        }
    }

    /** @param uses which of them, by {@link #ID} or {@link #OF} */
    void giveBack(Allowance allowance, String who, JsonObject uses) {
        JsonObject removal = new JsonObject().put("$pull", new JsonObject().put(SPENT, uses));
        for (String id : ids(allowance, who)) {
            throttles.changeLater(new JsonObject().put("_id", id), removal);
        }
    }

    private int spent(Allowance allowance, List<JsonObject> documents) {
        return documents.stream()
                .mapToInt(document ->
                        recent(allowance, document.getJsonArray(SPENT)).size())
                .sum();
    }

    private JsonArray recent(Allowance allowance, JsonArray uses) {
        long since = clock.millis() - allowance.within().toMillis();
        JsonArray recent = new JsonArray();
        for (int i = 0; i < uses.size(); i++) {
            if (uses.getJsonObject(i).getLong(AT) > since) {
                recent.add(uses.getJsonObject(i));
            }
        }
        return recent;
    }

    /** Under every key of the lookup keyset, the newest first; nearly always one. */
    private List<String> ids(Allowance allowance, String who) {
        return lookup.all("throttle-allowance", allowance.name() + '\n' + who).stream()
                .map("spent:"::concat)
                .toList();
    }
}
