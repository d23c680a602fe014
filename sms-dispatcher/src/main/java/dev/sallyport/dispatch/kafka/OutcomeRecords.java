package dev.sallyport.dispatch.kafka;

import dev.sallyport.dispatch.Outcome;
import dev.sallyport.dispatch.Poison;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Outcomes and dead letters as CloudEvents. */
final class OutcomeRecords {

    private OutcomeRecords() {}

    static EventRecord outcome(Outcome outcome) {
        JsonObject body = new JsonObject()
                .put("message", outcome.messageId())
                .put("challenge", outcome.challengeId())
                .put("status", outcome.status().id())
                .put("provider", outcome.provider());
        outcome.providerId().ifPresent(id -> body.put("provider_id", id));
        outcome.failure()
                .ifPresent(failure -> body.put("failure", failure.name().toLowerCase(java.util.Locale.ROOT)));
        outcome.code().ifPresent(code -> body.put("code", code));
        return new EventRecord(
                UUID.randomUUID().toString(),
                "dev.sallyport.sms." + outcome.status().id(),
                outcome.at(),
                Topics.SMS_OUTCOME,
                outcome.phoneKey(),
                Map.of("dataschema", "urn:sallyport:events:sms-outcome:0.1"),
                body.toBuffer().getBytes());
    }

    /** A record that could not be understood or trusted; its content is dropped, since it may hold a secret. */
    static EventRecord deadLetter(ConsumerRecord<byte[], byte[]> record, Poison poison, Instant now) {
        JsonObject body = new JsonObject()
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("reason", poison.id());
        return new EventRecord(
                UUID.randomUUID().toString(),
                "dev.sallyport.sms.dead-letter",
                now,
                Topics.SMS_DEAD_LETTER,
                record.topic() + '-' + record.partition(),
                Map.of("dataschema", "urn:sallyport:events:sms-dead-letter:0.1"),
                body.toBuffer().getBytes());
    }
}
