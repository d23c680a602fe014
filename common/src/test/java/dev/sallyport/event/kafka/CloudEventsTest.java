package dev.sallyport.event.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.event.EventRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsTest {

    private static final EventRecord EVENT = new EventRecord(
            "e1",
            "dev.sallyport.signed-in",
            Instant.parse("2026-05-06T07:08:09.123Z"),
            "a-topic",
            "a key",
            Map.of("dataschema", "urn:x", "fortext", "ä"),
            "{\"ö\":1}".getBytes(UTF_8));

    private final ProducerRecord<byte[], byte[]> record = CloudEvents.producerRecord(EVENT, "/sallyport/test");

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        ConsumerRecord<byte[], byte[]> received = new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
        sent.headers().forEach(header -> received.headers().add(header));
        return received;
    }

    @Test
    void attributesAreHeadersAndTheBodyIsTheValue() {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        assertEquals(
                Map.of(
                        "content-type", "application/json",
                        "ce_specversion", "1.0",
                        "ce_id", "e1",
                        "ce_source", "/sallyport/test",
                        "ce_type", "dev.sallyport.signed-in",
                        "ce_time", "2026-05-06T07:08:09.123Z",
                        "ce_dataschema", "urn:x",
                        "ce_fortext", "ä"),
                headers);
        assertArrayEquals("a key".getBytes(UTF_8), record.key());
        assertArrayEquals(EVENT.body(), record.value());
    }

    @Test
    void whatIsWrittenIsReadAsItWas() {
        EventRecord read = CloudEvents.read(received(record)).orElseThrow();
        assertArrayEquals(EVENT.body(), read.body());
        assertEquals(
                List.of(EVENT.id(), EVENT.type(), EVENT.time(), EVENT.topic(), EVENT.key(), EVENT.attributes()),
                List.of(read.id(), read.type(), read.time(), read.topic(), read.key(), read.attributes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_specversion", "ce_id", "ce_type", "ce_time"})
    void aRecordWithoutARequiredAttributeIsNone(String missing) {
        record.headers().remove(missing);
        assertEquals(Optional.empty(), CloudEvents.read(received(record)));
    }

    @Test
    void aRecordOfAnotherVersionOrWithAnUnreadableTimeIsNone() {
        record.headers().remove("ce_time").add("ce_time", "yesterday".getBytes(UTF_8));
        assertEquals(Optional.empty(), CloudEvents.read(received(record)));
        ProducerRecord<byte[], byte[]> newer = CloudEvents.producerRecord(EVENT, "/sallyport/test");
        newer.headers().remove("ce_specversion").add("ce_specversion", "2.0".getBytes(UTF_8));
        assertEquals(Optional.empty(), CloudEvents.read(received(newer)));
    }

    @Test
    void aRecordWithoutKeyOrBodyIsNone() {
        ProducerRecord<byte[], byte[]> noKey =
                new ProducerRecord<>(record.topic(), null, null, null, record.value(), record.headers());
        ProducerRecord<byte[], byte[]> noBody =
                new ProducerRecord<>(record.topic(), null, null, record.key(), null, record.headers());
        assertEquals(Optional.empty(), CloudEvents.read(received(noKey)));
        assertEquals(Optional.empty(), CloudEvents.read(received(noBody)));
    }
}
