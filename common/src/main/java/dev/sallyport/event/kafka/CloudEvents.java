package dev.sallyport.event.kafka;

import dev.sallyport.event.EventRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** CloudEvents 1.0 in Kafka's binary content mode: attributes are headers {@code ce_…}, the value is the data. */
public final class CloudEvents {

    private static final String PREFIX = "ce_";

    private CloudEvents() {}

    /** The record of an event that {@code source} produces. */
    public static ProducerRecord<byte[], byte[]> producerRecord(EventRecord event, String source) {
        return producerRecord(event, source, Map.of());
    }

    /**
     * The same with what is said of this one time that it is produced.
     *
     * @param stamp further attributes
     */
    static ProducerRecord<byte[], byte[]> producerRecord(EventRecord event, String source, Map<String, String> stamp) {
        byte[] key = event.key().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(event.topic(), null, null, key, event.body(), headers(event, source, stamp));
    }

    private static List<Header> headers(EventRecord event, String source, Map<String, String> stamp) {
        List<Header> headers = new ArrayList<>(6 + event.attributes().size() + stamp.size());
        add(headers, "content-type", "application/json");
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", event.id());
        add(headers, "ce_source", source);
        add(headers, "ce_type", event.type());
        add(headers, "ce_time", event.time().toString());
        event.attributes().forEach((name, value) -> add(headers, PREFIX + name, value));
        stamp.forEach((name, value) -> add(headers, PREFIX + name, value));
        return headers;
    }

    /** The event in a record; empty if the record is none. */
    public static Optional<EventRecord> read(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> attributes = new TreeMap<>();
        for (Header header : record.headers()) {
            if (header.key().startsWith(PREFIX) && header.value() != null) {
                attributes.put(
                        header.key().substring(PREFIX.length()), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        attributes.remove("source");
        String version = attributes.remove("specversion");
        String id = attributes.remove("id");
        String type = attributes.remove("type");
        String time = attributes.remove("time");
        if (!"1.0".equals(version) || id == null || type == null || time == null) {
            return Optional.empty();
        }
        if (record.key() == null || record.value() == null) {
            return Optional.empty();
        }
        try {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            return Optional.of(
                    new EventRecord(id, type, Instant.parse(time), record.topic(), key, attributes, record.value()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * The data of an event whose data is a JSON object.
     *
     * @throws DecodeException if it is anything else, {@code null} among it
     */
    public static JsonObject body(EventRecord event) {
        if (Json.decodeValue(Buffer.buffer(event.body())) instanceof JsonObject body) {
            return body;
        }
        throw new DecodeException("no JSON object");
    }

    private static void add(List<Header> headers, String name, String value) {
        headers.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8)));
    }
}
