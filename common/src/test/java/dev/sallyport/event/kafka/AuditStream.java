package dev.sallyport.event.kafka;

import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Hears everything that arrives on the audit topic from now on, as an auditor does. */
public final class AuditStream implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, List<EventRecord>> byKey = new ConcurrentHashMap<>();
    private final Thread listener;

    public AuditStream(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.AUDIT).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Asked for, so that "from now on" begins here and not with the first poll.
        partitions.forEach(consumer::position);
        listener = Thread.ofPlatform().daemon().name("audit-stream").start(this::listen);
    }

    private void listen() {
        try (consumer) {
            while (true) {
                consumer.poll(POLL).forEach(record -> CloudEvents.read(record)
                        .ifPresent(event -> byKey.computeIfAbsent(event.key(), _ -> new CopyOnWriteArrayList<>())
                                .add(event)));
            }
        } catch (WakeupException e) {
            // Closed.
        }
    }

    /** What has arrived with a key so far, in that order. */
    public List<EventRecord> arrived(String key) {
        return List.copyOf(byKey.getOrDefault(key, List.of()));
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
