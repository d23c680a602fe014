package dev.sallyport.dispatch.webhook;

import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome.Status;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads what a gateway reports of a message. Nothing is looked at before its signature holds. A report that comes twice
 * within {@link #TOLERANCE} is read twice: it says the same, so whoever acts on it must not mind.
 */
public final class WebhookReports {

    /** How far the gateway's clock, and the way of its report, may be from our clock. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** What a request turned out to be. */
    public sealed interface Reading {}

    /**
     * A report that the gateway has signed.
     *
     * @param messageId what {@code reference} held, as is {@code attempt} and {@code phoneKey}
     * @param providerId the gateway's id of the message
     * @param status sent, delivered, undelivered or failed
     * @param failure why it was not delivered; empty unless it was not
     * @param at when the report was signed
     */
    public record Report(
            String messageId,
            int attempt,
            String phoneKey,
            String providerId,
            Status status,
            Optional<FailureClass> failure,
            Optional<String> code,
            Instant at)
            implements Reading {}

    /** Not from the gateway, or too old. The reason repeats nothing of the request. */
    public record NotGenuine(String reason) implements Reading {}

    /** From the gateway, and not as the contract has it. The reason repeats nothing of the request. */
    public record Malformed(String reason) implements Reading {}

    private static final Set<Status> STATUSES =
            EnumSet.of(Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private final WebhookKeys keys;
    private final Clock clock;

    public WebhookReports(WebhookKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Checks a request and reads its body.
     *
     * @param header a header's value by its name in lower case
     * @param body as it came, since that is what is signed
     */
    public Reading read(Function<String, Optional<String>> header, byte[] body) {
        String id = header.apply("webhook-id").orElse("");
        String timestamp = header.apply("webhook-timestamp").orElse("");
        String signatures = header.apply("webhook-signature").orElse("");
        if (id.isEmpty() || signatures.isEmpty() || !SECONDS.matcher(timestamp).matches()) {
            return new NotGenuine("webhook-id, webhook-timestamp or webhook-signature is missing");
        }
        Instant at = Instant.ofEpochSecond(Long.parseLong(timestamp));
        if (Duration.between(at, clock.instant()).abs().compareTo(TOLERANCE) > 0) {
            return new NotGenuine("webhook-timestamp is more than 5 minutes from now");
        }
        if (!keys.verify(id, timestamp, body, signatures)) {
            return new NotGenuine("webhook-signature is not ours");
        }
        return GatewayWords.parse(Buffer.buffer(body))
                .map(words -> report(words, at))
                .orElseGet(() -> new Malformed("the body is no JSON object"));
    }

    private static Reading report(GatewayWords words, Instant at) {
        GatewayWords reference = words.inside("reference");
        Optional<String> message = reference.id("message");
        Optional<Integer> attempt = reference.count("attempt");
        Optional<String> key = reference.id("key");
        if (message.isEmpty() || attempt.isEmpty() || key.isEmpty()) {
            return new Malformed("reference is not as it was given");
        }
        Optional<String> id = words.id("id");
        if (id.isEmpty()) {
            return new Malformed("id is missing, or not 1 to 128 visible characters");
        }
        Optional<Status> status = words.text("status").flatMap(WebhookReports::status);
        if (status.isEmpty()) {
            return new Malformed("status is not one of sent, delivered, undelivered, failed");
        }
        boolean hopeless = status.get().isHopeless();
        return new Report(
                message.get(),
                attempt.get(),
                key.get(),
                id.get(),
                status.get(),
                hopeless ? Optional.of(words.failure().orElse(FailureClass.UNCLASSIFIED)) : Optional.empty(),
                hopeless ? words.code() : Optional.empty(),
                at);
    }

    private static Optional<Status> status(String word) {
        return STATUSES.stream().filter(known -> known.id().equals(word)).findFirst();
    }
}
