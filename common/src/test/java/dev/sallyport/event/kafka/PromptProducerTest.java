package dev.sallyport.event.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.testing.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a send can take, on a Kafka that answers when the test wants. */
class PromptProducerTest {

    private static final String TOPIC = "a-topic";

    /** With one event loop timers fire in the order of their times. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void whatKafkaNeverAnswersFailsInTimeBeforeItWasReached() {
        PromptProducer producer = on(new Kafka(0));
        long start = System.nanoTime();
        Throwable failure = failure(producer.send(record("first")));
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertInstanceOf(TimeoutException.class, failure);
        assertTrue(took > PromptProducer.TIMEOUT_MILLIS - 100, "too early, after " + took + " ms");
        assertTrue(took < PromptProducer.TIMEOUT_MILLIS + 2_000, "late, after " + took + " ms");
    }

    @Test
    void onceItWasReachedKafkasOwnLimitCounts() throws Exception {
        Kafka kafka = new Kafka(0);
        PromptProducer producer = on(kafka);
        answered(kafka, 1, producer.send(record("first")));
        Future<RecordMetadata> slow = producer.send(record("second"));
        Eventually.equal(2, () -> kafka.history().size());
        // Sent later and given up: so the other one would have been given up by now as well.
        failure(on(new Kafka(0)).send(record("elsewhere")));
        answered(kafka, 2, slow);
    }

    @Test
    void whatIsSentBeforeThePartitionsAreKnownIsHeldBackInItsOrder() throws Exception {
        Kafka kafka = new Kafka(3);
        PromptProducer producer = on(kafka);
        List<ProducerRecord<byte[], byte[]>> records = List.of(record("first"), record("second"), record("third"));
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        Eventually.equal(records, kafka::history);
        assertEquals(List.of(4, 4, 4), kafka.askedBefore);
        answered(kafka, 3, sent.getFirst());
    }

    private PromptProducer on(Kafka kafka) {
        return new PromptProducer(vertx, KafkaWriteStream.create(vertx, kafka), List.of(TOPIC));
    }

    private static ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>(TOPIC, value.getBytes(UTF_8));
    }

    /** Kafka answers the oldest of so many records. */
    private static void answered(Kafka kafka, int records, Future<RecordMetadata> sent) throws Exception {
        Eventually.equal(records, () -> kafka.history().size());
        assertTrue(kafka.completeNext());
        sent.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<RecordMetadata> sent) {
        return assertThrows(
                        ExecutionException.class,
                        () -> sent.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .getCause();
    }

    /** Takes every record and answers none by itself; doesn't know the partitions for a while. */
    private static final class Kafka extends MockProducer<byte[], byte[]> {

        private final int unknownFor;
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Integer> askedBefore = new CopyOnWriteArrayList<>();

        /** @param unknownFor how often it is asked in vain where the partitions are */
        private Kafka(int unknownFor) {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.unknownFor = unknownFor;
        }

        @Override
        public List<PartitionInfo> partitionsFor(String topic) {
            if (asked.incrementAndGet() <= unknownFor) {
                throw new org.apache.kafka.common.errors.TimeoutException("not known yet");
            }
            return super.partitionsFor(topic);
        }

        @Override
        public synchronized java.util.concurrent.Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            askedBefore.add(asked.get());
            return super.send(record, callback);
        }
    }
}
