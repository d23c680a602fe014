package dev.sallyport.dispatch.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.Events;
import dev.sallyport.dispatch.Poison;
import dev.sallyport.dispatch.kafka.DeadLetters.Letter;
import dev.sallyport.event.EventRecord;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLettersTest {

    private static final byte[] KEY = "key".getBytes(UTF_8);

    private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_id", "id".getBytes(UTF_8));
        return new ConsumerRecord<>(
                "sallyport.sms.send",
                5,
                17,
                0,
                TimestampType.CREATE_TIME,
                KEY.length,
                value.length,
                KEY,
                value,
                headers,
                Optional.empty());
    }

    private static Letter letter(EventRecord event) {
        return DeadLetters.read(event).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Poison.class)
    void onlyWhatCanBeMendedIsKeptAndGoesWhereItsKeyBelongs(Poison poison) {
        byte[] value = "sealed".getBytes(UTF_8);
        Letter letter = letter(DeadLetters.of(record(value), poison, Instant.EPOCH));
        assertEquals("sallyport.sms.send-5@17", letter.place());
        assertEquals(poison.id(), letter.reason());
        assertEquals(poison.canBeMended(), letter.record().isPresent());
        letter.record().ifPresent(kept -> {
            assertArrayEquals(KEY, kept.key());
            assertArrayEquals(value, kept.value());
            assertNull(kept.partition());
            assertEquals("id", new String(kept.headers().lastHeader("ce_id").value(), UTF_8));
        });
    }

    @Test
    void whatIsTooLargeForTheTopicIsNotKept() {
        byte[] most = new byte[16_384 - KEY.length - "ce_id".length() - 2];
        EventRecord fits = DeadLetters.of(record(most), Poison.UNKNOWN_KEY, Instant.EPOCH);
        assertTrue(letter(fits).record().isPresent());
        assertTrue(fits.body().length < 32_768 - 1_024, "fits into the topic");
        byte[] more = new byte[most.length + 1];
        EventRecord bare = DeadLetters.of(record(more), Poison.UNKNOWN_KEY, Instant.EPOCH);
        assertFalse(letter(bare).record().isPresent());
    }

    @Test
    void theSameLetterWithoutItsContentHasTheSameIdAndPlace() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[8]);
        EventRecord whole = DeadLetters.of(record, Poison.UNKNOWN_KEY, Instant.EPOCH);
        EventRecord bare = DeadLetters.withoutContent(record, Poison.UNKNOWN_KEY, Instant.EPOCH);
        assertEquals(whole.id(), bare.id());
        assertEquals(letter(whole).place(), letter(bare).place());
        assertTrue(letter(bare).record().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{}",
                "{\"topic\":\"t\",\"partition\":1,\"offset\":2,\"record\":{}}",
                "{\"topic\":\"t\",\"partition\":1,\"offset\":2,\"record\":{\"headers\":[null]}}",
                "{\"topic\":\"t\",\"partition\":\"x\",\"offset\":2}"
            })
    void nonsenseIsNoLetterOrOneWithoutARecord(String body) {
        EventRecord event = DeadLetters.withoutContent(record(new byte[1]), Poison.FAILED, Instant.EPOCH);
        EventRecord nonsense = Events.with(event, body);
        assertTrue(DeadLetters.read(nonsense).flatMap(Letter::record).isEmpty());
    }
}
