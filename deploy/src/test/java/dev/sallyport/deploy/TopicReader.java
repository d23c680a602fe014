package dev.sallyport.deploy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics whole, from the first record to the last that is there when it is asked. */
final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicReader(String bootstrapServers) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "enable.auto.commit",
                "false",
                "exclude.internal.topics",
                "false",
                "fetch.max.wait.ms",
                "20");
        consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Every record of every topic, the broker's own ones included. */
    List<ConsumerRecord<byte[], byte[]>> everything() {
        return read(consumer.listTopics().keySet());
    }

    /** Every record of one topic. */
    List<ConsumerRecord<byte[], byte[]>> topic(String name) {
        return read(List.of(name));
    }

    /** The audit events of an account, found by its user name; each id once, in the order of first arrival. */
    List<Event> audit(String userName) {
        Map<String, Event> byId = new LinkedHashMap<>();
        for (Event event : events("sallyport.audit")) {
            if (userName.equals(event.body().getJsonObject("user").getString("name"))) {
                byId.putIfAbsent(event.id(), event);
            }
        }
        return List.copyOf(byId.values());
    }

    /** All records of a topic as events, repetitions included. */
    List<Event> events(String topic) {
        return topic(topic).stream().map(Event::of).toList();
    }

    /** A CloudEvent; the type is without its prefix. */
    record Event(String id, String type, String time, String key, JsonObject body) {

        static Event of(ConsumerRecord<byte[], byte[]> record) {
            return new Event(
                    header(record, "ce_id"),
                    header(record, "ce_type").replace("dev.sallyport.", ""),
                    header(record, "ce_time"),
                    new String(record.key(), StandardCharsets.UTF_8),
                    new JsonObject(Buffer.buffer(record.value())));
        }

        private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
            Header header = record.headers().lastHeader(name);
            return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
        }
    }

    /** Where the partitions that have records end. */
    Map<TopicPartition, Long> ends(String topic) {
        return ends(partitions(List.of(topic)));
    }

    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        ends.values().removeIf(end -> end == 0);
        return ends;
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        return topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(Collection<String> topics) {
        List<TopicPartition> partitions = partitions(topics);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = ends(partitions);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        while (!ends.isEmpty()) {
            consumer.poll(POLL).forEach(records::add);
            ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        }
        return records;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
