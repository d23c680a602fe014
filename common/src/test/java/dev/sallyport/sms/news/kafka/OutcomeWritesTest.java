package dev.sallyport.sms.news.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.StoreUnavailable;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutcomeWritesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ExecutorService places = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final OutcomeWrites writes = new OutcomeWrites(this::keep, places);

    @AfterEach
    void stop() {
        places.shutdownNow();
    }

    private void keep(Outcome outcome) {
        if (refused.contains(outcome.messageId())) {
            throw new StoreUnavailable(null);
        }
        written.add(outcome.messageId() + " " + outcome.status().id());
    }

    private void add(String message, Status status) {
        writes.add(Outcome.of(message, "challenge", "key", status, Instant.EPOCH));
    }

    @Test
    void withNothingToWriteItIsDone() {
        assertTrue(writes.doneWithin(Duration.ZERO));
    }

    @Test
    void ofOneMessageTheLatestIsWritten() {
        add("a", Status.ACCEPTED);
        add("a", Status.DELIVERED);
        add("a", Status.SENT);
        add("a", Status.DELIVERED);
        assertTrue(writes.doneWithin(PATIENCE));
        assertEquals(List.of("a delivered"), written);
    }

    @Test
    void whatTheStoreDoesNotTakeIsWrittenLaterAndTheRestAtOnce() {
        refused.add("a");
        add("a", Status.SENT);
        add("b", Status.SENT);
        assertFalse(writes.doneWithin(PATIENCE));
        assertFalse(writes.doneWithin(Duration.ZERO), "not again at once");
        assertEquals(List.of("b sent"), written);
        refused.clear();
        add("c", Status.SENT);
        Eventually.equal(true, () -> writes.doneWithin(PATIENCE));
        assertEquals(3, written.size());
        assertEquals(Set.of("a sent", "b sent", "c sent"), Set.copyOf(written));
    }

    @Test
    void whileTheStoreHasToAnswerItIsNotDoneAndNotAskedAgain() {
        CountDownLatch answer = new CountDownLatch(1);
        OutcomeWrites slow = new OutcomeWrites(
                outcome -> {
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    keep(outcome);
                },
                places);
        slow.add(Outcome.of("a", "challenge", "key", Status.SENT, Instant.EPOCH));
        assertFalse(slow.doneWithin(Duration.ofMillis(1)));
        assertFalse(slow.doneWithin(Duration.ofMillis(1)));
        slow.add(Outcome.of("a", "challenge", "key", Status.DELIVERED, Instant.EPOCH));
        answer.countDown();
        Eventually.equal(true, () -> slow.doneWithin(PATIENCE));
        assertEquals(List.of("a sent", "a delivered"), written, "what came meanwhile is written as well");
    }

    @Test
    void whatCanNeverBeWrittenHoldsNothingUp() {
        OutcomeWrites broken = new OutcomeWrites(
                outcome -> {
                    throw new IllegalArgumentException("a mistake of this program");
                },
                places);
        broken.add(Outcome.of("a", "challenge", "key", Status.SENT, Instant.EPOCH));
        assertTrue(broken.doneWithin(PATIENCE));
    }
}
