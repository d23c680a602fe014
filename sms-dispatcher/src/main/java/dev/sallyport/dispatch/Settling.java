package dev.sallyport.dispatch;

import dev.sallyport.dispatch.DispatchMeters.Settled;
import dev.sallyport.dispatch.Senders.Sender;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds out what became of attempts of which nobody saw the end: by the provider's news, else by asking it. */
final class Settling {

    /** What was found out. */
    sealed interface Finding {}

    /** The message's story is over. */
    record Over(Ended ended) implements Finding {}

    /** The attempt was surely not sent. */
    record NotSent() implements Finding {}

    /** Nobody knows. */
    record Unknown() implements Finding {}

    /** The partition is another worker's, who will find it out. */
    record Lost() implements Finding {}

    /**
     * How long the fate of an attempt is waited for before anybody is asked.
     *
     * @param news from the loss of the answer on; a provider tells what it has done within this time, mostly
     * @param others from another worker's claim on; by then its call has ended
     */
    record Patience(Duration news, Duration others) {

        /** A call begins so soon after its claim was begun, and lasts so long; a second more for clocks and threads. */
        static final Patience OF_CALLS = new Patience(
                Duration.ofSeconds(3),
                Ledger.CALL_WITHIN.plus(SmsProvider.LONGEST_CALL).plusSeconds(1));
    }

    /** Who asks waits so long for other questions to be answered. */
    private static final Duration QUESTION_WITHIN = Duration.ofSeconds(2);

    private final Senders senders;
    private final DispatchMeters meters;
    private final Clock clock;
    private final Patience patience;

    Settling(Senders senders, DispatchMeters meters, Clock clock, Patience patience) {
        this.senders = senders;
        this.meters = meters;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * The fate of an attempt of this process, whose answer was lost a moment ago.
     *
     * @param message as it was given to the provider
     */
    Finding own(Started started, TextMessage message, Ends ends) throws InterruptedException {
        return settle(started, message, ends, patience.news());
    }

    /** The fate of an attempt of another process, which may be making it still. */
    Finding others(Started started, TextMessage message, Ends ends) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), started.at().plus(patience.others()));
        Duration bounded = left.compareTo(patience.others()) > 0 ? patience.others() : left;
        return settle(started, message, ends, bounded.isNegative() ? Duration.ZERO : bounded);
    }

    private Finding settle(Started started, TextMessage message, Ends ends, Duration newsWithin)
            throws InterruptedException {
        Ledger ledger = ends.job().ledger();
        Optional<Ended> told = ledger.book().awaitEnd(started.messageId(), started.attempt(), newsWithin);
        if (told.isPresent()) {
            meters.settled(Settled.NEWS);
            return told.get().end().isFinal() ? new Over(told.get()) : new NotSent();
        }
        if (!ledger.isHeld()) {
            return new Lost();
        }
        return switch (ask(started, message, ledger).orElse(null)) {
            case SendResult.Accepted accepted -> {
                meters.settled(Settled.LOOK_UP);
                yield new Over(ends.accepted(started, accepted));
            }
            case SendResult.Refused refused -> {
                meters.settled(Settled.LOOK_UP);
                yield new Over(ends.refused(started, refused));
            }
            case null, default -> new Unknown();
        };
    }

    private Optional<SendResult> ask(Started started, TextMessage message, Ledger ledger) throws InterruptedException {
        Optional<Sender> sender = senders.named(started.provider());
        return sender.isEmpty()
                ? Optional.empty()
                : sender.get().find(message, started.at(), otherIds(started, ledger), QUESTION_WITHIN);
    }

    private static Set<String> otherIds(Started started, Ledger ledger) {
        return ledger.book().attempts(started.messageId()).stream()
                .flatMap(attempt -> attempt.ended().stream())
                .flatMap(ended -> ended.providerId().stream())
                .collect(Collectors.toSet());
    }
}
