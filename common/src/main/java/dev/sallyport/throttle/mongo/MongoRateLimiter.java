package dev.sallyport.throttle.mongo;

import static dev.sallyport.throttle.DelayRules.FORGET_NETWORK_AFTER;
import static dev.sallyport.throttle.DelayRules.FORGET_PAIR_AFTER;
import static dev.sallyport.throttle.DelayRules.FREE_FOR_NETWORK;
import static dev.sallyport.throttle.DelayRules.FREE_FOR_PAIR;
import static dev.sallyport.throttle.DelayRules.KNOWN_FOR;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.crypto.Lookup;
import dev.sallyport.mongo.Documents;
import dev.sallyport.throttle.DelayRules;
import dev.sallyport.throttle.RateLimiter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Delays in the collection {@code throttles}: a document for each pair of name and network and one for each network,
 * named by keyed hashes, so that the collection lists neither names nor addresses.
 */
public final class MongoRateLimiter implements RateLimiter {

    private static final Duration ALLOWANCE_WINDOW = Duration.ofHours(1);

    private final Documents throttles;
    private final Lookup lookup;
    private final Clock clock;

    public MongoRateLimiter(Documents throttles, Lookup lookup, Clock clock) {
        this.throttles = throttles;
        this.lookup = lookup;
        this.clock = clock;
    }

    @Override
    public Admission admit(Attempt attempt, Supplier<AuditEvent> refusal) {
        String pair = pairId(attempt);
        String network = networkId(attempt);
        Future<JsonObject> reading = throttles.begin(byId(network));
        Optional<JsonObject> reserved = reserve(pair);
        Duration networkWait = Documents.arrived(reading).map(this::networkWait).orElse(Duration.ZERO);
        if (reserved.isEmpty()) {
            throttles.noteRefusal(pair, refusal.get());
            return new Delayed(max(networkWait, pairWait(pair)));
        }
        if (networkWait.isPositive()) {
            uncount(pair);
            throttles.noteRefusal(network, refusal.get());
            return new Delayed(networkWait);
        }
        return new Admitted(attempt, reserved.get().getInteger("failures"));
    }

    /** Counts the attempt if the pair may make one; empty if it has to wait. */
    private Optional<JsonObject> reserve(String pair) {
        long now = clock.millis();
        JsonObject mayTry = byId(pair)
                .put(
                        "$or",
                        new JsonArray()
                                .add(new JsonObject().put("failures", new JsonObject().put("$lt", FREE_FOR_PAIR)))
                                .add(new JsonObject().put("notBefore", new JsonObject().put("$lte", now))));
        JsonObject update = inc("failures", 1)
                .put(
                        "$set",
                        new JsonObject()
                                .put("notBefore", now + DelayRules.UNDER_WAY.toMillis())
                                .put("purgeAfter", now + FORGET_PAIR_AFTER.toMillis()));
        return throttles.changeOrMake(mayTry, update, List.of());
    }

    @Override
    public void failed(Admitted admitted, List<AuditEvent> events) {
        long now = clock.millis();
        Duration delay = DelayRules.delay(admitted.failures(), FREE_FOR_PAIR);
        JsonObject pairUpdate = set("notBefore", now + delay.toMillis());
        throttles.change(byId(pairId(admitted.attempt())), pairUpdate, events);
        JsonObject networkUpdate = inc("failures", 1)
                .put(
                        "$set",
                        new JsonObject().put("last", now).put("purgeAfter", now + FORGET_NETWORK_AFTER.toMillis()));
        throttles.changeOrMake(byId(networkId(admitted.attempt())), networkUpdate, List.of());
    }

    @Override
    public void succeeded(Admitted admitted) {
        long now = clock.millis();
        boolean remember = admitted.attempt().door() == Door.SECOND_FACTOR;
        JsonObject fields = new JsonObject()
                .put("failures", 0)
                .put("notBefore", 0)
                .put("purgeAfter", now + (remember ? KNOWN_FOR.toMillis() : 0));
        if (remember) {
            fields.put("succeededAt", now);
        }
        throttles.changeLater(byId(pairId(admitted.attempt())), new JsonObject().put("$set", fields));
    }

