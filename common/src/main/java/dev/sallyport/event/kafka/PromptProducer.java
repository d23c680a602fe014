package dev.sallyport.event.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.KafkaClientOptions;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * An idempotent producer in which no send waits for another. Kafka's own waits inside a send while it does not know
 * where a topic's partitions are, which it forgets when all brokers are gone, and everything behind that send waits too.
 * Here such a send fails at once, and what is sent right after the start is held back until the partitions of its topic are known.
 */
final class PromptProducer {

    static final int TIMEOUT_MILLIS = 3_000;

    private static final int LEARN_EVERY_MILLIS = 20;

    private final KafkaWriteStream<byte[], byte[]> stream;
    private final Map<String, Future<Void>> learned;
    private volatile boolean reached;

    /**
     * @param topics those that it sends to
     * @param lingerMillis how long it gathers records before it sends them
     */
    PromptProducer(
            Vertx vertx,
            String bootstrapServers,
            Map<String, String> properties,
            List<String> topics,
            int lingerMillis) {
        this(vertx, connect(vertx, bootstrapServers, properties, lingerMillis), topics);
    }

    /** Sends to topics through this stream, which it closes in the end. */
    PromptProducer(Vertx vertx, KafkaWriteStream<byte[], byte[]> stream, List<String> topics) {
        this.stream = stream;
        // Each send tells its caller; without a handler every failure would be logged once more as unhandled.
        stream.exceptionHandler(failure -> {});
        learned = topics.stream()
                .collect(Collectors.toMap(
                        topic -> topic, topic -> learn(vertx, topic, TIMEOUT_MILLIS / LEARN_EVERY_MILLIS)));
    }

    private static KafkaWriteStream<byte[], byte[]> connect(
            Vertx vertx, String bootstrapServers, Map<String, String> properties, int lingerMillis) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(lingerMillis));
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "2000");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(TIMEOUT_MILLIS));
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "0");
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(16 << 20));
        // After a quiet night the first sign-in must not find the partitions forgotten.
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.toString(TimeUnit.DAYS.toMillis(365)));
        return KafkaWriteStream.create(
                vertx,
                new KafkaClientOptions().setConfig(config),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Future<Void> learn(Vertx vertx, String topic, int triesLeft) {
        return stream.partitionsFor(topic)
                .<Void>mapEmpty()
                .recover(failure -> triesLeft == 0
                        ? Future.succeededFuture()
                        : vertx.timer(LEARN_EVERY_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(_ -> learn(vertx, topic, triesLeft - 1)));
    }

    /** Begins to send, in the order of the calls; succeeds or fails within {@value #TIMEOUT_MILLIS} ms or a little more. */
    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        Future<Void> known = learned.getOrDefault(record.topic(), Future.succeededFuture());
        Future<RecordMetadata> sent =
                known.isComplete() ? stream.send(record) : known.compose(_ -> stream.send(record));
        if (reached) {
            return sent;
        }
        // Before Kafka has given the producer its id, Kafka's own limit does not count: nothing expires.
        return sent.timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).onSuccess(_ -> reached = true);
    }

    /** Sends what is gathered and disconnects. */
    Future<Void> close() {
        return stream.close(TIMEOUT_MILLIS);
    }
}
