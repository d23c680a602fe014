package dev.sallyport.dispatch;

import dev.sallyport.dispatch.Delivery.Done;
import dev.sallyport.dispatch.Delivery.Late;
import dev.sallyport.dispatch.Delivery.Lost;
import dev.sallyport.dispatch.Delivery.Result;
import dev.sallyport.dispatch.Delivery.Superseded;
import dev.sallyport.dispatch.DispatchMeters.Settled;
import dev.sallyport.dispatch.Senders.Sender;
import dev.sallyport.dispatch.Settling.Finding;
import dev.sallyport.dispatch.ledger.Book.Attempt;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.Ledger.Claim;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.limit.Rule;
import dev.sallyport.dispatch.limit.Verdict;
import dev.sallyport.dispatch.pace.Backoff;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.phone.PhoneRegions;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.SendCode;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One order on its way to a provider; used by one thread. */
final class Errand {

    /** The code of an attempt that was claimed and, because the moment had passed, not made. */
    static final String CLAIM_TOO_LATE = "claim-too-late";

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
            Senders senders,
            Limits limits,
            Pace pace,
            Backoff backoff,
            DispatchMeters meters,
            Clock clock,
            Settling settling) {}

    /** What came of an attempt: whose it was, and if ours the provider's answer. */
    private record Made(Started started, Claim claim, Optional<SendResult> result) {}

    private final Means with;
    private final SendCode order;
    private final PhoneNumber phone;
    private final String text;
    private final Ledger ledger;
    private final Ends ends;
    private final Sending sending;
    /** Instances that have failed this message. */
    private final Set<String> avoid = new HashSet<>();
    /** The newest attempt. */
    private int number;
    /** How many attempts were surely not sent. */
    private int failures;
    /** Nothing could tell whether this attempt was sent; one more follows it, and no other. */
    private Optional<Doubt> doubt = Optional.empty();
    /** It waits, because a limit can't be judged. */
    private Optional<Rule> unjudged = Optional.empty();

    Errand(Means with, SendCode order, PhoneNumber phone, String text, Ledger ledger) {
        this.with = with;
        this.order = order;
        this.phone = phone;
        this.text = text;
        this.ledger = ledger;
        this.ends = new Ends(order, ledger, with.clock());
        this.sending = new Sending(
                order.messageId(),
                order.challengeId(),
                order.phoneKey(),
                PhoneRegions.of(phone),
                phone.block(),
                order.createdAt());
    }

    Result run() throws InterruptedException {
        Optional<Result> result = takeUp(ledger.book().attempts(order.messageId()));
        try {
            while (result.isEmpty()) {
                result = over();
                if (result.isEmpty()) {
                    result = turn();
                }
            }
        } finally {
            with.limits().release(ledger.partition(), order.messageId());
        }
        return result.get();
    }

    /** Goes on where another worker, or this process before it was started anew, has stopped. */
    private Optional<Result> takeUp(List<Attempt> attempts) throws InterruptedException {
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

    /** Empty if an attempt is still to be made. */
    private Optional<Result> over() {
        if (!ledger.isHeld()) {
            return Optional.of(new Lost());
        }
        Optional<Ended> end = ledger.book().end(order.messageId());
        if (end.isPresent()) {
            return end.map(Done::new);
        }
        if (isLate()) {
            return Optional.of(tooLate());
        }
        if (!ledger.book().isSuperseded(sending)) {
            return Optional.empty();
        }
        return Optional.of(doubt.map(this::unknown).orElseGet(Superseded::new));
    }

    /** What was perhaps sent is not told to have expired. */
    private Result tooLate() {
        return doubt.map(this::unknown).or(() -> unjudged.map(this::suppressed)).orElseGet(Late::new);
    }

    /**
     * Looks for somebody who takes the message, waits for its moment and makes an attempt; empty if another turn is to
     * follow. What is held back, or finds nobody, takes no moment from others.
     */
    private Optional<Result> turn() throws InterruptedException {
        Optional<Sender> chosen = with.senders().choose(sending.region(), avoid);
        if (chosen.isEmpty()) {
            return waitFor(LOOK_AGAIN_AFTER);
        }
        Optional<Result> heldBack = judge();
        if (heldBack.isPresent()) {
            return heldBack;
        }
        if (unjudged.isPresent()) {
            return waitFor(LOOK_AGAIN_AFTER);
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
                made = Optional.of(attempt(sender));
            }
        } finally {
            sender.endCall();
        }
        return made.isPresent() ? follow(made.get(), sender) : missed;
    }

    /** Waits for the message's moment, in the order in which messages ask for one; empty when it has come. */
    private Optional<Result> await(Pace of) throws InterruptedException {
        return switch (of.await(timeLeft(), ledger::pause)) {
            case NOW -> Optional.empty();
            case TOO_LATE -> Optional.of(tooLate());
            case GONE -> Optional.of(new Lost());
        };
    }

    /** Waits for one of the sender's calls; false if the message is over first, or another sender takes it. */
    private boolean beginCall(Sender sender) throws InterruptedException {
        while (!sender.beginCall(CALL_AGAIN_AFTER)) {
            Optional<Sender> next = with.senders().choose(sending.region(), avoid);
            if (over().isPresent() || !next.equals(Optional.of(sender))) {
                return false;
            }
        }
        return true;
    }

    private Made attempt(Sender sender) throws InterruptedException {
        Started started = nextStart(sender.provider().name());
        Claim claim = ledger.claim(started, timeLeft(), with.pace()::leave);
        if (claim == Claim.MINE && isLate()) {
            claim = Claim.TOO_LATE;
        }
        Optional<SendResult> result =
                claim == Claim.MINE ? Optional.of(sender.provider().send(message(number))) : Optional.empty();
        return new Made(started, claim, result);
    }

    private Optional<Result> follow(Made made, Sender sender) throws InterruptedException {
        return switch (made.claim()) {
            case MINE -> answered(made.started(), sender, made.result().orElseThrow());
            case ANOTHERS ->
                settleOthers(ledger.book().owner(order.messageId(), number).orElseThrow());
            case TOO_LATE -> notMade(made.started());
        };
    }

    /** What is claimed and not made is surely not sent, unless the claim turns out to be another's. */
    private Optional<Result> notMade(Started started) throws InterruptedException {
        Optional<Started> owner = ledger.book().owner(order.messageId(), number);
        if (owner.isPresent() && !owner.get().equals(started)) {
            return settleOthers(owner.get());
        }
        if (owner.isPresent()) {
            ends.notSent(started, FailureClass.NO_CONNECTION, CLAIM_TOO_LATE);
        }
        return Optional.empty();
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
                yield Optional.of(doubt.map(this::unknown).orElseGet(() -> suppressed(suppressed.rule())));
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

    private Started nextStart(String provider) {
        number++;
        String claim = UUID.randomUUID().toString();
        return new Started(
                sending,
                number,
                claim,
                provider,
                doubt.isPresent(),
                with.clock().instant());
    }

    private TextMessage message(int attempt) {
        Duration life = Duration.between(with.clock().instant(), order.expiresAt());
        Duration validity = life.isPositive() ? life : Duration.ofMillis(1);
        return new TextMessage(order.messageId(), order.phoneKey(), phone.e164(), text, validity, attempt);
    }

    private Optional<Result> answered(Started started, Sender sender, SendResult result) throws InterruptedException {
        with.meters().attempt(started.provider(), result);
        return switch (result) {
            case SendResult.Accepted accepted -> {
                sender.worked();
                with.meters()
                        .accepted(
                                Duration.between(order.createdAt(), with.clock().instant()));
                yield Optional.of(new Done(ends.accepted(started, accepted)));
            }
            case SendResult.NotSent notSent -> {
                sender.note(notSent.failureClass(), notSent.code(), with.clock().instant());
                yield notSent(started, sender, notSent);
            }
            case SendResult.Refused refused -> {
                sender.note(refused.failureClass(), refused.code(), with.clock().instant());
                yield refused(started, sender, refused);
            }
            case SendResult.Ambiguous open -> {
                sender.note(open.failureClass(), open.code(), with.clock().instant());
                sender.failed();
                Doubt lost = new Doubt(started, open.failureClass(), open.code());
                yield settled(lost, with.settling().own(started, message(started.attempt()), ends));
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
        return waitFor(with.backoff().after(failures, notSent.retryAfter().filter(_ -> !another)));
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
        return settled(Doubt.ofLostWorker(started), with.settling().others(started, message(started.attempt()), ends));
    }

    /** Empty if one more attempt is to be made. */
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
        if (doubt.isPresent() || isLate()) {
            with.meters().settled(Settled.UNKNOWN);
            return Optional.of(unknown(open));
        }
        with.meters().settled(Settled.AGAIN);
        doubt = Optional.of(open);
        return Optional.empty();
    }

    private Result unknown(Doubt open) {
        return new Done(ends.unknown(open));
    }

    private Optional<Result> waitFor(Duration time) throws InterruptedException {
        Duration left = timeLeft();
        Duration wait = time.compareTo(left) < 0 || !left.isPositive() ? time : left;
        return ledger.pause(wait) ? Optional.empty() : Optional.of(new Lost());
    }

    private boolean isLate() {
        return !timeLeft().isPositive();
    }

    private Duration timeLeft() {
        return Delivery.timeLeft(order, with.clock().instant());
    }
}
