package dev.sallyport.password.sodium;

import dev.sallyport.password.HashingOverloaded;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named worker pool that takes only as much work as it can do in about a second. Vert.x itself would queue without
 * end, and past saturation everyone would wait for answers that nobody waits for any more.
 */
final class BoundedWorkers {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedWorkers.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final WorkerExecutor executor;
    private final Semaphore room;
    private final int limit;
    private volatile boolean stopping;

    /** @param limit how much may be running or waiting, in the unit of the weights given to {@link #run} */
    BoundedWorkers(Vertx vertx, String name, int threads, int limit) {
        this.executor = vertx.createSharedWorkerExecutor(name, threads);
        this.room = new Semaphore(limit);
        this.limit = limit;
    }

    /**
     * Waits for the result on a Vert.x virtual thread, which lets other requests run, or on a plain thread.
     *
     * @param weight a task heavier than the whole limit still runs, alone
     */
    <T> T run(int weight, Callable<T> task) {
        int taken = Math.min(weight, limit);
        requireRoom();
        if (!room.tryAcquire(taken)) {
            throw new HashingOverloaded(RETRY_AFTER);
        }
        return executor.executeBlocking(
                        () -> {
                            try {
                                return task.call();
                            } finally {
                                room.release(taken);
                            }
                        },
                        false)
                .await();
    }

    /** Throws {@link HashingOverloaded} if not even the lightest task would be taken now. */
    void requireRoom() {
        if (stopping || room.availablePermits() == 0) {
            throw new HashingOverloaded(RETRY_AFTER);
        }
    }

    /** How much more would be taken now. */
    int free() {
        return room.availablePermits();
    }

    /**
     * Takes no more work and waits, blocking, until the accepted work is done: closing the pool would drop what is
     * queued, and its callers would wait for ever.
     */
    void stop() {
        stopping = true;
        try {
            if (!room.tryAcquire(limit, LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Some password work did not end within {} s and is dropped.", LONGEST_STOP.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.close().await();
    }
}
