package dev.sallyport.dispatch.kafka;

import dev.sallyport.dispatch.Poison;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records that could not be understood or trusted, as CloudEvents. A record read twice has one dead letter, by its id. */
public final class DeadLetters {

    /**
     * A dead letter.
     *
     * @param place topic, partition and offset of the bad record
     * @param reason the word of its {@link Poison}
     * @param record the record as it was, where other keys may accept it
     */
    public record Letter(Instant at, String place, String reason, Optional<ProducerRecord<byte[], byte[]>> record) {}

    /** What is larger uncompressed is no order of ours, and with its dress of JSON might not fit into the topic. */
    private static final int MOST_KEPT = 16_384;

    private static final String RECORD = "record";
    private static final Map<String, String> ATTRIBUTES =
            Map.of("dataschema", "urn:sallyport:events:sms-dead-letter:0.1");

    private DeadLetters() {}

    /**
     * Where the record lies and what is wrong with it. Its content is dropped, since it may hold a secret; what
     * {@linkplain Poison#canBeMended can be mended} is kept as it is, sealed and signed, unless it is too large.
     */
    static EventRecord of(ConsumerRecord<byte[], byte[]> record, Poison poison, Instant now) {
        JsonObject body = body(record, poison);
        if (poison.canBeMended() && size(record) <= MOST_KEPT) {
            body.put(RECORD, content(record));
        }
        return event(record, body, now);
    }

    /** The same without the record, which Kafka takes whatever was in it. */
    static EventRecord withoutContent(ConsumerRecord<byte[], byte[]> record, Poison poison, Instant now) {
        return event(record, body(record, poison), now);
    }

    private static JsonObject body(ConsumerRecord<byte[], byte[]> record, Poison poison) {
        return new JsonObject()
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("reason", poison.id());
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        long size = (long) record.serializedKeySize() + record.serializedValueSize();
        for (Header header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    private static EventRecord event(ConsumerRecord<byte[], byte[]> record, JsonObject body, Instant now) {
        String partition = record.topic() + '-' + record.partition();
        return new EventRecord(
                partition + '-' + record.offset(),
                "dev.sallyport.sms.dead-letter",
                now,
                Topics.SMS_DEAD_LETTER,
                partition,
                ATTRIBUTES,
                body.toBuffer().getBytes());
    }

    private static JsonObject content(ConsumerRecord<byte[], byte[]> record) {
        JsonArray headers = new JsonArray();
        for (Header header : record.headers()) {
            headers.add(new JsonObject().put("name", header.key()).put("value", header.value()));
        }
        return new JsonObject()
                .put("key", record.key())
                .put("value", record.value())
                .put("headers", headers);
    }

    /** The dead letter in an event; empty if it is none. */
    public static Optional<Letter> read(EventRecord event) {
        try {
            JsonObject body = CloudEvents.body(event);
            String place =
                    "%s-%d@%d".formatted(body.getString("topic"), body.getInteger("partition"), body.getLong("offset"));
            return Optional.of(new Letter(
                    event.time(),
                    place,
                    body.getString("reason", "no reason"),
                    Optional.ofNullable(body.getJsonObject(RECORD)).map(DeadLetters::record)));
        } catch (DecodeException | ClassCastException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(JsonObject content) {
        List<Header> headers = content.getJsonArray("headers").stream()
                .map(JsonObject.class::cast)
                .<Header>map(header -> new RecordHeader(header.getString("name"), header.getBinary("value")))
                .toList();
        return new ProducerRecord<>(
                Topics.SMS_SEND, null, null, content.getBinary("key"), content.getBinary("value"), headers);
    }
}
