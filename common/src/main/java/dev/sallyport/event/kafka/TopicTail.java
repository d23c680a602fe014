package dev.sallyport.event.kafka;

import dev.sallyport.OutageLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Hears everything on a topic from now on, at each node. In no group, and without memory: what comes while Kafka is away
 * is missed.
 */
public final class TopicTail {

    /** Who listens; called on this reader's thread. */
    public interface Listener {

        /** From now on nothing is missed until Kafka goes away; told again when it is back. */
        default void listening() {}

        void hear(ConsumerRecord<byte[], byte[]> record);
    }

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String FROM_NOW_ON = "latest";

    private final ReaderThread thread;

    /**
     * @param name of its thread
     * @param properties further client settings, such as security
     * @param outage says what becomes of it while Kafka is away
     */
    public TopicTail(
            String name,
            String topic,
            String bootstrapServers,
            Map<String, String> properties,
            Listener listener,
            OutageLog outage) {
        this.thread = new ReaderThread(
                name,
                () -> connect(
                        bootstrapServers, properties, Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, FROM_NOW_ON)),
                new Tailing(topic, listener),
                outage);
    }

    /**
     * A consumer with small buffers that commits nothing by itself.
     *
     * @param more settings of this reader, over those of the operator
     */
    public static Consumer<byte[], byte[]> connect(
            String bootstrapServers, Map<String, String> properties, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1 << 20);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 << 10);
        config.putAll(more);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public void start() {
        thread.start();
    }

    /** Blocks until it has disconnected. */
    public void stop() throws InterruptedException {
        thread.stop();
    }

    private record Tailing(String topic, Listener listener) implements ReaderThread.Work {

        @Override
        public void begin(Consumer<byte[], byte[]> consumer) {
            List<TopicPartition> all = consumer.partitionsFor(topic, PATIENCE).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToEnd(all);
            all.forEach(partition -> {
                var _ = consumer.position(partition, PATIENCE);
            });
            listener.listening();
        }

        @Override
        public void step(Consumer<byte[], byte[]> consumer) {
            consumer.poll(POLL).forEach(listener::hear);
        }

        @Override
        public void end(Consumer<byte[], byte[]> consumer) {
            // It has nothing to remember.
        }
    }
}
