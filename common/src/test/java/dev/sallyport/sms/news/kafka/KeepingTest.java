package dev.sallyport.sms.news.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.StoreUnavailable;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.kafka.OutcomeRecords;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read, written and committed, step by step. */
class KeepingTest {

    private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
    private static final TopicPartition ONE = new TopicPartition(Topics.SMS_OUTCOME, 1);
    private static final TopicPartition TWO = new TopicPartition(Topics.SMS_OUTCOME, 2);

    private final ExecutorService places = Executors.newVirtualThreadPerTaskExecutor();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Set<String> kept = new ConcurrentSkipListSet<>();
    private final Keeping keeping = new Keeping(new OutcomeWrites(this::keep, places), new MovableClock(NOW));
    private volatile boolean storeIsAway;

    @BeforeEach
    void join() {
        keeping.begin(consumer);
        consumer.updateBeginningOffsets(Map.of(ONE, 0L, TWO, 0L));
        consumer.rebalance(List.of(ONE, TWO));
    }

    @AfterEach
    void stop() {
        places.shutdownNow();
    }

    private void keep(Outcome outcome) {
        if (storeIsAway) {
            throw new StoreUnavailable(null);
        }
        kept.add(outcome.messageId());
    }

    private void arrives(TopicPartition partition, String message) {
        arrives(partition, message, NOW);
    }

    private void arrives(TopicPartition partition, String message, Instant at) {
        EventRecord event = OutcomeRecords.encode(Outcome.of(message, "a challenge", "a key", Status.SENT, at));
        ProducerRecord<byte[], byte[]> sent = CloudEvents.producerRecord(event, "/test");
        ConsumerRecord<byte[], byte[]> record = record(partition, sent.value());
        sent.headers().forEach(header -> record.headers().add(header));
        consumer.addRecord(record);
    }

    private ConsumerRecord<byte[], byte[]> record(TopicPartition partition, byte[] value) {
        long offset = next.merge(partition, 1L, Long::sum) - 1;
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "a key".getBytes(), value);
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        consumer.committed(Set.of(ONE, TWO))
                .forEach((TopicPartition partition, OffsetAndMetadata end) -> offsets.put(partition, end.offset()));
        return offsets;
    }

    @Test
    void whatIsWrittenIsCommitted() {
        arrives(ONE, "a");
        arrives(ONE, "b");
        arrives(TWO, "c");
        keeping.step(consumer);
        assertEquals(Set.of("a", "b", "c"), kept);
        assertEquals(Map.of(ONE, 2L, TWO, 1L), committed());
        assertEquals(Set.of(), consumer.paused());
    }

    @Test
    void whileTheStoreIsAwayNothingIsCommittedAndNothingMoreIsRead() {
        storeIsAway = true;
        arrives(ONE, "a");
        keeping.step(consumer);
        arrives(ONE, "b");
        arrives(TWO, "c");
        keeping.step(consumer);
        assertEquals(Map.of(), committed());
        assertEquals(Set.of(ONE, TWO), consumer.paused());
        assertEquals(1, consumer.position(ONE));
        storeIsAway = false;
        Eventually.equal(Set.of("a", "b", "c"), () -> {
            keeping.step(consumer);
            return new TreeSet<>(kept);
        });
        assertSoonCommitted(Map.of(ONE, 2L, TWO, 1L));
        assertEquals(Set.of(), consumer.paused());
    }

    private void assertSoonCommitted(Map<TopicPartition, Long> ends) {
        Eventually.equal(ends, () -> {
            keeping.step(consumer);
            return committed();
        });
    }

    @Test
    void whatIsWrittenIsCommittedAtTheEndAtTheLatest() {
        arrives(ONE, "a");
        keeping.step(consumer);
        arrives(ONE, "b");
        keeping.step(consumer);
        keeping.end(consumer);
        assertEquals(Map.of(ONE, 2L), committed());
    }

    @Test
    void whatIsNotWrittenIsNotCommittedAtTheEndEither() {
        storeIsAway = true;
        arrives(ONE, "a");
        keeping.step(consumer);
        keeping.end(consumer);
        assertEquals(Map.of(), committed());
    }

    @Test
    void whatIsTakenAwayMeanwhileIsNotCommittedAndTheRestGoesOn() {
        storeIsAway = true;
        arrives(ONE, "a");
        keeping.step(consumer);
        consumer.rebalance(List.of(TWO));
        arrives(TWO, "b");
        keeping.step(consumer);
        assertTrue(consumer.paused().contains(TWO), "what is left to write comes first");
        storeIsAway = false;
        Eventually.equal(true, () -> {
            keeping.step(consumer);
            return kept.contains("b");
        });
        assertSoonCommitted(Map.of(TWO, 1L));
        assertFalse(consumer.paused().contains(TWO));
    }

    @Test
    void whatIsNoNewsIsCommittedAndNotWritten() {
        consumer.addRecord(record(ONE, "no outcome".getBytes()));
        arrives(ONE, "too old", NOW.minus(Duration.ofMinutes(30)));
        arrives(ONE, "from the future", NOW.plus(Duration.ofMinutes(30)));
        arrives(ONE, "of no time", Instant.MAX);
        arrives(ONE, "fresh", NOW.minus(Duration.ofMinutes(29)));
        keeping.step(consumer);
        assertEquals(Set.of("fresh"), kept);
        assertEquals(Map.of(ONE, 5L), committed());
    }
}
