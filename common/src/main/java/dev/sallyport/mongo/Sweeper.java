package dev.sallyport.mongo;

import static io.vertx.core.Future.await;

import dev.sallyport.OutageLog;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.mongo.EventRelay.Load;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.FindOptions;
import io.vertx.ext.mongo.MongoClient;
import io.vertx.ext.mongo.UpdateOptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what a crash or an absent broker left: produces events that have been pending too long, and deletes
 * documents whose time is over; batch after batch, as long as there is work. One node at a time does it, the one that
 * holds the lease. Two clocks that differ by more than the lease could let two nodes at it: that costs work and repeats
 * events under their ids, and nothing else.
 */
final class Sweeper {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long PERIOD_MILLIS = 5_000;
    private static final long LEASE_MILLIS = 30_000;
    private static final int DOCUMENTS_AT_ONCE = 500;
    /** Well below what the producer takes in flight, so that a backlog leaves room for what happens now. */
    private static final int EVENTS_AT_ONCE = 1_000;

    private static final FindOptions BATCH = new FindOptions().setLimit(DOCUMENTS_AT_ONCE);
    private static final FindOptions BATCH_OF_IDS =
            new FindOptions().setLimit(DOCUMENTS_AT_ONCE).setFields(new JsonObject().put("_id", 1));
    private static final UpdateOptions UPSERT = new UpdateOptions().setUpsert(true);

    private final Vertx vertx;
    private final MongoClient client;
    private final EventRelay relay;
    private final Clock clock;
    private final Collection<String> collections;
    private final String holder = UUID.randomUUID().toString();
    private final OutageLog outage = new OutageLog(LOG, "Sweeping fails and is tried again every 5 s");
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;
    private long timer;

    Sweeper(Vertx vertx, MongoClient client, EventRelay relay, Clock clock, Collection<String> collections) {
        this.vertx = vertx;
        this.client = client;
        this.relay = relay;
        this.clock = clock;
        this.collections = collections;
    }

    /** Called from a Vert.x virtual thread, on whose context it then sweeps. */
    void start() {
        timer = vertx.setPeriodic(PERIOD_MILLIS, tick -> sweep());
    }

    /** Lets go of the lease, so that another node need not wait for its end. */
    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        JsonObject mine = new JsonObject().put("_id", "sweeper").put("holder", holder);
        JsonObject over = new JsonObject().put("$set", new JsonObject().put("until", 0));
        await(Answers.inTime(client.updateCollection("leases", mine, over)).otherwiseEmpty());
    }

    /** One sweep, until nothing is left or something fails; does nothing, and returns false, while one is under way. */
    boolean sweep() {
        if (!busy.compareAndSet(false, true)) {
            return false;
        }
        try {
            boolean mine = holdsLease();
            for (String collection : collections) {
                boolean more = mine;
                while (more) {
                    boolean moreToProduce = produceForgotten(collection);
                    boolean moreToPurge = purge(collection);
                    more = moreToProduce || moreToPurge;
                    mine = !more || holdsLease();
                    more = more && mine;
                }
            }
            outage.worked();
        } catch (StoreUnavailable e) {
            if (!stopped) {
                outage.failed(e.getCause() == null ? e : e.getCause());
            }
        } finally {
            busy.set(false);
        }
        return true;
    }

    /** Takes the lease or extends it; false where another node holds it, since the upsert then meets its document. */
    private boolean holdsLease() {
        if (stopped) {
            return false;
        }
        long now = clock.millis();
        JsonObject mineOrOver = new JsonObject()
                .put("_id", "sweeper")
                .put(
                        "$or",
                        new JsonArray()
                                .add(new JsonObject().put("holder", holder))
                                .add(new JsonObject().put("until", new JsonObject().put("$lt", now))));
        JsonObject taken = new JsonObject()
                .put("$set", new JsonObject().put("holder", holder).put("until", now + LEASE_MILLIS));
        try {
            Answers.of(client.findOneAndUpdateWithOptions("leases", mineOrOver, taken, new FindOptions(), UPSERT));
            return true;
        } catch (StoreUnavailable e) {
            if (Answers.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Produces a batch; true if there may be more and it makes sense to go on. */
    private boolean produceForgotten(String collection) {
        long before = clock.millis() - EventRelay.LEFT_BEHIND_MILLIS;
        JsonObject forgotten = new JsonObject().put(PendingEvents.FIELD + ".time", new JsonObject().put("$lt", before));
        List<JsonObject> documents = Answers.of(client.findWithOptions(collection, forgotten, BATCH));
        List<Load> loads = new ArrayList<>();
        int events = 0;
        int produced = 0;
        for (int i = 0; i < documents.size(); i++) {
            Load load = new Load(documents.get(i).getString("_id"), PendingEvents.leftBehind(documents.get(i), before));
            loads.add(load);
            events += load.events().size();
            if (events >= EVENTS_AT_ONCE || (events > 0 && i == documents.size() - 1)) {
                int done = Answers.of(relay.produce(collection, List.copyOf(loads)));
                if (done == 0) {
                    return false;
                }
                produced += done;
                loads.clear();
                events = 0;
            }
        }
        // Only now: while Kafka is away, refusals go on being counted on what is open.
        boolean closed = false;
        for (JsonObject document : documents) {
            for (JsonObject open : PendingEvents.open(document, before)) {
                if (close(collection, document.getString("_id"), open.getString("id"))) {
                    closed = true;
                }
            }
        }
        return closed || (produced > 0 && documents.size() == DOCUMENTS_AT_ONCE);
    }

    /** Ends the counting on an event, which from then on is as any other; false if another node has done it. */
    private boolean close(String collection, String id, String event) {
        JsonObject open = new JsonObject().put("id", event).put(PendingEvents.OPEN, true);
        JsonObject query =
                new JsonObject().put("_id", id).put(PendingEvents.FIELD, new JsonObject().put("$elemMatch", open));
        return Answers.of(client.findOneAndUpdateWithOptions(
                        collection, query, PendingEvents.closing(), new FindOptions(), PendingEvents.onElement(open)))
                != null;
    }

    /** Deletes a batch; true if there may be more. A batch, since deleting very many at once would outlast any limit. */
    private boolean purge(String collection) {
        JsonObject over = new JsonObject()
                .put("purgeAfter", new JsonObject().put("$lt", clock.millis()))
                .put(PendingEvents.FIELD + ".0", new JsonObject().put("$exists", false));
        List<JsonObject> documents = Answers.of(client.findWithOptions(collection, over, BATCH_OF_IDS));
        if (documents.isEmpty()) {
            return false;
        }
        JsonArray ids = new JsonArray();
        documents.forEach(document -> ids.add(document.getString("_id")));
        // The conditions again: some may have been given a longer life, or an event, in between.
        Answers.of(client.removeDocuments(collection, over.copy().put("_id", new JsonObject().put("$in", ids))));
        return documents.size() == DOCUMENTS_AT_ONCE;
    }
}
