package dev.sallyport.mongo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.FindOptions;
import io.vertx.ext.mongo.MongoClient;
import io.vertx.ext.mongo.UpdateOptions;
import java.time.Clock;
import java.util.Collection;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what a crash or an absent broker left: produces events that have been pending too long, and deletes
 * documents whose time is over. One node at a time does it, the one that holds the lease.
 */
final class Sweeper {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long PERIOD_MILLIS = 5_000;
    private static final long PENDING_TOO_LONG_MILLIS = 5_000;
    private static final long LEASE_MILLIS = 15_000;
    private static final int BATCH = 200;

    private final Vertx vertx;
    private final MongoClient client;
    private final EventRelay relay;
    private final Clock clock;
    private final Collection<String> collections;
    private final String holder = UUID.randomUUID().toString();
    private long timer;

    Sweeper(Vertx vertx, MongoClient client, EventRelay relay, Clock clock, Collection<String> collections) {
        this.vertx = vertx;
        this.client = client;
        this.relay = relay;
        this.clock = clock;
        this.collections = collections;
    }

    void start() {
        timer = vertx.setPeriodic(PERIOD_MILLIS, tick -> sweep());
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void sweep() {
        takeLease().onSuccess(mine -> {
            if (mine) {
                for (String collection : collections) {
                    produceForgotten(collection);
                    purge(collection);
                }
            }
        });
    }

    /** Succeeds with false where another node holds the lease: the upsert then meets its document. */
    private Future<Boolean> takeLease() {
        long now = clock.millis();
        JsonObject query = new JsonObject()
                .put("_id", "sweeper")
                .put(
                        "$or",
                        new JsonArray()
                                .add(new JsonObject().put("holder", holder))
                                .add(new JsonObject().put("until", new JsonObject().put("$lt", now))));
        JsonObject update = new JsonObject()
                .put("$set", new JsonObject().put("holder", holder).put("until", now + LEASE_MILLIS));
        return client.findOneAndUpdateWithOptions(
                        "leases", query, update, new FindOptions(), new UpdateOptions().setUpsert(true))
                .map(document -> true)
                .otherwise(false);
    }

    private void produceForgotten(String collection) {
        JsonObject query = new JsonObject()
                .put("pendingSince", new JsonObject().put("$lt", clock.millis() - PENDING_TOO_LONG_MILLIS));
        client.findWithOptions(collection, query, new FindOptions().setLimit(BATCH))
                .onSuccess(documents -> documents.forEach(document -> relay.relay(
                        collection,
                        document.getString("_id"),
                        document.getInteger("eventCount"),
                        PendingEvents.decode(document.getJsonArray("pendingEvents")))))
                .onFailure(e -> LOG.warn("Sweeping {} failed; the next sweep tries again", collection, e));
    }

    private void purge(String collection) {
        JsonObject query = new JsonObject()
                .put("purgeAfter", new JsonObject().put("$lt", clock.millis()))
                .put("pendingSince", new JsonObject().put("$exists", false));
        client.removeDocuments(collection, query)
                .onFailure(e -> LOG.warn("Purging {} failed; the next sweep tries again", collection, e));
    }
}
