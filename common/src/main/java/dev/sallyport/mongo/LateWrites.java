package dev.sallyport.mongo;

import dev.sallyport.OutageLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.BulkOperation;
import io.vertx.ext.mongo.BulkWriteOptions;
import io.vertx.ext.mongo.MongoClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small writes that nobody waits for, gathered for {@value #GATHER_MILLIS} ms and sent as one. Each must do no harm if
 * it is done twice, late or never: what fails is tried again {@value #MOST_TRIES} times in all and then given up, and
 * so is what exceeds {@value #MOST_WAITING} while MongoDB is slow.
 */
final class LateWrites {

    private static final Logger LOG = LoggerFactory.getLogger(LateWrites.class);
    private static final long GATHER_MILLIS = 100;
    private static final long RETRY_MILLIS = 2_000;
    private static final int MOST_TRIES = 10;
    private static final int MOST_WAITING = 20_000;
    private static final int MOST_AT_ONCE = 1_000;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().setOrdered(false);

    /** What was gathered for one collection. */
    private static final class Batch {
        private final String collection;
        private final List<BulkOperation> writes = new ArrayList<>();
        private final Promise<Void> done = Promise.promise();
        private int tries;

        Batch(String collection) {
            this.collection = collection;
        }
    }

    private final Vertx vertx;
    private final MongoClient client;
    private final OutageLog outage = new OutageLog(LOG, "Late writes to MongoDB fail and are tried again");
    private final Map<String, Batch> gathered = new HashMap<>();
    private final List<Batch> failed = new ArrayList<>();
    private final Set<Future<Void>> underWay = ConcurrentHashMap.newKeySet();
    private int waiting;
    private boolean scheduled;

    LateWrites(Vertx vertx, MongoClient client) {
        this.vertx = vertx;
        this.client = client;
    }

    /** Gathers an update of the documents that match; succeeds once it is written, fails if it was given up. */
    Future<Void> add(String collection, JsonObject query, JsonObject update) {
        Batch batch;
        synchronized (this) {
            if (waiting >= MOST_WAITING) {
                return Future.failedFuture("too many late writes wait");
            }
            waiting++;
            batch = gathered.computeIfAbsent(collection, Batch::new);
            batch.writes.add(BulkOperation.createUpdate(query, update));
            schedule(GATHER_MILLIS);
        }
        return batch.done.future();
    }

    /** One flush at a time: while one is under way, or has failed a moment ago, the next batch grows. */
    private synchronized void schedule(long millis) {
        if (!scheduled) {
            scheduled = true;
            vertx.setTimer(millis, _ -> flush().onComplete(_ -> flushed()));
        }
    }

    private synchronized void flushed() {
        scheduled = false;
        if (!failed.isEmpty()) {
            schedule(RETRY_MILLIS);
        } else if (!gathered.isEmpty()) {
            schedule(GATHER_MILLIS);
        }
    }

    /** Succeeds when everything that was added before is written or has failed once more. */
    Future<Void> settled() {
        var _ = flush();
        return Future.join(List.copyOf(underWay)).mapEmpty();
    }

    /** Writes now what is gathered, and what has failed before. */
    private Future<Void> flush() {
        List<Batch> batches;
        synchronized (this) {
            batches = new ArrayList<>(failed);
            failed.clear();
            batches.addAll(gathered.values());
            gathered.clear();
        }
        Future<Void> written =
                Future.join(batches.stream().map(this::write).toList()).mapEmpty();
        underWay.add(written);
        return written.onComplete(_ -> underWay.remove(written));
    }

    private Future<Void> write(Batch batch) {
        return write(batch, 0)
                .onSuccess(_ -> {
                    outage.worked();
                    leave(batch);
                    batch.done.complete();
                })
                .onFailure(cause -> {
                    outage.failed(cause);
                    tryAgain(batch, cause);
                });
    }

    private Future<Void> write(Batch batch, int from) {
        int size = batch.writes.size();
        if (from >= size) {
            return Future.succeededFuture();
        }
        int to = Math.min(size, from + MOST_AT_ONCE);
        return client.bulkWriteWithOptions(batch.collection, batch.writes.subList(from, to), UNORDERED)
                .compose(_ -> write(batch, to));
    }

    private void tryAgain(Batch batch, Throwable cause) {
        synchronized (this) {
            if (++batch.tries < MOST_TRIES) {
                failed.add(batch);
                return;
            }
        }
        leave(batch);
        batch.done.fail(cause);
    }

    private synchronized void leave(Batch batch) {
        waiting -= batch.writes.size();
    }
}
