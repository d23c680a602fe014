package dev.sallyport.dispatch.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tail's turns, taken by hand. */
class TailTest {

    private static final TopicPartition ONE = new TopicPartition("ledger", 1);
    private static final TopicPartition TWO = new TopicPartition("ledger", 2);

    /** Answers when the test does. */
    private static final class Asked implements Tail.Places {

        private final Map<TopicPartition, CompletableFuture<Tail.Place>> open = new HashMap<>();
        private final AtomicInteger questions = new AtomicInteger();

        @Override
        public Map<TopicPartition, CompletionStage<Tail.Place>> find(Map<TopicPartition, Tail.Reading> readings) {
            questions.incrementAndGet();
            Map<TopicPartition, CompletionStage<Tail.Place>> answers = new HashMap<>();
            readings.keySet().forEach(partition -> {
                open.put(partition, new CompletableFuture<>());
                answers.put(partition, open.get(partition));
            });
            return answers;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Asked places = new Asked();
    private final Tail tail = new Tail(consumer, places);
    private final List<String> read = new ArrayList<>();
    private final List<TopicPartition> caughtUp = new ArrayList<>();
    private final AtomicBoolean full = new AtomicBoolean();

    @AfterEach
    void close() {
        tail.close();
    }

    private void follow(TopicPartition partition) {
        tail.follow(
                partition,
                new Tail.Reading(Duration.ofHours(1), false, full::get, this::read, () -> caughtUp.add(partition)));
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        if (text.equals("bad")) {
            throw new IllegalStateException("a bad record");
        }
        read.add(record.partition() + "@" + record.offset() + " " + text);
    }

    private void found(TopicPartition partition, long first, long end) {
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        places.open.get(partition).complete(new Tail.Place(first, end));
    }

    private void write(TopicPartition partition, long offset, String text) {
        consumer.schedulePollTask(() -> consumer.addRecord(new ConsumerRecord<>(
                partition.topic(), partition.partition(), offset, null, text.getBytes(StandardCharsets.UTF_8))));
    }

    private void turn() throws InterruptedException {
        try {
            tail.turn();
        } catch (WakeupException e) {
            tail.turn();
        }
    }

    @Test
    void aPartitionIsReadFromItsPlaceAndHasCaughtUpWhenItsEndIsReached() throws Exception {
        follow(ONE);
        turn();
        assertEquals(Set.of(), consumer.assignment());
        found(ONE, 4, 6);
        write(ONE, 4, "a");
        turn();
        assertEquals(List.of(), caughtUp);
        write(ONE, 5, "b");
        turn();
        assertEquals(List.of("1@4 a", "1@5 b"), read);
        assertEquals(List.of(ONE), caughtUp);
        write(ONE, 6, "c");
        turn();
        assertEquals(List.of(ONE), caughtUp);
    }

    @Test
    void anEmptyPartitionHasCaughtUpAtOnce() throws Exception {
        follow(ONE);
        turn();
        found(ONE, 0, 0);
        turn();
        assertEquals(List.of(ONE), caughtUp);
    }

    @Test
    void aPartitionThatNobodyLeadsHoldsUpNoOther() throws Exception {
        follow(ONE);
        follow(TWO);
        turn();
        found(TWO, 0, 1);
        write(TWO, 0, "a");
        turn();
        assertEquals(List.of("2@0 a"), read);
        assertEquals(Set.of(TWO), consumer.assignment());
        places.open.get(ONE).completeExceptionally(new TimeoutException("no leader"));
        int before = places.questions.get();
        turn();
        assertEquals(before, places.questions.get(), "it is not asked again at once");
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (places.questions.get() == before && System.nanoTime() < end) {
            turn();
        }
        found(ONE, 0, 0);
        turn();
        assertEquals(List.of(TWO, ONE), caughtUp);
    }

    @Test
    void aBadRecordIsPassedOver() throws Exception {
        follow(ONE);
        turn();
        found(ONE, 0, 3);
        write(ONE, 0, "a");
        write(ONE, 1, "bad");
        write(ONE, 2, "c");
        turn();
        turn();
        turn();
        assertEquals(List.of("1@0 a", "1@2 c"), read);
        assertEquals(List.of(ONE), caughtUp);
    }

    @Test
    void whatIsLeftAndFollowedAnewIsReadAnew() throws Exception {
        follow(ONE);
        turn();
        found(ONE, 0, 1);
        write(ONE, 0, "a");
        turn();
        tail.leave(Set.of(ONE));
        follow(ONE);
        turn();
        assertEquals(Set.of(), consumer.assignment());
        found(ONE, 0, 1);
        write(ONE, 0, "a");
        turn();
        assertEquals(List.of("1@0 a", "1@0 a"), read);
        assertEquals(List.of(ONE, ONE), caughtUp);
    }

    @Test
    void anAnswerThatIsForgottenByThenChangesNothing() throws Exception {
        follow(ONE);
        turn();
        CompletableFuture<Tail.Place> old = places.open.get(ONE);
        tail.leave(Set.of(ONE));
        follow(ONE);
        turn();
        consumer.updateBeginningOffsets(Map.of(ONE, 0L));
        old.complete(new Tail.Place(9, 9));
        turn();
        assertEquals(Set.of(), consumer.assignment());
        tail.leave(Set.of(ONE));
        turn();
        places.open.get(ONE).complete(new Tail.Place(9, 9));
        turn();
        assertEquals(Set.of(), consumer.assignment());
        assertTrue(caughtUp.isEmpty());
    }

    @Test
    void whileThereIsNoRoomNothingIsRead() throws Exception {
        full.set(true);
        follow(ONE);
        turn();
        found(ONE, 0, 1);
        turn();
        assertEquals(Set.of(ONE), consumer.paused());
        full.set(false);
        write(ONE, 0, "a");
        turn();
        assertEquals(List.of("1@0 a"), read);
    }
}
