package dev.sallyport.mongo;

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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One collection whose documents carry their events until Kafka has them. Beside its own fields a document has:
 *
 * <ul>
 *   <li>{@code pendingEvents}: what was written with it and is not yet known to be in Kafka
 *   <li>{@code purgeAfter}: when it may be deleted, in epoch milliseconds; nothing is deleted with events pending
 * </ul>
 *
 * Where Kafka stays away, a document does not grow without end: from {@value #REFUSALS_APART} waiting events on, further
 * refusals are counted on one event of their type; from {@value #MOST_PENDING} on, what is older than a few seconds moves
 * to the collection {@code outbox}. So every change is still told, one by one, and a guesser can't fill the disk.
 *
 * <p>Instances are called from Vert.x virtual threads. Every method throws {@link StoreUnavailable} if MongoDB does not
 * answer within five seconds; a write that failed so may have happened.
 */
public final class Documents {

    static final int REFUSALS_APART = 40;
    static final int MOST_PENDING = 50;

    private static final UpdateOptions RETURN_NEW = new UpdateOptions().setReturningNewDocument(true);
    private static final UpdateOptions UPSERT =
            new UpdateOptions().setReturningNewDocument(true).setUpsert(true);
    private static final FindOptions FIND = new FindOptions();
    private static final String NO_ROOM = PendingEvents.FIELD + '.' + (REFUSALS_APART - 1);
    private static final JsonObject ABSENT = new JsonObject().put("$exists", false);

    private final MongoClient client;
    private final String collection;
    private final EventRelay relay;
    private final LateWrites late;
    private final Clock clock;
    private final Documents outbox;

    /** @param outbox takes events of no document; null where this is the outbox itself */
    Documents(
            MongoClient client,
            String collection,
            EventRelay relay,
            LateWrites late,
            Clock clock,
            @Nullable Documents outbox) {
        this.client = client;
        this.collection = collection;
        this.relay = relay;
        this.late = late;
        this.clock = clock;
        this.outbox = outbox == null ? this : outbox;
    }

    /** Adds a document with its events. Returns false, and nothing is written, if a unique index refused it. */
    public boolean insert(JsonObject document, List<AuditEvent> events) {
        if (!events.isEmpty()) {
            document.put(PendingEvents.FIELD, PendingEvents.encode(events));
        }
        try {
            await(Answers.inTime(client.insert(collection, document)));
        } catch (Exception e) {
            if (Answers.isDuplicateKey(e)) {
                return false;
            }
            throw new StoreUnavailable(e);
        }
        if (!events.isEmpty()) {
            relay.relay(collection, document.getString("_id"), events);
        }
        return true;
    }

    public Optional<JsonObject> find(JsonObject query) {
        return Optional.ofNullable(Answers.of(client.findOne(collection, query, null)));
    }

    /** The documents with these ids that there are, in no order. */
    public List<JsonObject> find(List<String> ids) {
        return arrived(begin(ids));
    }

    /** Begins to read documents, so that two reads can be under way at once; ended by {@link #arrived}. */
    public Future<List<JsonObject>> begin(List<String> ids) {
        Object wanted = ids.size() == 1 ? ids.getFirst() : new JsonObject().put("$in", new JsonArray(ids));
        return client.findWithOptions(collection, new JsonObject().put("_id", wanted), FIND);
    }

    public static List<JsonObject> arrived(Future<List<JsonObject>> read) {
        return Answers.of(read);
    }

    /** The next documents in the order of their ids that match a query. */
    public List<JsonObject> page(String afterId, JsonObject query, int most) {
        JsonObject next = query.copy().put("_id", new JsonObject().put("$gt", afterId));
        FindOptions options =
                new FindOptions().setSort(new JsonObject().put("_id", 1)).setLimit(most);
        return Answers.of(client.findWithOptions(collection, next, options));
    }

    /** Documents that match, in no order; the query should have an index. */
    public List<JsonObject> all(JsonObject query, int most) {
        return Answers.of(client.findWithOptions(collection, query, new FindOptions().setLimit(most)));
    }

    /**
     * Changes the one document that the query matches, and adds events to it, in one write.
     *
     * @return the document afterwards; empty, and nothing is written, if none matched
     */
    public Optional<JsonObject> change(JsonObject query, JsonObject update, List<AuditEvent> events) {
        return changed(
                Answers.of(client.findOneAndUpdateWithOptions(
                        collection, query, withEvents(update, events), FIND, RETURN_NEW)),
                events);
    }

    /**
     * As {@link #change}, without events, and makes the document where there is none with this {@code _id}.
     *
     * @return empty, and nothing is written, if one is there and the rest of the query does not match it
     */
    public Optional<JsonObject> changeOrMake(JsonObject query, JsonObject update) {
        try {
            return Optional.ofNullable(
                    await(Answers.inTime(client.findOneAndUpdateWithOptions(collection, query, update, FIND, UPSERT))));
        } catch (Exception e) {
            if (Answers.isDuplicateKey(e)) {
                return Optional.empty();
            }
            throw new StoreUnavailable(e);
        }
    }

    /** Adds events to a document that is not changed otherwise; to the outbox where there is no such document. */
    public void note(String id, List<AuditEvent> events) {
        if (events.isEmpty()
                || change(byId(id).put(NO_ROOM, ABSENT), new JsonObject(), events)
                        .isPresent()) {
            return;
        }
        for (AuditEvent event : events) {
            boolean noted = event.type().success()
                    ? change(byId(id), new JsonObject(), List.of(event)).isPresent()
                    : count(id, event);
            if (!noted) {
                outbox.insert(
                        new JsonObject().put("_id", event.id()).put("purgeAfter", clock.millis()), List.of(event));
            }
        }
    }

    /** Counts a refusal on the open event of its type, or makes it that one; false if there is no such document. */
    private boolean count(String id, AuditEvent refusal) {
        JsonObject open = new JsonObject()
                .put("$elemMatch", PendingEvents.open(refusal.type().name()));
        JsonObject uncounted = byId(id).put(PendingEvents.FIELD, new JsonObject().put("$not", open));
        JsonObject first =
                push(new JsonArray().add(PendingEvents.encode(refusal).put(PendingEvents.OPEN, true)));
        // The second try is for whoever found none open and then came second at making it.
        return countOnOpen(id, refusal) || change(uncounted, first, List.of()).isPresent() || countOnOpen(id, refusal);
    }

    private boolean countOnOpen(String id, AuditEvent refusal) {
        JsonObject ofType = PendingEvents.open(refusal.type().name());
        JsonObject query = byId(id).put(PendingEvents.FIELD, new JsonObject().put("$elemMatch", ofType));
        return Answers.of(client.findOneAndUpdateWithOptions(
                        collection, query, PendingEvents.repetition(), FIND, PendingEvents.onElement(ofType)))
                != null;
    }

    /** Begins a change that nobody waits for, and that must do no harm if it is done twice, late or never. */
    public void changeLater(JsonObject query, JsonObject update) {
        var _ = late.add(collection, query, update);
    }

    private Optional<JsonObject> changed(@Nullable JsonObject document, List<AuditEvent> events) {
        if (document == null) {
            return Optional.empty();
        }
        if (!events.isEmpty()) {
            boolean relayed = relay.relay(collection, document, events);
            if (!relayed && document.getJsonArray(PendingEvents.FIELD).size() >= MOST_PENDING) {
                moveToOutbox(document);
            }
        }
        return Optional.of(document);
    }

    /**
     * Whoever finds a document full moves what was left behind in it. A crash in between leaves events in both places,
     * under their ids.
     */
    private void moveToOutbox(JsonObject document) {
        List<JsonObject> left = PendingEvents.leftBehind(document, clock.millis() - EventRelay.LEFT_BEHIND_MILLIS);
        List<String> ids = left.stream().map(event -> event.getString("id")).toList();
        if (!ids.isEmpty() && outbox != this) {
            outbox.insert(
                    new JsonObject()
                            .put("_id", UUID.randomUUID().toString())
                            .put("purgeAfter", clock.millis())
                            .put(PendingEvents.FIELD, new JsonArray(left)),
                    List.of());
            change(byId(document.getString("_id")), PendingEvents.removal(ids), List.of());
        }
    }

    private static JsonObject withEvents(JsonObject update, List<AuditEvent> events) {
        return events.isEmpty() ? update : push(PendingEvents.encode(events)).mergeIn(update);
    }

    private static JsonObject push(JsonArray events) {
        return new JsonObject()
                .put("$push", new JsonObject().put(PendingEvents.FIELD, new JsonObject().put("$each", events)));
    }

    private static JsonObject byId(String id) {
        return new JsonObject().put("_id", id);
    }
}
