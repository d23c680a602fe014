package dev.sallyport.mongo;

import static dev.sallyport.mongo.MongoDatabase.inTime;
import static io.vertx.core.Future.await;

import dev.sallyport.StoreUnavailable;
import dev.sallyport.audit.AuditEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.FindOptions;
import io.vertx.ext.mongo.MongoClient;
import io.vertx.ext.mongo.UpdateOptions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * One collection whose documents carry their events until Kafka has them. Beside its own fields a document has:
 *
 * <ul>
 *   <li>{@code pendingEvents}: what was written with it and is not yet known to be in Kafka
 *   <li>{@code pendingSince}: since when, in epoch milliseconds; absent when nothing is pending
 *   <li>{@code eventCount}: how many events it ever carried, so that clearing them can tell that none came between
 *   <li>{@code purgeAfter}: when it may be deleted, in epoch milliseconds; nothing is deleted with events pending
 * </ul>
 *
 * Instances are called from Vert.x virtual threads.
 */
public final class Documents {

    /** At most so many events wait in one document; further refusals are counted on the last one of their type. */
    static final int MAX_PENDING = 50;

    private static final UpdateOptions RETURN_NEW = new UpdateOptions().setReturningNewDocument(true);
    private static final UpdateOptions UPSERT =
            new UpdateOptions().setReturningNewDocument(true).setUpsert(true);
    private static final FindOptions FIND = new FindOptions();
    private static final int DUPLICATE_KEY = 11000;

    private final MongoClient client;
    private final String collection;
    private final EventRelay relay;
    private final Clock clock;

    Documents(MongoClient client, String collection, EventRelay relay, Clock clock) {
        this.client = client;
        this.collection = collection;
        this.relay = relay;
        this.clock = clock;
    }

    /** Adds a document with its events. Returns false, and nothing is written, if a unique index refused it. */
    public boolean insert(JsonObject document, List<AuditEvent> events) {
        if (!events.isEmpty()) {
            document.put("pendingEvents", PendingEvents.encode(events))
                    .put("pendingSince", clock.millis())
                    .put("eventCount", events.size());
        }
        try {
            await(inTime(client.insert(collection, document)));
        } catch (Exception e) {
            if (isDuplicateKey(e)) {
                return false;
            }
            throw new StoreUnavailable(e);
        }
        if (!events.isEmpty()) {
            relay.relay(collection, document.getString("_id"), events.size(), events);
        }
        return true;
    }

    public Optional<JsonObject> find(JsonObject query) {
        return Optional.ofNullable(answer(client.findOne(collection, query, null)));
    }

    /** Begins to read a document, so that two reads can be under way at once; ended by {@link #arrived}. */
    public Future<JsonObject> begin(JsonObject query) {
        return client.findOne(collection, query, null);
    }

    public static Optional<JsonObject> arrived(Future<JsonObject> read) {
        return Optional.ofNullable(answer(read));
    }

    /**
     * Changes the one document that the query matches, and adds events to it, in one write.
     *
     * @return the document afterwards; empty, and nothing is written, if none matched
     */
    public Optional<JsonObject> change(JsonObject query, JsonObject update, List<AuditEvent> events) {
        return changed(
                answer(client.findOneAndUpdateWithOptions(
                        collection, query, withEvents(update, events), FIND, RETURN_NEW)),
                events);
    }

    /**
     * As {@link #change}, and makes the document where there is none with this {@code _id}.
     *
     * @return empty, and nothing is written, if one is there and the rest of the query does not match it
     */
    public Optional<JsonObject> changeOrMake(JsonObject query, JsonObject update, List<AuditEvent> events) {
        try {
            return changed(
                    await(inTime(client.findOneAndUpdateWithOptions(
                            collection, query, withEvents(update, events), FIND, UPSERT))),
                    events);
        } catch (Exception e) {
            if (isDuplicateKey(e)) {
                return Optional.empty();
            }
            throw new StoreUnavailable(e);
        }
    }

    /** Adds one refusal to a document; where too many wait already, counts it on the last one of its type. */
    public void noteRefusal(String id, AuditEvent event) {
        JsonObject full = new JsonObject().put("pendingEvents." + (MAX_PENDING - 1), exists(true));
        JsonObject room = new JsonObject().put("_id", id).put("pendingEvents." + (MAX_PENDING - 1), exists(false));
        if (change(room, new JsonObject(), List.of(event)).isEmpty()) {
            JsonObject query =
                    full.put("_id", id).put("pendingEvents.type", event.type().name());
            JsonObject count = new JsonObject()
                    .put(
                            "$inc",
                            new JsonObject().put("pendingEvents.$.repeats", 1).put("eventCount", 1));
            answer(client.findOneAndUpdateWithOptions(collection, query, count, FIND, RETURN_NEW));
        }
    }

    /** Begins a change whose outcome nobody waits for; a failure is the relay's to log. */
    public void changeLater(JsonObject query, JsonObject update) {
        relay.later(collection, query, update);
    }

    private Optional<JsonObject> changed(
            @org.jspecify.annotations.Nullable JsonObject document, List<AuditEvent> events) {
        if (document == null) {
            return Optional.empty();
        }
        JsonArray pending = document.getJsonArray("pendingEvents");
        if (!events.isEmpty() && pending != null) {
            relay.relay(
                    collection,
                    document.getString("_id"),
                    document.getInteger("eventCount"),
                    pending.size() == events.size() ? events : PendingEvents.decode(pending));
        }
        return Optional.of(document);
    }

    private JsonObject withEvents(JsonObject update, List<AuditEvent> events) {
        if (events.isEmpty()) {
            return update;
        }
        JsonObject set = update.getJsonObject("$set", new JsonObject()).copy();
        JsonObject inc = update.getJsonObject("$inc", new JsonObject()).copy();
        return update.copy()
                .put("$set", set.put("pendingSince", clock.millis()))
                .put("$inc", inc.put("eventCount", events.size()))
                .put(
                        "$push",
                        new JsonObject()
                                .put("pendingEvents", new JsonObject().put("$each", PendingEvents.encode(events))));
    }

    private static JsonObject exists(boolean wanted) {
        return new JsonObject().put("$exists", wanted);
    }

    private static <T> T answer(Future<T> future) {
        try {
            return await(inTime(future));
        } catch (Exception e) {
            throw new StoreUnavailable(e);
        }
    }

    private static boolean isDuplicateKey(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof com.mongodb.MongoException mongo && mongo.getCode() == DUPLICATE_KEY) {
                return true;
            }
        }
        return false;
    }
}
