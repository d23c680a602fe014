package dev.sallyport.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link EventPublisher} does. */
public abstract class EventPublisherContract {

    private final String key = UUID.randomUUID().toString();

    /** A publisher and who hears what it produces. */
    public interface Rig {

        EventPublisher publisher();

        /** Runs work where a publisher can wait, and waits for it. */
        <T> T call(Callable<T> work);

        /** What has arrived on the audit topic with this key, in that order. */
        List<EventRecord> arrived(String key);
    }

    protected abstract Rig rig();

    /** From now on the broker can't be reached. */
    protected abstract void brokerLeaves();

    /** The broker is there, as it was before; returns once it answers. */
    protected abstract void brokerReturns();

    @AfterEach
    void theBrokerReturns() {
        brokerReturns();
    }

    private EventRecord event() {
        return new EventRecord(
                UUID.randomUUID().toString(),
                "dev.sallyport.test",
                Instant.parse("2026-05-06T07:08:09.123Z"),
                Topics.AUDIT,
                key,
                Map.of("dataschema", "urn:test"),
                "{\"a\":\"ä\"}".getBytes(StandardCharsets.UTF_8));
    }

    private List<EventRecord> events(int count) {
        return IntStream.range(0, count).mapToObj(_ -> event()).toList();
    }

    private CompletableFuture<Boolean> publish(List<EventRecord> events) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        AtomicInteger calls = new AtomicInteger();
        rig().publisher().publish(events, acknowledged -> {
            assertEquals(1, calls.incrementAndGet(), "told once");
            done.complete(acknowledged);
        });
        return done.orTimeout(10, TimeUnit.SECONDS);
    }

    private void send(EventRecord event) {
        rig().call(() -> {
            rig().publisher().send(event);
            return true;
        });
    }

    private static List<String> ids(List<EventRecord> events) {
        return events.stream().map(EventRecord::id).toList();
    }

    @Test
    void whatWasSentHasArrivedAsItWas() {
        EventRecord sent = event();
        send(sent);
        Eventually.equal(List.of(sent.id()), () -> ids(rig().arrived(key)));
        EventRecord arrived = rig().arrived(key).getFirst();
        assertArrayEquals(sent.body(), arrived.body());
        assertEquals(
                List.of(sent.type(), sent.time(), sent.topic(), sent.key(), sent.attributes()),
                List.of(arrived.type(), arrived.time(), arrived.topic(), arrived.key(), arrived.attributes()));
    }

    @Test
    void eventsOfOneKeyKeepTheirOrder() {
        // A test before may have taken the broker away; a publisher finds it again with the first event.
        List<EventRecord> first = events(1);
        Eventually.equal(true, () -> publish(first).join());
        List<EventRecord> all = events(2_000);
        List<CompletableFuture<Boolean>> done = rig().call(() -> IntStream.range(0, 200)
                .mapToObj(i -> publish(all.subList(10 * i, 10 * (i + 1))))
                .toList());
        done.forEach(future -> assertTrue(future.join()));
        Eventually.equal(
                Stream.concat(first.stream(), all.stream()).map(EventRecord::id).toList(),
                () -> ids(rig().arrived(key)));
    }

    @Test
    void publishingNothingIsDoneAtOnce() {
        assertTrue(publish(List.of()).join());
    }

    @Test
    void sendingFailsWithinThreeSecondsWhenTheBrokerIsGone() {
        send(event());
        brokerLeaves();
        long start = System.nanoTime();
        PublishFailed failure = assertThrows(PublishFailed.class, () -> send(event()));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(Duration.ofMillis(3_500)) < 0, "it took " + took);
        assertEquals(0, failure.getStackTrace().length);
        brokerReturns();
        Eventually.equal(true, this::canSend);
    }

    private boolean canSend() {
        try {
            send(event());
            return true;
        } catch (PublishFailed e) {
            return false;
        }
    }

    @Test
    void whatWasPublishedInVainIsToldAndCanBePublishedAgain() {
        brokerLeaves();
        List<EventRecord> events = events(3);
        assertFalse(publish(events).join());
        brokerReturns();
        Eventually.equal(true, () -> publish(events).join());
        Eventually.equal(true, () -> ids(rig().arrived(key)).containsAll(ids(events)));
    }

    @Test
    void aFloodIsRefusedAtOnceAndHoldsNothingUp() {
        brokerLeaves();
        List<CompletableFuture<Boolean>> done =
                IntStream.range(0, 100).mapToObj(_ -> publish(events(100))).toList();
        assertTrue(done.stream().anyMatch(CompletableFuture::isDone), "what exceeds the bound");
        done.forEach(future -> assertFalse(future.join()));
        brokerReturns();
        Eventually.equal(true, () -> publish(events(1)).join());
        assertDoesNotThrow(() -> Eventually.equal(true, this::canSend));
    }
}
