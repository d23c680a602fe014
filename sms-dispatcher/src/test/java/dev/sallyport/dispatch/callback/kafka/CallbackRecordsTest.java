package dev.sallyport.dispatch.callback.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.event.EventRecord;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackRecordsTest {

    private static final Instant NOW = Instant.parse("2026-05-04T12:00:00.123Z");

    private static final Callback DELIVERED =
            Callback.of("message-1", 2, "phone-key", "twilio-eu", "SM01", Status.DELIVERED, NOW);

    @Test
    void whatIsEncodedIsDecodedAsItWas() {
        var undelivered = Callback.of("message-1", 1, "phone-key", "twilio", "SM01", Status.UNDELIVERED, NOW)
                .because(FailureClass.NOT_DELIVERED, "30003");

        for (var callback : List.of(DELIVERED, undelivered)) {
            assertEquals(Optional.of(callback), CallbackRecords.decode(CallbackRecords.encode(callback)));
        }
    }

    @Test
    void itIsKeyedByThePhoneSoThatTheOwnerOfTheMessageReadsIt() {
        var record = CallbackRecords.encode(DELIVERED);

        assertEquals("phone-key", record.key());
        assertEquals("sallyport.sms.callback", record.topic());
        assertEquals(NOW, record.time());
    }

    @Test
    void aRepetitionHasTheSameIdAndOtherNewsAnotherOne() {
        var later = NOW.plusSeconds(9);
        var again = Callback.of("message-1", 2, "phone-key", "twilio-eu", "SM01", Status.DELIVERED, later);
        var before = Callback.of("message-1", 2, "phone-key", "twilio-eu", "SM01", Status.SENT, NOW);
        var elsewhere = Callback.of("message-1", 2, "phone-key", "twilio-us", "SM01", Status.DELIVERED, NOW);

        var id = CallbackRecords.encode(DELIVERED).id();
        assertEquals(id, CallbackRecords.encode(again).id());
        assertNotEquals(id, CallbackRecords.encode(before).id());
        assertNotEquals(id, CallbackRecords.encode(elsewhere).id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "[]",
                "null",
                "{}",
                "{'message':'m','attempt':1,'status':'read','provider':'p','provider_id':'i'}",
                "{'message':'m','attempt':0,'status':'sent','provider':'p','provider_id':'i'}",
                "{'message':'m','attempt':'1','status':'sent','provider':'p','provider_id':'i'}",
                "{'message':7,'attempt':1,'status':'sent','provider':'p','provider_id':'i'}",
                "{'message':'m','attempt':1,'status':'sent','provider':'p'}",
                "{'message':'m','attempt':1,'status':'failed','provider':'p','provider_id':'i','failure':'bad luck'}"
            })
    void whatIsNoReportOfThisVersionIsNone(String body) {
        assertEquals(Optional.empty(), CallbackRecords.decode(record(CallbackRecords.TYPE, body)));
    }

    @Test
    void anotherTypeIsNone() {
        var right = "{'message':'m','attempt':1,'status':'sent','provider':'p','provider_id':'i'}";

        assertEquals(
                Optional.of(Callback.of("m", 1, "phone-key", "p", "i", Status.SENT, NOW)),
                CallbackRecords.decode(record(CallbackRecords.TYPE, right)));
        assertEquals(Optional.empty(), CallbackRecords.decode(record("dev.sallyport.sms.sent", right)));
    }

    private static EventRecord record(String type, String body) {
        var like = CallbackRecords.encode(DELIVERED);
        return new EventRecord(
                like.id(),
                type,
                NOW,
                like.topic(),
                like.key(),
                like.attributes(),
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
