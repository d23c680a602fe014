package dev.sallyport.dispatch.callback.kafka;

import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome.Status;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A {@link Callback} as a CloudEvent. One that a provider repeats has the same id, and the time of its own arrival. */
public final class CallbackRecords {

    /** The CloudEvents type. */
    public static final String TYPE = "dev.sallyport.sms.callback";

    private static final Map<String, String> ATTRIBUTES = Map.of("dataschema", "urn:sallyport:events:sms-callback:0.1");

    private CallbackRecords() {}

    /** The record of a report. */
    public static EventRecord encode(Callback callback) {
        JsonObject body = new JsonObject()
                .put("message", callback.messageId())
                .put("attempt", callback.attempt())
                .put("status", callback.status().id())
                .put("provider", callback.provider())
                .put("provider_id", callback.providerId());
        callback.failure().ifPresent(failure -> body.put("failure", failure.id()));
        callback.code().ifPresent(code -> body.put("code", code));
        return new EventRecord(
                callback.provider()
                        + '-'
                        + callback.providerId()
                        + '-'
                        + callback.status().id(),
                TYPE,
                callback.at(),
                Topics.SMS_CALLBACK,
                callback.phoneKey(),
                ATTRIBUTES,
                body.toBuffer().getBytes());
    }

    /** The report in a record; empty if it is none, or says what this version does not know. */
    public static Optional<Callback> decode(EventRecord event) {
        if (!event.type().equals(TYPE)) {
            return Optional.empty();
        }
        try {
            JsonObject body = CloudEvents.body(event);
            return Optional.of(new Callback(
                    text(body, "message"),
                    attempt(body),
                    event.key(),
                    text(body, "provider"),
                    text(body, "provider_id"),
                    Status.valueOf(text(body, "status").toUpperCase(Locale.ROOT)),
                    Optional.ofNullable(body.getString("failure"))
                            .map(word -> FailureClass.valueOf(word.toUpperCase(Locale.ROOT))),
                    Optional.ofNullable(body.getString("code")),
                    event.time()));
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonObject body, String name) {
        if (body.getValue(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no " + name);
    }

    private static int attempt(JsonObject body) {
        Integer attempt = body.getInteger("attempt");
        if (attempt == null || attempt < 1) {
            throw new IllegalArgumentException("no attempt");
        }
        return attempt;
    }
}
