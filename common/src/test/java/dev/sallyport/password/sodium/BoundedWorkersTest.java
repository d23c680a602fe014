package dev.sallyport.password.sodium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.password.HashingOverloaded;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedWorkersTest {

    private static final int THREADS = 2;
    private static final int LIMIT = 7;

    private final Vertx vertx = Vertx.vertx();
    private final BoundedWorkers workers = new BoundedWorkers(vertx, "bounded-workers-test", THREADS, LIMIT);

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void whatWasAcceptedIsDoneAndTheRestIsRefusedWhenFull() throws Exception {
        var gate = new CountDownLatch(1);
        var started = new Semaphore(0);
        List<Future<Integer>> accepted = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < LIMIT; i++) {
                int number = i;
                accepted.add(threads.submit(() -> workers.run(1, () -> {
                    started.release();
                    gate.await();
                    return number;
                })));
            }
            started.acquire(THREADS);
            awaitFull();
            assertThrows(HashingOverloaded.class, () -> workers.run(1, () -> "too much"));
            assertThrows(HashingOverloaded.class, workers::requireRoom);
            gate.countDown();
            assertEquals(IntStream.range(0, LIMIT).boxed().toList(), results(accepted));
        }
        workers.requireRoom();
        assertEquals("room again", workers.run(LIMIT, () -> "room again"));
    }

    @Test
    void aHeavyTaskTakesAsMuchRoomAsItWeighs() throws Exception {
        var gate = new CountDownLatch(1);
        var started = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var heavy = threads.submit(() -> workers.run(LIMIT - 1, () -> {
                started.countDown();
                gate.await();
                return "done";
            }));
            started.await();
            assertThrows(HashingOverloaded.class, () -> workers.run(2, () -> "too much"));
            assertEquals("fits", workers.run(1, () -> "fits"));
            gate.countDown();
            assertEquals("done", heavy.get());
        }
    }

    @Test
    void aTaskHeavierThanEverythingStillRuns() {
        assertEquals("done", workers.run(100 * LIMIT, () -> "done"));
    }

    @Test
    void aFailureComesBackAsItIsAndGivesItsRoomBack() {
        for (int i = 0; i < 3 * LIMIT; i++) {
            var failure = new IllegalStateException("as it is");
            assertEquals(
                    failure,
                    assertThrows(
                            IllegalStateException.class,
                            () -> workers.run(LIMIT, () -> {
                                throw failure;
                            })));
        }
    }

    @Test
    void stoppingWaitsForWhatWasAcceptedAndTakesNoMore() throws Exception {
        var gate = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> accepted = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++) {
                int number = i;
                accepted.add(threads.submit(() -> workers.run(1, () -> {
                    gate.await();
                    return number;
                })));
            }
            awaitFull();
            var stopped = threads.submit(workers::stop);
            assertThrows(HashingOverloaded.class, () -> workers.run(1, () -> "too late"));
            assertFalse(stopped.isDone());
            gate.countDown();
            stopped.get();
            assertEquals(IntStream.range(0, LIMIT).boxed().toList(), results(accepted));
            assertThrows(HashingOverloaded.class, () -> workers.run(1, () -> "too late"));
        }
    }

    /** The last of the accepted calls may still be on its way in. */
    private void awaitFull() {
        while (workers.free() > 0) {
            Thread.onSpinWait();
        }
    }

    private static List<Integer> results(List<Future<Integer>> futures) throws Exception {
        List<Integer> results = new ArrayList<>();
        for (Future<Integer> future : futures) {
            results.add(future.get());
        }
        return results;
    }
}
