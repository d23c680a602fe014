package dev.sallyport.dispatch;

import dev.sallyport.dispatch.Delivery.Done;
import dev.sallyport.dispatch.Delivery.Lost;
import dev.sallyport.dispatch.Delivery.Result;
import dev.sallyport.dispatch.DispatchMeters.Settled;
import dev.sallyport.dispatch.Senders.Sender;
import dev.sallyport.dispatch.Settling.Finding;
import dev.sallyport.dispatch.ledger.Book.Attempt;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.Ledger.Claim;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.sms.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The attempts to send one message: those of others that are taken up, the next one, and what follows from it. */
final class Attempts {

    /** The code of an attempt that was claimed and, because the moment had passed, not made. */
    static final String CLAIM_TOO_LATE = "claim-too-late";

    /** What came of an attempt: whose it was, and if ours the provider's answer. */
    record Made(Started started, Sender sender, Claim claim, Optional<SendResult> result) {}

    private final Errand.Means with;
    private final Job job;
    private final Ledger ledger;
    private final Sending sending;
    private final Ends ends;
    /** Instances that have failed this message. */
    private final Set<String> avoid = new HashSet<>();
    /** The newest attempt. */
    private int number;
    /** How many attempts were surely not sent. */
    private int failures;
    /** Nothing could tell whether this attempt was sent; one more follows it, and no other. */
    private Optional<Doubt> doubt = Optional.empty();

    Attempts(Errand.Means with, Job job, Sending sending, Ends ends) {
        this.with = with;
        this.job = job;
        this.ledger = job.ledger();
        this.sending = sending;
        this.ends = ends;
    }

    /** Goes on where another worker, or this process before it was started anew, has stopped. */
    Optional<Result> takeUp(List<Attempt> attempts) throws InterruptedException {
        Optional<Started> newest = Optional.empty();
        for (Attempt attempt : attempts) {
            if (attempt.number() > number) {
                number = attempt.number();
                newest = attempt.isOpen() ? attempt.started() : Optional.empty();
            }
            failures += attempt.isOpen() ? 0 : 1;
        }
        doubt = attempts.stream()
                .filter(attempt -> attempt.isOpen() && attempt.number() < number)
                .flatMap(attempt -> attempt.started().stream())
                .findFirst()
                .map(Doubt::ofLostWorker);
        return newest.isPresent() ? settleOthers(newest.get()) : Optional.empty();
    }

    /** Who may take the next one. */
    Optional<Sender> sender() {
        return with.senders().choose(sending.region(), avoid);
    }

    /** If nothing can tell whether the message was sent, then that is what is told of it. */
    Optional<Result> unknown() {
        return doubt.map(this::unknown);
    }

    private Result unknown(Doubt open) {
        return new Done(ends.unknown(open));
    }

    /** Makes the next one. */
    Made make(Sender sender) throws InterruptedException {
        Started started = nextStart(sender.provider().name());
        Claim claim = ledger.claim(started, job.timeLeft(), with.pace()::leave);
        if (claim == Claim.MINE && job.isLate()) {
            claim = Claim.TOO_LATE;
        }
        Optional<SendResult> result =
                claim == Claim.MINE ? Optional.of(sender.provider().send(job.message(number))) : Optional.empty();
        return new Made(started, sender, claim, result);
    }

    private Started nextStart(String provider) {
        number++;
        String claim = UUID.randomUUID().toString();
        return new Started(
                sending, number, claim, provider, doubt.isPresent(), job.clock().instant());
    }

    /** Empty if one more is to be made. */
    Optional<Result> follow(Made made) throws InterruptedException {
        return switch (made.claim()) {
            case MINE -> answered(made.started(), made.sender(), made.result().orElseThrow());
            case ANOTHERS ->
                settleOthers(ledger.book().owner(job.messageId(), number).orElseThrow());
            case TOO_LATE -> notMade(made.started());
        };
    }

    /** What is claimed and not made is surely not sent, unless the claim turns out to be another's. */
    private Optional<Result> notMade(Started started) throws InterruptedException {
        Optional<Started> owner = ledger.book().owner(job.messageId(), number);
        if (owner.isPresent() && !owner.get().equals(started)) {
            return settleOthers(owner.get());
        }
        if (owner.isPresent()) {
            ends.notSent(started, FailureClass.NO_CONNECTION, CLAIM_TOO_LATE);
        }
        return Optional.empty();
    }

    private Optional<Result> answered(Started started, Sender sender, SendResult result) throws InterruptedException {
        with.meters().attempt(started.provider(), result);
        Instant now = job.clock().instant();
        return switch (result) {
            case SendResult.Accepted accepted -> {
                sender.worked();
                with.meters().accepted(Duration.between(job.order().createdAt(), now));
                yield Optional.of(new Done(ends.accepted(started, accepted)));
            }
            case SendResult.NotSent notSent -> {
                sender.note(notSent.failureClass(), notSent.code(), now);
                yield notSent(started, sender, notSent);
            }
            case SendResult.Refused refused -> {
                sender.note(refused.failureClass(), refused.code(), now);
                yield refused(started, sender, refused);
            }
            case SendResult.Ambiguous open -> {
                sender.note(open.failureClass(), open.code(), now);
                sender.failed();
                Doubt lost = new Doubt(started, open.failureClass(), open.code());
                yield settled(lost, with.settling().own(started, job.message(started.attempt()), ends));
            }
        };
    }

    private Optional<Result> notSent(Started started, Sender sender, SendResult.NotSent notSent)
            throws InterruptedException {
        if (notSent.failureClass() == FailureClass.THROTTLED) {
            sender.pace().tooFast(notSent.retryAfter());
        } else {
            sender.failed();
        }
        ends.notSent(started, notSent.failureClass(), notSent.code());
        failures++;
        avoid.add(started.provider());
        // Another sender need not be waited for as long as this one asks.
        boolean another = with.senders().hasOther(sending.region(), avoid);
        Duration wait = with.backoff().after(failures, notSent.retryAfter().filter(_ -> !another));
        return job.pause(wait) ? Optional.empty() : Optional.of(new Lost());
    }

    /** A sender that fails every message fails this one too; another may not. */
    private Optional<Result> refused(Started started, Sender sender, SendResult.Refused refused) {
        FailureClass failure = refused.failureClass();
        if (failure != FailureClass.CONFIGURATION && failure != FailureClass.SATURATED) {
            sender.worked();
            return Optional.of(new Done(ends.refused(started, refused)));
        }
        sender.failed();
        avoid.add(started.provider());
        if (!with.senders().hasOther(sending.region(), avoid)) {
            return Optional.of(new Done(ends.refused(started, refused)));
        }
        ends.notSent(started, failure, refused.code());
        return Optional.empty();
    }

    private Optional<Result> settleOthers(Started started) throws InterruptedException {
        Finding finding = with.settling().others(started, job.message(started.attempt()), ends);
        return settled(Doubt.ofLostWorker(started), finding);
    }

    private Optional<Result> settled(Doubt open, Finding finding) {
        return switch (finding) {
            case Settling.Over over -> Optional.of(new Done(over.ended()));
            case Settling.Lost lost -> Optional.of(new Lost());
            case Settling.NotSent notSent -> {
                failures++;
                yield Optional.empty();
            }
            case Settling.Unknown unknown -> again(open);
        };
    }

    private Optional<Result> again(Doubt open) {
        if (doubt.isPresent() || job.isLate()) {
            with.meters().settled(Settled.UNKNOWN);
            return Optional.of(unknown(open));
        }
        with.meters().settled(Settled.AGAIN);
        doubt = Optional.of(open);
        return Optional.empty();
    }
}
