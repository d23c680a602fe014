package dev.sallyport.authz.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SharedReadsTest {

    private final Vertx vertx = Vertx.vertx();
    private final Room room = new Room(vertx.getOrCreateContext());
    private final SharedReads<Integer> reads = new SharedReads<>();
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch storeAnswers = new CountDownLatch(1);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private int read() {
        try {
            storeAnswers.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return count.incrementAndGet();
    }

    @Test
    void manyWhoAskForTheSameAtOnceCostOneRead() {
        List<Future<Integer>> asked = Stream.generate(() -> reads.read("a", room, this::read))
                .limit(100)
                .toList();
        storeAnswers.countDown();
        asked.forEach(one -> assertEquals(1, one.await()));
        assertEquals(2, reads.read("a", room, this::read).await());
        assertEquals(3, reads.read("b", room, this::read).await());
    }

    /** Made-up cookies must not take all connections of the store, nor all memory. */
    @Test
    void soManyAreUnderWaySoManyWaitAndTheRestIsSentAwayAtOnce() throws InterruptedException {
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(SharedReads.AT_ONCE);
        Promise<Integer> stored = Promise.promise();
        Room patient = new Room(virtual());
        List<Future<Integer>> asked = IntStream.range(0, SharedReads.AT_ONCE + SharedReads.MOST_WAITING)
                .mapToObj(i -> reads.read("made up " + i, patient, () -> {
                    begun.incrementAndGet();
                    full.countDown();
                    return stored.future().await();
                }))
                .toList();
        assertTrue(reads.read("one more", patient, this::read).failed());
        assertTrue(full.await(10, TimeUnit.SECONDS));
        assertEquals(SharedReads.AT_ONCE, begun.get());
        Future<Integer> same = reads.read("made up 0", patient, this::read);
        stored.complete(7);
        asked.forEach(one -> assertEquals(7, one.await()));
        assertEquals(7, same.await());
        assertEquals(SharedReads.AT_ONCE + SharedReads.MOST_WAITING, begun.get());
        storeAnswers.countDown();
        assertEquals(1, reads.read("one more", patient, this::read).await());
    }

    private Context virtual() {
        Promise<Context> found = Promise.promise();
        AbstractVerticle verticle = new AbstractVerticle() {
            @Override
            public void start() {
                found.complete(context);
            }
        };
        vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .await();
        return found.future().await();
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("the store is away"), new NoClassDefFoundError("of a half made jar"));
    }

    /** Also one that nobody foresaw: else whoever asks for the same later would wait for ever. */
    @ParameterizedTest
    @MethodSource("failures")
    void aReadThatFailsFailsForAllWhoWaitForItAndForNobodyElse(Throwable failure) {
        Supplier<Integer> broken = () -> {
            switch (failure) {
                case Error error -> throw error;
                default -> throw (RuntimeException) failure;
            }
        };
        Future<Integer> first = reads.read("a", room, broken);
        assertThrows(failure.getClass(), first::await);
        storeAnswers.countDown();
        assertEquals(1, reads.read("a", room, this::read).await());
    }
}
