package dev.sallyport.mongo;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.event.EventPublisher;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.BulkOperation;
import io.vertx.ext.mongo.BulkWriteOptions;
import io.vertx.ext.mongo.MongoClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Produces the events that a write left in its document, and clears them from it once Kafka has them. Small writes that
 * nobody waits for are gathered for {@value #GATHER_MILLIS} ms and sent as one.
 *
 * <p>Whoever writes produces everything that is pending in the document as it then stands, and clears it only if no
 * other event came between; so an event may, after a crash, be produced twice under one id, and is never cleared
 * unproduced.
 */
final class EventRelay {

    private static final Logger LOG = LoggerFactory.getLogger(EventRelay.class);
    private static final long GATHER_MILLIS = 25;
    private static final long FORGET_MILLIS = 1_000;

    private final Vertx vertx;
    private final MongoClient client;
    private final EventPublisher publisher;
    private final AuditRecords records;
    private final Map<String, List<BulkOperation>> gathered = new HashMap<>();
    private final Map<String, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();

    EventRelay(Vertx vertx, MongoClient client, EventPublisher publisher, AuditRecords records) {
        this.vertx = vertx;
        this.client = client;
        this.publisher = publisher;
        this.records = records;
    }

    /**
     * Produces what is pending in a document and then clears it. Events that this node is producing already, for an
     * earlier write to the same document, are waited for and not produced again.
     */
    void relay(String collection, String id, int eventCount, List<AuditEvent> pending) {
        CompletableFuture<Boolean> fresh = new CompletableFuture<>();
        List<AuditEvent> toProduce = new ArrayList<>(pending.size());
        List<CompletableFuture<Boolean>> all = new ArrayList<>(List.of(fresh));
        for (AuditEvent event : pending) {
            CompletableFuture<Boolean> under = underWay.putIfAbsent(event.id(), fresh);
            if (under == null) {
                toProduce.add(event);
            } else {
                all.add(under);
            }
        }
        var _ = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenRun(() -> {
            if (all.stream().allMatch(CompletableFuture::join)) {
                clear(collection, id, eventCount);
            }
            // Later than the clearing: a write that comes between still finds them in the document.
            vertx.setTimer(FORGET_MILLIS, _ -> toProduce.forEach(event -> underWay.remove(event.id())));
        });
        publisher.publish(toProduce.stream().map(records::record).toList(), fresh::complete);
    }

    private void clear(String collection, String id, int eventCount) {
        JsonObject query = new JsonObject().put("_id", id).put("eventCount", eventCount);
        JsonObject update = new JsonObject()
                .put("$set", new JsonObject().put("pendingEvents", new JsonArray()))
                .put("$unset", new JsonObject().put("pendingSince", ""));
        later(collection, query, update);
    }

    void later(String collection, JsonObject query, JsonObject update) {
        boolean first;
        synchronized (gathered) {
            first = gathered.isEmpty();
            gathered.computeIfAbsent(collection, name -> new ArrayList<>())
                    .add(BulkOperation.createUpdate(query, update));
        }
        if (first) {
            vertx.setTimer(GATHER_MILLIS, timer -> flush());
        }
    }

    /** Writes what is gathered now. */
    Future<Void> flush() {
        Map<String, List<BulkOperation>> batches;
        synchronized (gathered) {
            batches = Map.copyOf(gathered);
            gathered.clear();
        }
        BulkWriteOptions unordered = new BulkWriteOptions().setOrdered(false);
        List<Future<?>> written = new ArrayList<>();
        batches.forEach((collection, batch) -> written.add(client.bulkWriteWithOptions(collection, batch, unordered)
                .onFailure(e -> LOG.warn("{} late writes to {} failed", batch.size(), collection, e))));
        return Future.join(written).mapEmpty();
    }
}
