package dev.sallyport.throttle.mongo;

import static dev.sallyport.throttle.DelayRules.FORGET_NETWORK_AFTER;
import static dev.sallyport.throttle.DelayRules.FORGET_PAIR_AFTER;
import static dev.sallyport.throttle.DelayRules.FREE_FOR_NETWORK;
import static dev.sallyport.throttle.DelayRules.FREE_FOR_PAIR;
import static dev.sallyport.throttle.DelayRules.KNOWN_FOR;
import static dev.sallyport.throttle.DelayRules.delay;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.crypto.Lookup;
import dev.sallyport.mongo.Documents;
import dev.sallyport.throttle.RateLimiter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Delays in the collection {@code throttles}: a document for each pair of name and network and one for each network,
 * named by keyed hashes, so that the collection lists neither names nor addresses. They say how many attempts failed and
 * when the last one was made; how long to wait follows from that.
 *
 * <p>While the lookup keys are being rotated, documents may stand under several keys. New ones are written under the
 * newest, with what an older one says; what an older one says counts as well until it has run out.
 */
public final class MongoRateLimiter implements RateLimiter {

    private static final String FAILURES = "failures";
    private static final String LAST = "last";
    private static final String PURGE = "purgeAfter";

    private final Documents throttles;
    private final Allowances allowances;
    private final Lookup lookup;
    private final Clock clock;

    public MongoRateLimiter(Documents throttles, Lookup lookup, Clock clock) {
        this.throttles = throttles;
        this.allowances = new Allowances(throttles, lookup, clock);
        this.lookup = lookup;
        this.clock = clock;
    }

    @Override
    public Admission admit(Attempt attempt, Supplier<AuditEvent> refusal) {
        List<String> pairs = pairIds(attempt);
        List<String> networks = networkIds(attempt);
        boolean severalKeys = pairs.size() > 1;
        List<String> wanted = new ArrayList<>(networks);
        if (severalKeys) {
            wanted.addAll(pairs);
        }
        Future<List<JsonObject>> reading = throttles.begin(wanted);
        Optional<Admission> refused = severalKeys ? carryOver(pairs, Documents.arrived(reading)) : Optional.empty();
        Admission admission = refused.orElseGet(() -> admitPair(attempt, pairs.getFirst()));
        Duration networkWait = admitNetwork(networks, Documents.arrived(reading), admission);
        if (admission instanceof Admitted admitted && networkWait.isPositive()) {
            withdrawn(admitted);
            admission = new Delayed(networkWait);
        }
        if (admission instanceof Delayed(Duration remaining)) {
            // On the pair, never on the network: a document that is about one name can count its refusals together.
            throttles.note(pairs.getFirst(), List.of(refusal.get()));
            return new Delayed(max(remaining, networkWait));
        }
        return admission;
    }

    /** Counts the attempt if the pair may make one. Nearly always one write. */
    private Admission admitPair(Attempt attempt, String pair) {
        while (true) {
            Instant now = clock.instant();
            Optional<JsonObject> free = throttles.changeOrMake(
                    byId(pair)
                            .put(FAILURES, new JsonObject().put("$lt", FREE_FOR_PAIR))
                            .put(LAST, after(now.minus(FORGET_PAIR_AFTER))),
                    counting(now));
            if (free.isPresent()) {
                return new Admitted(attempt, free.get().getInteger(FAILURES), now);
            }
            Optional<JsonObject> stored = throttles.find(byId(pair));
            if (stored.isPresent()) {
                ThrottleDocument before = ThrottleDocument.of(stored.get(), now, FORGET_PAIR_AFTER);
                Duration wait = before.wait(now, delay(before.failures(), FREE_FOR_PAIR));
                if (wait.isPositive()) {
                    return new Delayed(wait);
                }
                int failures = before.failures() + 1;
                if (changeIfSame(pair, stored.get(), failures, now)) {
                    return new Admitted(attempt, failures, now);
                }
            }
        }
    }

    /** Of many that may go on at once, one does. */
    private boolean changeIfSame(String id, JsonObject stored, int failures, Instant now) {
        JsonObject same = byId(id).put(FAILURES, stored.getInteger(FAILURES)).put(LAST, stored.getLong(LAST));
        JsonObject update = new JsonObject()
                .put("$set", new JsonObject().put(FAILURES, failures).put(LAST, now.toEpochMilli()))
                .put("$max", purgeAfter(now.plus(FORGET_PAIR_AFTER)));
        return throttles.change(same, update, List.of()).isPresent();
    }

    private static JsonObject counting(Instant now) {
        return new JsonObject()
                .put("$inc", new JsonObject().put(FAILURES, 1))
                .put("$set", new JsonObject().put(LAST, now.toEpochMilli()))
                .put("$max", purgeAfter(now.plus(FORGET_PAIR_AFTER)));
    }

    /** Begins the pair's document under the newest key with what those under older keys say, or refuses for them. */
    private Optional<Admission> carryOver(List<String> pairs, List<JsonObject> stored) {
        Instant now = clock.instant();
        List<String> older = pairs.subList(1, pairs.size());
        ThrottleDocument before = ThrottleDocument.strictest(stored, older, now, FORGET_PAIR_AFTER);
        Duration wait = before.wait(now, delay(before.failures(), FREE_FOR_PAIR));
        boolean begun = stored.stream().anyMatch(document -> pairs.getFirst().equals(document.getString("_id")));
        if (!begun && !before.equals(ThrottleDocument.NONE)) {
            JsonObject document =
                    byId(pairs.getFirst()).put(FAILURES, before.failures()).put(LAST, before.last());
            Instant purge = Instant.ofEpochMilli(before.last()).plus(FORGET_PAIR_AFTER);
            if (before.succeededAt() > 0) {
                document.put("succeededAt", before.succeededAt());
                purge = Instant.ofEpochMilli(before.succeededAt()).plus(KNOWN_FOR);
            }
            throttles.insert(document.mergeIn(purgeAfter(purge)), List.of());
        }
        return wait.isPositive() ? Optional.of(new Delayed(wait)) : Optional.empty();
    }

