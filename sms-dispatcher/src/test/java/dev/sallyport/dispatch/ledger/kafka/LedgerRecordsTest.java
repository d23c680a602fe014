package dev.sallyport.dispatch.ledger.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.ledger.LedgerEntry;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.FailureClass;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerRecordsTest {

    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00.123Z");
    private static final Started STARTED = new Started(
            new Sending("m", "c", "phone-key", "US", "prefix-hash-0001", "block-hash-00001", NOON),
            2,
            "claim",
            "main",
            true,
            NOON);

    @Test
    void aStartReadsAsItWasWritten() {
        assertReadsAsWritten(STARTED);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void anEndReadsAsItWasWritten(End end) {
        assertReadsAsWritten(new Ended(
                "m",
                2,
                end,
                Optional.of("a claim"),
                Optional.of("main"),
                Optional.of("SM1"),
                Optional.of(FailureClass.NO_CONNECTION),
                Optional.of("connect"),
                NOON));
        assertReadsAsWritten(new Ended(
                "m",
                0,
                end,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                NOON));
    }

    private static void assertReadsAsWritten(LedgerEntry entry) {
        EventRecord record = LedgerRecords.encode("phone-key", entry);
        assertEquals(Topics.SMS_LEDGER, record.topic());
        assertEquals("phone-key", record.key());
        assertEquals(Optional.of(entry), LedgerRecords.decode(record));
    }

    @Test
    void everyClaimHasAnIdOfItsOwn() {
        Started other = new Started(STARTED.sending(), 2, "other", "main", true, NOON);
        assertNotEquals(
                LedgerRecords.encode("k", STARTED).id(),
                LedgerRecords.encode("k", other).id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "garbage",
                "{\"message\":\"m\",\"attempt\":1,\"end\":\"no-such-end\"}",
                "{\"message\":1,\"attempt\":\"x\"}",
                "{\"message\":\"m\",\"attempt\":null,\"end\":\"accepted\"}",
                "{\"message\":\"m\",\"attempt\":1,\"claim\":\"a\",\"provider\":\"p\",\"again\":null,"
                        + "\"challenge\":\"c\",\"region\":\"US\",\"block\":\"\","
                        + "\"ordered\":\"2026-11-25T12:00:00Z\"}",
                "{\"message\":\"m\",\"attempt\":1,\"claim\":\"a\",\"provider\":\"p\",\"again\":false,"
                        + "\"challenge\":\"c\",\"region\":\"US\",\"block\":\"+1\",\"ordered\":\"yesterday\"}"
            })
    void whatIsNoEntryIsNone(String body) {
        for (String type : new String[] {"dev.sallyport.sms.started", "dev.sallyport.sms.ended", "other"}) {
            EventRecord record = new EventRecord(
                    "id", type, NOON, Topics.SMS_LEDGER, "phone-key", Map.of(), body.getBytes(StandardCharsets.UTF_8));
            assertEquals(Optional.empty(), LedgerRecords.decode(record), type);
        }
    }
}
