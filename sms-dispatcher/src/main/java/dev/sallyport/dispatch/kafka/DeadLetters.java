package dev.sallyport.dispatch.kafka;

import dev.sallyport.dispatch.Poison;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records that could not be understood or trusted, as CloudEvents. A record read twice has one dead letter, by its id. */
final class DeadLetters {

    private static final Map<String, String> ATTRIBUTES =
            Map.of("dataschema", "urn:sallyport:events:sms-dead-letter:0.1");

    private DeadLetters() {}

    /** Where the record lies and what is wrong with it; its content is dropped, since it may hold a secret. */
    static EventRecord of(ConsumerRecord<byte[], byte[]> record, Poison poison, Instant now) {
        JsonObject body = new JsonObject()
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("reason", poison.id());
        String place = record.topic() + '-' + record.partition();
        return new EventRecord(
                place + '-' + record.offset(),
                "dev.sallyport.sms.dead-letter",
                now,
                Topics.SMS_DEAD_LETTER,
                place,
                ATTRIBUTES,
                body.toBuffer().getBytes());
    }
}