    /** How long the network has to wait. Once it has had its free failures, each wait ends for one attempt only. */
    private Duration admitNetwork(List<String> networks, List<JsonObject> stored, Admission pair) {
        Instant now = clock.instant();
        ThrottleDocument network = ThrottleDocument.sum(stored, networks, now, FORGET_NETWORK_AFTER);
        Duration delay = delay(network.failures(), FREE_FOR_NETWORK);
        Duration wait = network.wait(now, delay);
        if (delay.isZero() || wait.isPositive() || pair instanceof Delayed) {
            return wait;
        }
        // Made where only a document under an older key says so; refused where another attempt came first.
        JsonObject unchanged = byId(networks.getFirst()).put(LAST, new JsonObject().put("$lte", network.last()));
        JsonObject taken = new JsonObject()
                .put("$set", new JsonObject().put(LAST, now.toEpochMilli()))
                .put("$max", purgeAfter(now.plus(FORGET_NETWORK_AFTER)))
                .put("$setOnInsert", new JsonObject().put(FAILURES, 0));
        return throttles.changeOrMake(unchanged, taken).isPresent() ? Duration.ZERO : delay;
    }

    @Override
    public void failed(Admitted admitted, List<AuditEvent> events) {
        throttles.note(pairIds(admitted.attempt()).getFirst(), events);
        String network = networkIds(admitted.attempt()).getFirst();
        Instant now = clock.instant();
        JsonObject recent = byId(network).put(LAST, after(now.minus(FORGET_NETWORK_AFTER)));
        JsonObject old = byId(network)
                .put(
                        LAST,
                        new JsonObject()
                                .put("$lte", now.minus(FORGET_NETWORK_AFTER).toEpochMilli()));
        JsonObject seen = new JsonObject().put(LAST, now.toEpochMilli());
        JsonObject more = new JsonObject()
                .put("$inc", new JsonObject().put(FAILURES, 1))
                .put("$max", seen.copy().mergeIn(purgeAfter(now.plus(FORGET_NETWORK_AFTER))));
        JsonObject afresh = new JsonObject()
                .put("$set", seen.copy().put(FAILURES, 1).mergeIn(purgeAfter(now.plus(FORGET_NETWORK_AFTER))));
        boolean counted = false;
        while (!counted) {
            counted = throttles.changeOrMake(recent, more).isPresent()
                    || throttles.change(old, afresh, List.of()).isPresent();
        }
    }

    @Override
    public void succeeded(Admitted admitted) {
        Instant now = clock.instant();
        boolean remember = admitted.attempt().door() == Door.SECOND_FACTOR;
        JsonObject fields = new JsonObject().put(FAILURES, 0).mergeIn(purgeAfter(remember ? now.plus(KNOWN_FOR) : now));
        if (remember) {
            fields.put("succeededAt", now.toEpochMilli());
        }
        for (String pair : pairIds(admitted.attempt())) {
            throttles.changeLater(byId(pair), new JsonObject().put("$set", fields));
        }
    }

    @Override
    public void withdrawn(Admitted admitted) {
        JsonObject same = byId(pairIds(admitted.attempt()).getFirst())
                .put(FAILURES, admitted.failures())
                .put(LAST, admitted.at().toEpochMilli());
        throttles.changeLater(
                same, new JsonObject().put("$set", new JsonObject().put(FAILURES, admitted.failures() - 1)));
    }

    @Override
    public boolean knows(Attempt attempt) {
        long since = clock.instant().minus(KNOWN_FOR).toEpochMilli();
        return throttles.find(pairIds(attempt)).stream()
                .anyMatch(document -> document.getLong("succeededAt", 0L) > since);
    }

    @Override
    public boolean canSpend(Allowance allowance, String who) {
        return allowances.canSpend(allowance, who);
    }

    @Override
    public boolean spend(Allowance allowance, String who, Use use, List<AuditEvent> events) {
        return allowances.spend(allowance, who, use, events);
    }

    @Override
    public void giveBack(Allowance allowance, String who, Use use) {
        allowances.giveBack(allowance, who, new JsonObject().put(Allowances.ID, use.id()));
    }

    @Override
    public void giveBackAll(Allowance allowance, String who, String of) {
        allowances.giveBack(allowance, who, new JsonObject().put(Allowances.OF, of));
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private List<String> pairIds(Attempt attempt) {
        return ids("pair:", "throttle-pair", attempt.door().name() + '\n' + attempt.network() + '\n' + attempt.name());
    }

    private List<String> networkIds(Attempt attempt) {
        return ids("network:", "throttle-network", attempt.door().name() + '\n' + attempt.network());
    }

    /** Under every key of the lookup keyset, the newest first; nearly always one. */
    private List<String> ids(String prefix, String purpose, String value) {
        return lookup.all(purpose, value).stream().map(prefix::concat).toList();
    }

    private static JsonObject byId(String id) {
        return new JsonObject().put("_id", id);
    }

    private static JsonObject after(Instant time) {
        return new JsonObject().put("$gt", time.toEpochMilli());
    }

    private static JsonObject purgeAfter(Instant time) {
        return new JsonObject().put(PURGE, time.toEpochMilli());
    }
}
