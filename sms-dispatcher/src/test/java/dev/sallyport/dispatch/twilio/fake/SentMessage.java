package dev.sallyport.dispatch.twilio.fake;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A message that the fake has accepted.
 *
 * @param sender the From number or the messaging service SID
 * @param validity Twilio's default of ten hours where the request gave none
 * @param attempt 0 where the request gave none
 * @param status the last one that a callback reported, at first {@code queued} or {@code accepted}
 * @param sentAt when a status was reported that a message has only after it was sent
 */
public record SentMessage(
        String sid,
        String to,
        String sender,
        String body,
        Duration validity,
        int attempt,
        Optional<URI> statusCallback,
        Instant acceptedAt,
        String status,
        Optional<Instant> sentAt,
        OptionalInt errorCode) {

    private static final Set<String> AFTER_SENDING = Set.of("sent", "delivered", "undelivered", "read");

    private static final DateTimeFormatter RFC_2822 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.US)
            .withZone(ZoneOffset.UTC);

    static SentMessage accepted(String sid, Map<String, String> parameters, Instant at) {
        var service = Optional.ofNullable(parameters.get("MessagingServiceSid"));
        return new SentMessage(
                sid,
                parameters.get("To"),
                service.orElseGet(() -> parameters.get("From")),
                parameters.getOrDefault("Body", ""),
                Duration.ofSeconds(Long.parseLong(parameters.getOrDefault("ValidityPeriod", "36000"))),
                Integer.parseInt(parameters.getOrDefault("Attempt", "0")),
                Optional.ofNullable(parameters.get("StatusCallback")).map(URI::create),
                at,
                service.isPresent() ? "accepted" : "queued",
                Optional.empty(),
                OptionalInt.empty());
    }

    SentMessage reported(String newStatus, OptionalInt newErrorCode, Instant at) {
        var sent = sentAt.or(() -> Optional.of(at).filter(now -> AFTER_SENDING.contains(newStatus)));
        return new SentMessage(
                sid, to, sender, body, validity, attempt, statusCallback, acceptedAt, newStatus, sent, newErrorCode);
    }

    boolean fromMessagingService() {
        return sender.startsWith("MG");
    }

    /** Twilio's resource; with a messaging service the sender and the number of segments are not known at first. */
    JsonObject toJson(String accountSid) {
        var path = "/2010-04-01/Accounts/" + accountSid + "/Messages/" + sid;
        return new JsonObject()
                .put("account_sid", accountSid)
                .put("api_version", "2010-04-01")
                .put("body", body)
                .put("date_created", RFC_2822.format(acceptedAt))
                .put("date_sent", sentAt.map(RFC_2822::format).orElse(null))
                .put("date_updated", RFC_2822.format(acceptedAt))
                .put("direction", "outbound-api")
                .put("error_code", errorCode.isPresent() ? errorCode.getAsInt() : null)
                .put("error_message", null)
                .put("from", fromMessagingService() ? null : sender)
                .put("messaging_service_sid", fromMessagingService() ? sender : null)
                .put("num_media", "0")
                .put("num_segments", fromMessagingService() ? "0" : String.valueOf(segments()))
                .put("price", null)
                .put("price_unit", "USD")
                .put("sid", sid)
                .put("status", status)
                .put("subresource_uris", new JsonObject().put("media", path + "/Media.json"))
                .put("to", to)
                .put("uri", path + ".json");
    }

    /** Near enough: ASCII counts as GSM-7, anything else makes the whole text UCS-2. */
    private int segments() {
        var ascii = body.chars().allMatch(c -> c < 128);
        int alone = ascii ? 160 : 70;
        int joined = ascii ? 153 : 67;
        return body.length() <= alone ? 1 : Math.ceilDiv(body.length(), joined);
    }
}
