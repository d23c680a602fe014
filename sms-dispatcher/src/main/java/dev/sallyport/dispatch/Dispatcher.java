package dev.sallyport.dispatch;

import dev.sallyport.code.SixDigits;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.NotGenuine;
import dev.sallyport.crypto.SealContext;
import dev.sallyport.event.EventRecord;
import dev.sallyport.sms.CodeMessage;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.SendCode;
import dev.sallyport.sms.SmsText;
import dev.sallyport.sms.kafka.SendCodeRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Turns one send-code event into at most one text message. Nothing is believed before its signature holds, and nothing
 * is sent that is too late to be of use. Blocks while the provider is asked; called on JDK virtual threads.
 */
public final class Dispatcher {

    /** What handling an event came to. */
    public sealed interface Result {}

    /** The order was genuine, and this became of it. */
    public record Handled(Outcome outcome) implements Result {}

    /** The event is no order of ours, and nothing was sent. */
    public record Untrusted(Poison poison) implements Result {}

    private final EventVerifier verifier;
    private final CodeOpener opener;
    private final SmsProvider provider;
    private final String brand;
    private final String host;
    private final Clock clock;

    /** @param brand and {@code host} as in {@link SmsText} */
    public Dispatcher(
            EventVerifier verifier, CodeOpener opener, SmsProvider provider, String brand, String host, Clock clock) {
        this.verifier = verifier;
        this.opener = opener;
        this.provider = provider;
        this.brand = brand;
        this.host = host;
        this.clock = clock;
    }

    /** Checks the signature, then the deadline, then opens the seal and sends; it throws for our own bugs only. */
    public Result handle(EventRecord event) {
        try {
            Optional<SendCode> order = SendCodeRecords.decode(event, verifier);
            return order.isPresent() ? handle(order.get()) : new Untrusted(Poison.NO_SEND_CODE_EVENT);
        } catch (NotGenuine e) {
            return new Untrusted(Poison.NOT_GENUINE);
        }
    }

    private Result handle(SendCode order) {
        Instant now = clock.instant();
        if (!now.isBefore(order.sendBy()) || !now.isBefore(order.expiresAt())) {
            return new Handled(outcome(order, Status.EXPIRED));
        }
        SealContext context = new SealContext(SendCode.TYPE, order.challengeId(), order.phoneKey(), order.expiresAt());
        Optional<CodeMessage> message = CodeMessage.decode(opener.open(order.sealed(), context));
        return message.<Result>map(opened -> new Handled(send(order, opened, Duration.between(now, order.expiresAt()))))
                .orElseGet(() -> new Untrusted(Poison.NO_CODE_INSIDE));
    }

    private Outcome send(SendCode order, CodeMessage message, Duration validity) {
        String text = SmsText.of(new SixDigits(message.code()), brand, host);
        return switch (provider.send(
                new TextMessage(order.messageId(), order.phoneKey(), message.e164(), text, validity, 1))) {
            case SendResult.Accepted accepted ->
                outcome(order, Status.ACCEPTED).by(provider.name(), Optional.of(accepted.providerId()));
            case SendResult.NotSent notSent -> failed(order, Status.FAILED, notSent.failureClass(), notSent.code());
            case SendResult.Refused refused -> failed(order, Status.FAILED, refused.failureClass(), refused.code());
            case SendResult.Ambiguous unknown -> failed(order, Status.UNKNOWN, unknown.failureClass(), unknown.code());
        };
    }

    private Outcome outcome(SendCode order, Status status) {
        return Outcome.of(order.messageId(), order.challengeId(), order.phoneKey(), status, clock.instant());
    }

    private Outcome failed(SendCode order, Status status, FailureClass failure, String code) {
        return outcome(order, status).by(provider.name(), Optional.empty()).because(failure, code);
    }
}