    @Override
    public void withdrawn(Admitted admitted) {
        uncount(pairId(admitted.attempt()));
    }

    /** Takes back what {@link #reserve} has counted, but not below zero where a success came between. */
    private void uncount(String pair) {
        JsonObject counted = byId(pair).put("failures", new JsonObject().put("$gt", 0));
        throttles.changeLater(counted, inc("failures", -1));
    }

    @Override
    public boolean knows(Attempt attempt) {
        long since = clock.millis() - KNOWN_FOR.toMillis();
        return throttles
                .find(byId(pairId(attempt)).put("succeededAt", new JsonObject().put("$gt", since)))
                .isPresent();
    }

    @Override
    public boolean canSpend(String what, String network, int most) {
        return throttles
                        .find(byId(allowanceId(what, network)))
                        .map(document -> recent(document).size())
                        .orElse(0)
                < most;
    }

    @Override
    public boolean spend(String what, String network, int most, AuditEvent event) {
        String id = allowanceId(what, network);
        while (true) {
            Optional<JsonObject> stored = throttles.find(byId(id));
            List<Long> times = stored.map(this::recent).orElseGet(ArrayList::new);
            if (times.size() >= most) {
                return false;
            }
            times.add(clock.millis());
            int version = stored.map(document -> document.getInteger("version")).orElse(-1);
            JsonObject fields = new JsonObject()
                    .put("times", new JsonArray(times))
                    .put("version", version + 1)
                    .put("purgeAfter", clock.millis() + ALLOWANCE_WINDOW.toMillis());
            boolean written = stored.isEmpty()
                    ? throttles.insert(fields.put("_id", id), List.of(event))
                    : throttles
                            .change(
                                    byId(id).put("version", version),
                                    new JsonObject().put("$set", fields),
                                    List.of(event))
                            .isPresent();
            if (written) {
                return true;
            }
        }
    }

    private List<Long> recent(JsonObject document) {
        long since = clock.millis() - ALLOWANCE_WINDOW.toMillis();
        List<Long> times = new ArrayList<>();
        JsonArray stored = document.getJsonArray("times");
        for (int i = 0; i < stored.size(); i++) {
            if (stored.getLong(i) > since) {
                times.add(stored.getLong(i));
            }
        }
        return times;
    }

    private Duration pairWait(String pair) {
        return throttles
                .find(byId(pair))
                .map(document -> remaining(document.getLong("notBefore")))
                .orElse(Duration.ZERO);
    }

    private Duration networkWait(JsonObject document) {
        Duration delay = DelayRules.delay(document.getInteger("failures"), FREE_FOR_NETWORK);
        boolean forgotten = document.getLong("last") + FORGET_NETWORK_AFTER.toMillis() < clock.millis();
        return forgotten || delay.isZero() ? Duration.ZERO : remaining(document.getLong("last") + delay.toMillis());
    }

    private Duration remaining(long notBefore) {
        return max(Duration.ZERO, Duration.ofMillis(notBefore - clock.millis()));
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private String pairId(Attempt attempt) {
        return "pair:"
                + lookup.of("throttle-pair", attempt.door().name() + '\n' + attempt.network() + '\n' + attempt.name());
    }

    private String networkId(Attempt attempt) {
        return "network:" + lookup.of("throttle-network", attempt.door().name() + '\n' + attempt.network());
    }

    private String allowanceId(String what, String network) {
        return "allowance:" + lookup.of("throttle-allowance", what + '\n' + network);
    }

    private static JsonObject byId(String id) {
        return new JsonObject().put("_id", id);
    }

    private static JsonObject inc(String field, int by) {
        return new JsonObject().put("$inc", new JsonObject().put(field, by));
    }

    private static JsonObject set(String field, Object value) {
        return new JsonObject().put("$set", new JsonObject().put(field, value));
    }
}
