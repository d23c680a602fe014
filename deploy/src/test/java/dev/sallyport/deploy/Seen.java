package dev.sallyport.deploy;

import dev.sallyport.event.EventRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record as a consumer sees it. */
record Seen(
        String topic,
        int partition,
        long offset,
        String key,
        Map<String, String> headers,
        @SuppressWarnings("ArrayRecordComponent") byte[] value) {

    static Seen of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
        return new Seen(
                record.topic(), record.partition(), record.offset(), text(record.key()), headers, record.value());
    }

    /** As a consumer of ours reads it. */
    EventRecord event() {
        Map<String, String> attributes = new TreeMap<>();
        headers.forEach((name, text) -> {
            if (name.startsWith("ce_") && !name.matches("ce_(id|type|time|source|specversion)")) {
                attributes.put(name.substring(3), text);
            }
        });
        return new EventRecord(
                id(), header("ce_type"), Instant.parse(header("ce_time")), topic, key, attributes, value);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    String id() {
        return header("ce_id");
    }

    /** The type without the prefix that all have. */
    String type() {
        return header("ce_type").replaceFirst("^dev\\.sallyport\\.", "");
    }

    JsonObject body() {
        return new JsonObject(Buffer.buffer(value));
    }

    /** A value of the body, found by its path such as {@code user.uid}; empty if it is not there. */
    String at(String path) {
        Object here = body();
        for (String step : path.split("\\.")) {
            here = here instanceof JsonObject object ? object.getValue(step) : null;
        }
        return here == null ? "" : here.toString();
    }

    /** The names of its factors, as OCSF has them. */
    List<String> factors() {
        JsonArray factors = body().getJsonArray("auth_factors", new JsonArray());
        return factors.stream()
                .map(factor -> ((JsonObject) factor).getString("factor_type"))
                .toList();
    }

    String browser() {
        return at("http_request.user_agent");
    }

    /** Everything in it that can be read, for searching. */
    String text() {
        return key + '\n' + headers + '\n' + text(value);
    }

    @Override
    public String toString() {
        return topic + '-' + partition + '@' + offset + ' ' + headers + ' ' + text(value);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
