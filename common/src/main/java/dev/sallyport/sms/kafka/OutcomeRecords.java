package dev.sallyport.sms.kafka;

import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An {@link Outcome} as a CloudEvent. Told twice, after a crash, it has the same id. */
public final class OutcomeRecords {

    private static final String PREFIX = "dev.sallyport.sms.";
    private static final Map<String, String> ATTRIBUTES = Map.of("dataschema", "urn:sallyport:events:sms-outcome:0.1");

    private OutcomeRecords() {}

    /** The record of an outcome. */
    public static EventRecord encode(Outcome outcome) {
        JsonObject body = new JsonObject()
                .put("message", outcome.messageId())
                .put("challenge", outcome.challengeId())
                .put("status", outcome.status().id());
        outcome.provider().ifPresent(name -> body.put("provider", name));
        outcome.providerId().ifPresent(id -> body.put("provider_id", id));
        outcome.failure().ifPresent(failure -> body.put("failure", failure.id()));
        outcome.code().ifPresent(code -> body.put("code", code));
        outcome.rule().ifPresent(rule -> body.put("rule", rule));
        return new EventRecord(
                outcome.messageId() + '-' + outcome.status().id(),
                PREFIX + outcome.status().id(),
                outcome.at(),
                Topics.SMS_OUTCOME,
                outcome.phoneKey(),
                ATTRIBUTES,
                body.toBuffer().getBytes());
    }

    /** The outcome in a record; empty if it is none, or says what this version does not know. */
    public static Optional<Outcome> decode(EventRecord event) {
        try {
            JsonObject body = CloudEvents.body(event);
            String message = body.getString("message");
            String challenge = body.getString("challenge");
            if (message == null || challenge == null) {
                return Optional.empty();
            }
            return Optional.of(new Outcome(
                    message,
                    challenge,
                    event.key(),
                    Status.valueOf(body.getString("status", "").toUpperCase(Locale.ROOT)),
                    event.time(),
                    Optional.ofNullable(body.getString("provider")),
                    Optional.ofNullable(body.getString("provider_id")),
                    Optional.ofNullable(body.getString("failure"))
                            .map(word -> FailureClass.valueOf(word.toUpperCase(Locale.ROOT))),
                    Optional.ofNullable(body.getString("code")),
                    Optional.ofNullable(body.getString("rule"))));
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
