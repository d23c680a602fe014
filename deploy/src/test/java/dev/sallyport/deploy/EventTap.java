package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that reads topics from now on, as an auditor's does: it counts each id once. A record that comes again must
 * be the same.
 */
final class EventTap implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Map<String, Seen> seen = new LinkedHashMap<>();

    EventTap(String bootstrapServers, String... topics) {
        this(Map.of("bootstrap.servers", bootstrapServers), topics);
    }

    /** @param connection a client's settings, its address among them */
    EventTap(Map<String, Object> connection, String... topics) {
        Map<String, Object> config = new HashMap<>(connection);
        config.put("enable.auto.commit", "false");
        consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        partitions = Arrays.stream(topics)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Everything so far; of one key in the order of the topic. */
    List<Seen> seen() {
        return List.copyOf(seen.values());
    }

    List<Seen> seen(Predicate<Seen> wanted) {
        return seen.values().stream().filter(wanted).toList();
    }

    /** Reads until so many records of a kind have come, and then on to the present end of all topics. */
    List<Seen> await(int atLeast, Predicate<Seen> wanted) {
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (seen(wanted).size() < atLeast) {
            if (System.nanoTime() > end) {
                throw new AssertionError("only these came: " + seen(wanted) + "\nof these: " + seen());
            }
            poll();
        }
        readOn();
        return seen(wanted);
    }

    private void readOn() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll();
        }
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(20)).forEach(record -> {
            Seen fresh = Seen.of(record);
            String id = fresh.id().isEmpty() ? fresh.topic() + fresh.partition() + '@' + fresh.offset() : fresh.id();
            Seen before = seen.putIfAbsent(fresh.topic() + ' ' + id, fresh);
            if (before != null) {
                assertSame(before, fresh);
            }
        });
    }

    private static void assertSame(Seen first, Seen again) {
        assertEquals(first.headers(), again.headers(), "came again with other headers");
        assertEquals(first.key(), again.key(), "came again with another key");
        assertArrayEquals(first.value(), again.value(), "came again with another value");
    }

    @Override
    public void close() {
        consumer.close();
    }
}
