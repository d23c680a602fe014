package dev.sallyport.dispatch;

import dev.sallyport.dispatch.Attempts.Made;
import dev.sallyport.dispatch.Delivery.Done;
import dev.sallyport.dispatch.Delivery.Late;
import dev.sallyport.dispatch.Delivery.Lost;
import dev.sallyport.dispatch.Delivery.Result;
import dev.sallyport.dispatch.Delivery.Superseded;
import dev.sallyport.dispatch.Senders.Sender;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.limit.Rule;
import dev.sallyport.dispatch.limit.Verdict;
import dev.sallyport.dispatch.pace.Backoff;
import dev.sallyport.dispatch.pace.Pace;
import java.time.Duration;
import java.util.Optional;

/** One order on its way to a provider: looks for a sender and waits for a moment until it is over; used by one thread. */
final class Errand {

    /** What is not to be had now is looked for again. */
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(250);

    /**
     * So long in the queue for a call, before it is asked whether the message is worth it still: seldom, because thousands
     * may wait, and sooner than a partition that is given away is drained.
     */
    private static final Duration CALL_AGAIN_AFTER = Duration.ofMillis(2_500);

    /**
     * What all errands of a process share.
     *
     * @param pace of all senders together
     */
    record Means(
            Senders senders, Limits limits, Pace pace, Backoff backoff, DispatchMeters meters, Settling settling) {}

    private final Means with;
    private final Job job;
    private final Ledger ledger;
    private final Sending sending;
    private final Ends ends;
    private final Attempts attempts;
    /** It waits, because a limit can't be judged. */
    private Optional<Rule> unjudged = Optional.empty();

    Errand(Means with, Job job) {
        this.with = with;
        this.job = job;
        this.ledger = job.ledger();
        this.sending = job.sending();
        this.ends = new Ends(job);
        this.attempts = new Attempts(with, job, sending, ends);
    }

    Result run() throws InterruptedException {
        Optional<Result> result = attempts.takeUp(ledger.book().attempts(job.messageId()));
        try {
            while (result.isEmpty()) {
                result = over();
                if (result.isEmpty()) {
                    result = turn();
                }
            }
        } finally {
            with.limits().release(ledger.partition(), job.messageId());
        }
        return result.get();
    }

    /** Empty if an attempt is still to be made. */
    private Optional<Result> over() {
        if (!ledger.isHeld()) {
            return Optional.of(new Lost());
        }
        Optional<Ended> end = ledger.book().end(job.messageId());
        if (end.isPresent()) {
            return end.map(Done::new);
        }
        if (job.isLate()) {
            return Optional.of(tooLate());
        }
        return ledger.book().isSuperseded(sending) ? Optional.of(unknownOr(new Superseded())) : Optional.empty();
    }

    private Result tooLate() {
        return unknownOr(unjudged.map(this::suppressed).orElseGet(Late::new));
    }

    /** Of what was perhaps sent it is not told that it was not. */
    private Result unknownOr(Result notSent) {
        return attempts.unknown().orElse(notSent);
    }

    /**
     * Looks for somebody who takes the message, waits for its moment and makes an attempt; empty if another turn is to
     * follow. What is held back, or finds nobody, takes no moment from others.
     */
    private Optional<Result> turn() throws InterruptedException {
        Optional<Sender> chosen = attempts.sender();
        if (chosen.isEmpty()) {
            return lookAgain();
        }
        Optional<Result> heldBack = judge();
        if (heldBack.isPresent()) {
            return heldBack;
        }
        if (unjudged.isPresent()) {
            return lookAgain();
        }
        Sender sender = chosen.get();
        Optional<Result> missed = await(sender.pace());
        if (missed.isPresent() || !beginCall(sender)) {
            return missed;
        }
        Optional<Made> made = Optional.empty();
        try {
            missed = await(with.pace());
            if (missed.isEmpty() && over().isEmpty() && sender.admits()) {
                made = Optional.of(attempts.make(sender));
            }
        } finally {
            sender.endCall();
        }
        return made.isPresent() ? attempts.follow(made.get()) : missed;
    }

    private Optional<Result> lookAgain() throws InterruptedException {
        return job.pause(LOOK_AGAIN_AFTER) ? Optional.empty() : Optional.of(new Lost());
    }

    /** Waits for the message's moment, in the order in which messages ask for one; empty when it has come. */
    private Optional<Result> await(Pace of) throws InterruptedException {
        return switch (of.await(job.timeLeft(), ledger::pause)) {
            case NOW -> Optional.empty();
            case TOO_LATE -> Optional.of(tooLate());
            case GONE -> Optional.of(new Lost());
        };
    }

    /** Waits for one of the sender's calls; false if the message is over first, or another sender takes it. */
    private boolean beginCall(Sender sender) throws InterruptedException {
        while (!sender.beginCall(CALL_AGAIN_AFTER)) {
            if (over().isPresent() || !attempts.sender().equals(Optional.of(sender))) {
                return false;
            }
        }
        return true;
    }

    /** Empty if no limit holds the message back for good; {@link #unjudged} tells whether one does for now. */
    private Optional<Result> judge() {
        Verdict verdict = with.limits().judge(ledger.partition(), sending);
        unjudged = Optional.empty();
        return switch (verdict) {
            case Verdict.Allowed allowed -> {
                ledger.book().note(sending);
                allowed.recorded().forEach(rule -> with.meters().suppressed(rule.id(), false));
                yield Optional.empty();
            }
            case Verdict.Suppressed suppressed -> {
                suppressed.recorded().forEach(rule -> with.meters().suppressed(rule.id(), false));
                yield Optional.of(attempts.unknown().orElseGet(() -> suppressed(suppressed.rule())));
            }
            case Verdict.Unknown unknown -> {
                unjudged = Optional.of(unknown.rule());
                yield Optional.empty();
            }
            case Verdict.Elsewhere elsewhere -> Optional.of(new Lost());
        };
    }

    private Result suppressed(Rule rule) {
        with.meters().suppressed(rule.id(), true);
        return new Done(ends.suppressed(rule));
    }
}
