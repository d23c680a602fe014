package dev.sallyport.dispatch;

import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.ledger.Book.Attempt;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Turns what providers report into outcomes, and into the end of an attempt whose fate was open. Reports may repeat, come in
 * any order, and come before the answer of the call that they are about.
 */
public final class News {

    private final DispatchMeters meters;

    public News(DispatchMeters meters) {
        this.meters = meters;
    }

    /** The outcome that a report tells; empty if it tells none, or is of a message that the ledger does not know. */
    public Optional<Outcome> tell(Callback callback, Ledger ledger) {
        meters.report(callback.status());
        List<Attempt> attempts = ledger.book().attempts(callback.messageId());
        Optional<Attempt> known = attempts.stream()
                .filter(attempt -> attempt.number() == callback.attempt())
                .findFirst();
        Optional<Started> started =
                known.flatMap(Attempt::started).filter(begun -> begun.provider().equals(callback.provider()));
        if (started.isEmpty()) {
            return Optional.empty();
        }
        if (known.get().ended().isEmpty()) {
            var _ = ledger.end(callback.phoneKey(), end(callback, started.get()));
        }
        boolean newest = attempts.stream().noneMatch(attempt -> attempt.number() > callback.attempt());
        if (callback.status().isHopeless() && !newest) {
            return Optional.empty();
        }
        if (callback.status() == Status.DELIVERED) {
            known.get().ended().ifPresent(ended -> meters.delivered(Duration.between(ended.at(), callback.at())));
        }

        Outcome outcome = Outcome.of(
                        callback.messageId(),
                        started.get().sending().challengeId(),
                        callback.phoneKey(),
                        callback.status(),
                        callback.at())
                .by(callback.provider(), Optional.of(callback.providerId()));
        return Optional.of(callback.failure()
                .map(failure -> outcome.because(failure, callback.code().orElse("no-code")))
                .orElse(outcome));
    }

    private static Ended end(Callback callback, Started started) {
        boolean failed = callback.status() == Status.FAILED;
        return new Ended(
                callback.messageId(),
                callback.attempt(),
                failed ? End.REFUSED : End.ACCEPTED,
                Optional.of(started.claim()),
                Optional.of(callback.provider()),
                Optional.of(callback.providerId()),
                failed ? callback.failure() : Optional.empty(),
                failed ? callback.code() : Optional.empty(),
                callback.at());
    }
}
