package dev.sallyport.dispatch;

import dev.sallyport.code.SixDigits;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.NotGenuine;
import dev.sallyport.crypto.SealContext;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.event.EventRecord;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.CodeMessage;
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
 * Turns one send-code event into at most one text message. Nothing is believed before its signature holds, nothing is sent
 * that is too late to be of use, and what the ledger knows of a message is not done again. Blocks, for as long as the
 * message may wait; called on JDK virtual threads.
 */
public final class Dispatcher {

    /** What handling an event came to. */
    public sealed interface Result {}

    /** The order was genuine, and this became of it. */
    public record Handled(Outcome outcome) implements Result {}

    /** The order's end was told long ago, and nothing else is remembered of it. */
    public record ToldLongAgo() implements Result {}

    /** The event is no order of ours, and nothing was sent. */
    public record Untrusted(Poison poison) implements Result {}

    /** The partition is another worker's by now, who will handle the order; nothing is to be told or committed. */
    public record GivenUp() implements Result {}

    /** So much clocks of producers may be ahead of ours. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(5);
    /** Codes live 5 minutes, and orders are worth sending for one. */
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(10);

    private final EventVerifier verifier;
    private final CodeOpener opener;
    private final Delivery delivery;
    private final DispatchMeters meters;
    private final String brand;
    private final String host;
    private final Clock clock;

    /** @param brand and {@code host} as in {@link SmsText} */
    public Dispatcher(
            EventVerifier verifier,
            CodeOpener opener,
            Delivery delivery,
            DispatchMeters meters,
            String brand,
            String host,
            Clock clock) {
        this.verifier = verifier;
        this.opener = opener;
        this.delivery = delivery;
        this.meters = meters;
        this.brand = brand;
        this.host = host;
        this.clock = clock;
    }

    /**
     * Checks the signature, then what is known of the message, then the deadline, then opens the seal and delivers.
     *
     * @throws InterruptedException if this thread is to end; the order is then as good as given up
     */
    public Result handle(EventRecord event, Ledger ledger) throws InterruptedException {
        try {
            Optional<SendCode> order = SendCodeRecords.decode(event, verifier);
            return order.isPresent() ? handle(order.get(), ledger) : new Untrusted(Poison.NO_SEND_CODE_EVENT);
        } catch (NotGenuine e) {
            return new Untrusted(e.isOfUnknownKey() ? Poison.UNKNOWN_KEY : Poison.NOT_GENUINE);
        }
    }

    private Result handle(SendCode order, Ledger ledger) throws InterruptedException {
        if (!isPlausible(order)) {
            return new Untrusted(Poison.IMPLAUSIBLE_TIME);
        }
        Optional<Ended> end = ledger.book().end(order.messageId());
        if (end.isPresent()) {
            meters.knownAlready();
            return new Handled(outcome(order, end.get()));
        }
        if (ledger.book().oldEnd(order.messageId()).isPresent()) {
            meters.knownAlready();
            return new ToldLongAgo();
        }
        if (delivery.isLate(order) && ledger.book().attempts(order.messageId()).isEmpty()) {
            return told(outcome(order, Status.EXPIRED));
        }
        SealContext context = new SealContext(SendCode.TYPE, order.challengeId(), order.phoneKey(), order.expiresAt());
        Optional<CodeMessage> message = CodeMessage.decode(opener.open(order.sealed(), context));
        if (message.isEmpty()) {
            return new Untrusted(Poison.NO_CODE_INSIDE);
        }
        String text = SmsText.of(new SixDigits(message.get().code()), brand, host);
        PhoneNumber phone = new PhoneNumber(message.get().e164());
        return switch (delivery.deliver(order, phone, text, ledger)) {
            case Delivery.Done done -> told(outcome(order, done.ended()));
            case Delivery.Late late -> told(outcome(order, Status.EXPIRED));
            case Delivery.Superseded superseded -> told(outcome(order, Status.SUPERSEDED));
            case Delivery.Lost lost -> new GivenUp();
        };
    }

    /** Limits count by the times of orders, so an order must not choose its own. */
    private boolean isPlausible(SendCode order) {
        Instant latest = order.createdAt().plus(LONGEST_LIFE);
        return !order.createdAt().isAfter(clock.instant().plus(CLOCKS_APART))
                && !order.sendBy().isAfter(latest)
                && !order.expiresAt().isAfter(latest);
    }

    private Result told(Outcome outcome) {
        meters.outcome(outcome.status());
        return new Handled(outcome);
    }

    private Outcome outcome(SendCode order, Status status) {
        return Outcome.of(order.messageId(), order.challengeId(), order.phoneKey(), status, clock.instant());
    }

    private static Outcome outcome(SendCode order, Ended ended) {
        Status status =
                switch (ended.end()) {
                    case ACCEPTED -> Status.ACCEPTED;
                    case REFUSED, NOT_SENT -> Status.FAILED;
                    case UNKNOWN -> Status.UNKNOWN;
                    case SUPPRESSED -> Status.SUPPRESSED;
                };
        Outcome bare = Outcome.of(order.messageId(), order.challengeId(), order.phoneKey(), status, ended.at());
        if (status == Status.SUPPRESSED) {
            return bare.suppressedBy(ended.code().orElseThrow());
        }
        Outcome asked = bare.by(ended.provider().orElseThrow(), ended.providerId());
        return ended.failure()
                .map(failure -> asked.because(failure, ended.code().orElseThrow()))
                .orElse(asked);
    }
}
