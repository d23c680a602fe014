package dev.sallyport.dispatch.ledger.kafka;

import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.ledger.LedgerEntry;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.FailureClass;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Ledger entries as CloudEvents. */
public final class LedgerRecords {

    private static final String STARTED = "dev.sallyport.sms.started";
    private static final String ENDED = "dev.sallyport.sms.ended";
    private static final Map<String, String> ATTRIBUTES = Map.of("dataschema", "urn:sallyport:events:sms-ledger:0.1");

    private LedgerRecords() {}

    /**
     * The record of an entry.
     *
     * @param phoneKey the record key of the message's order
     */
    public static EventRecord encode(String phoneKey, LedgerEntry entry) {
        return switch (entry) {
            case Started started -> {
                Sending sending = started.sending();
                JsonObject body = body(started)
                        .put("claim", started.claim())
                        .put("provider", started.provider())
                        .put("again", started.again())
                        .put("challenge", sending.challengeId())
                        .put("region", sending.region())
                        .put("prefix", sending.prefix())
                        .put("block", sending.block())
                        .put("ordered", sending.orderedAt().toString());
                yield record(started.claim(), STARTED, phoneKey, started, body);
            }
            case Ended ended -> {
                String word = ended.end().name().toLowerCase(Locale.ROOT);
                JsonObject body = body(ended).put("end", word);
                ended.claim().ifPresent(claim -> body.put("claim", claim));
                ended.provider().ifPresent(name -> body.put("provider", name));
                ended.providerId().ifPresent(id -> body.put("provider_id", id));
                ended.failure().ifPresent(failure -> body.put("failure", failure.id()));
                ended.code().ifPresent(code -> body.put("code", code));
                String id = ended.messageId() + '-' + ended.attempt() + '-' + word;
                yield record(id, ENDED, phoneKey, ended, body);
            }
        };
    }

    private static JsonObject body(LedgerEntry entry) {
        return new JsonObject().put("message", entry.messageId()).put("attempt", entry.attempt());
    }

    private static EventRecord record(String id, String type, String key, LedgerEntry entry, JsonObject body) {
        return new EventRecord(
                id,
                type,
                entry.at(),
                Topics.SMS_LEDGER,
                key,
                ATTRIBUTES,
                body.toBuffer().getBytes());
    }

    /** The entry in a record; empty if it is none. */
    public static Optional<LedgerEntry> decode(EventRecord event) {
        try {
            JsonObject body = CloudEvents.body(event);
            return switch (event.type()) {
                case STARTED -> Optional.of(started(event, body));
                case ENDED -> Optional.of(ended(event, body));
                default -> Optional.empty();
            };
        } catch (DecodeException | ClassCastException | IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Started started(EventRecord event, JsonObject body) {
        Sending sending = new Sending(
                required(body, "message"),
                required(body, "challenge"),
                event.key(),
                required(body, "region"),
                required(body, "prefix"),
                required(body, "block"),
                Instant.parse(required(body, "ordered")));
        return new Started(
                sending,
                attempt(body),
                required(body, "claim"),
                required(body, "provider"),
                Boolean.TRUE.equals(body.getBoolean("again")),
                event.time());
    }

    private static Ended ended(EventRecord event, JsonObject body) {
        return new Ended(
                required(body, "message"),
                attempt(body),
                End.valueOf(required(body, "end").toUpperCase(Locale.ROOT)),
                optional(body, "claim"),
                optional(body, "provider"),
                optional(body, "provider_id"),
                optional(body, "failure").map(word -> FailureClass.valueOf(word.toUpperCase(Locale.ROOT))),
                optional(body, "code"),
                event.time());
    }

    private static int attempt(JsonObject body) {
        Integer attempt = body.getInteger("attempt");
        if (attempt == null || attempt < 0) {
            throw new IllegalArgumentException("no attempt");
        }
        return attempt;
    }

    private static Optional<String> optional(JsonObject body, String field) {
        return Optional.ofNullable(body.getString(field));
    }

    private static String required(JsonObject body, String field) {
        return optional(body, field).orElseThrow(() -> new IllegalArgumentException("no " + field));
    }
}
