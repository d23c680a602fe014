package dev.sallyport.mongo;

import dev.sallyport.OutageLog;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventRecord;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Produces the events that writes left in their documents, and takes them out once Kafka has them.
 *
 * <p>Whoever writes an event produces it, and with it, before it, what others left behind in the same document for
 * {@value #LEFT_BEHIND_MILLIS} ms; what is younger is under way on another node. An event is taken out by its id and
 * only after Kafka has acknowledged it: after a crash it may be produced twice under one id, and never not at all.
 */
final class EventRelay {

    /** By then whoever wrote an event has produced it or failed. */
    static final long LEFT_BEHIND_MILLIS = 5_000;

    /** The events of one document. */
    record Load(String id, List<JsonObject> events) {}

    private static final Logger LOG = LoggerFactory.getLogger(EventRelay.class);

    private final OutageLog unreadable = new OutageLog(
            LOG, "Events that a newer version wrote stay in their documents until one of its nodes produces them");
    private final EventPublisher publisher;
    private final Function<AuditEvent, List<EventRecord>> records;
    private final LateWrites late;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Set<Future<Boolean>> relaying = ConcurrentHashMap.newKeySet();
    private volatile boolean brokerTakes = true;

    EventRelay(
            EventPublisher publisher, Function<AuditEvent, List<EventRecord>> records, LateWrites late, Clock clock) {
        this.publisher = publisher;
        this.records = records;
        this.late = late;
        this.clock = clock;
    }

    /** Begins to produce the events of a new document. */
    void relay(String collection, String id, List<AuditEvent> written) {
        start(collection, List.of(id), List.of(ids(written)), records(written));
    }

    /**
     * Begins to produce what was just written to a document, and before it what was left behind there.
     *
     * @param document as it stands after that write
     * @return false if it did not, because Kafka takes nothing: all of it is then the sweeper's, which keeps the order,
     *     and not every write tries everything again
     */
    boolean relay(String collection, JsonObject document, List<AuditEvent> written) {
        List<JsonObject> left = document.getJsonArray(PendingEvents.FIELD).size() == written.size()
                ? List.of()
                : PendingEvents.leftBehind(document, clock.millis() - LEFT_BEHIND_MILLIS);
        if (!left.isEmpty() && !brokerTakes) {
            return false;
        }
        List<AuditEvent> all = written;
        if (!left.isEmpty()) {
            all = new ArrayList<>(toProduce(left));
            all.removeAll(written);
            all.addAll(written);
        }
        relay(collection, document.getString("_id"), all);
        return true;
    }

    /** Those that nobody here is producing already, and that this version can read. */
    private List<AuditEvent> toProduce(List<JsonObject> stored) {
        List<AuditEvent> events = new ArrayList<>(stored.size());
        for (JsonObject event : stored) {
            if (!underWay.contains(event.getString("id"))) {
                try {
                    events.add(PendingEvents.decode(event));
                } catch (IllegalArgumentException e) {
                    unreadable.failed(e);
                }
            }
        }
        return events;
    }

    /**
     * Produces what was left behind in some documents, but for what is under way already.
     *
     * @return how many events Kafka has and the documents are rid of; 0 if it failed
     */
    Future<Integer> produce(String collection, List<Load> loads) {
        List<String> documents = new ArrayList<>();
        List<List<String>> ids = new ArrayList<>();
        List<EventRecord> toProduce = new ArrayList<>();
        for (Load load : loads) {
            List<AuditEvent> events = toProduce(load.events());
            if (!events.isEmpty()) {
                documents.add(load.id());
                ids.add(ids(events));
                toProduce.addAll(records(events));
            }
        }
        return toProduce.isEmpty()
                ? Future.succeededFuture(0)
                : start(collection, documents, ids, toProduce).map(done -> done ? toProduce.size() : 0);
    }

    private Future<Boolean> start(
            String collection, List<String> documents, List<List<String>> ids, List<EventRecord> toProduce) {
        Promise<Boolean> acknowledged = Promise.promise();
        ids.forEach(underWay::addAll);
        Future<Boolean> relayed = acknowledged
                .future()
                .compose(yes -> {
                    brokerTakes = yes;
                    return yes ? takeOut(collection, documents, ids) : Future.succeededFuture(false);
                })
                .otherwise(false);
        relaying.add(relayed);
        var _ = relayed.onComplete(_ -> {
            ids.forEach(underWay::removeAll);
            relaying.remove(relayed);
        });
        publisher.publish(toProduce, acknowledged::tryComplete);
        return relayed;
    }

    private Future<Boolean> takeOut(String collection, List<String> documents, List<List<String>> ids) {
        List<Future<Void>> taken = new ArrayList<>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            taken.add(late.add(
                    collection, new JsonObject().put("_id", documents.get(i)), PendingEvents.removal(ids.get(i))));
        }
        return Future.join(taken).map(true);
    }

    /** Succeeds when everything that is now on its way to Kafka has arrived or failed, and left its document. */
    Future<Void> settled() {
        return Future.join(List.copyOf(relaying)).mapEmpty();
    }

    private List<EventRecord> records(List<AuditEvent> events) {
        return events.stream().map(records).flatMap(List::stream).toList();
    }

    private static List<String> ids(List<AuditEvent> events) {
        return events.stream().map(AuditEvent::id).toList();
    }
}
