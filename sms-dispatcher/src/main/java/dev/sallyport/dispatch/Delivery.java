package dev.sallyport.dispatch;

import dev.sallyport.dispatch.DispatchMeters.Settled;
import dev.sallyport.dispatch.Senders.Sender;
import dev.sallyport.dispatch.ledger.Book.Attempt;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.Ledger.Claim;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
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
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Takes one genuine order to a provider: when its turn comes, once, and again only where the text was surely not sent. An
 * attempt whose fate is open is settled by the provider's news, else by asking it, else by one more attempt with the same
 * code; after that the fate is unknown.
 */
public final class Delivery {

    /** What came of an order. */
    sealed interface Result {}

    /** This became of it. */
    record Done(Ended ended) implements Result {}

    /** It was too late to be worth sending. */
    record Late() implements Result {}

    /** A newer order of the same challenge took its place. */
    record Superseded() implements Result {}

    /** The partition is another worker's. */
    record Lost() implements Result {}

    /** The code of an attempt whose worker died over it. */
    static final String WORKER_LOST = "worker-lost";

    /** The code of an attempt that was claimed and, because the moment had passed, not made. */
    static final String CLAIM_TOO_LATE = "claim-too-late";

    /**
     * How long the fate of an attempt is waited for before anybody is asked.
     *
     * @param news from the loss of the answer on; a provider tells what it has done within this time, mostly
     * @param others from another worker's claim on; by then its call has ended, or the provider has told of it
     */
    record Patience(Duration news, Duration others) {}

    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(3), Duration.ofSeconds(8));

    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(250);

    private final Senders senders;
    private final Limits limits;
    private final Pace pace;
    private final Backoff backoff;
    private final Semaphore calls;
    private final DispatchMeters meters;
    private final Clock clock;
    private final Patience patience;

    /** @param callsAtOnce provider calls under way at once in this process */
    public Delivery(
            Senders senders,
            Limits limits,
            Pace pace,
            Backoff backoff,
            int callsAtOnce,
            DispatchMeters meters,
            Clock clock) {
        this(senders, limits, pace, backoff, callsAtOnce, meters, clock, PATIENCE);
    }

    Delivery(
            Senders senders,
            Limits limits,
            Pace pace,
            Backoff backoff,
            int callsAtOnce,
            DispatchMeters meters,
            Clock clock,
            Patience patience) {
        this.limits = limits;
        this.meters = meters;
        this.senders = senders;
        this.patience = patience;
        this.pace = pace;
        this.backoff = backoff;
        this.calls = new Semaphore(callsAtOnce, true);
        this.clock = clock;
    }

    /** True if the order is not worth sending any more. */
    boolean isLate(SendCode order) {
        return !timeLeft(order).isPositive();
    }

    private Duration timeLeft(SendCode order) {
        Instant end = order.sendBy().isBefore(order.expiresAt()) ? order.sendBy() : order.expiresAt();
        return Duration.between(clock.instant(), end);
    }

    Result deliver(SendCode order, PhoneNumber phone, String text, Ledger ledger) throws InterruptedException {
        return new Errand(order, phone, text, ledger).run();
    }

    /** An attempt that may have been sent, and what is known of how it failed. */
    private record Doubt(Started started, FailureClass failure, String code) {

        static Doubt ofLostWorker(Started started) {
            return new Doubt(started, FailureClass.CONNECTION_LOST, WORKER_LOST);
        }
    }

    /** One order on its way; used by one thread. */
    private final class Errand {

        private final SendCode order;
        private final PhoneNumber phone;
        private final String text;
        private final Ledger ledger;
        private final Sending sending;
        /** Instances that have failed this message. */
        private final Set<String> avoid = new HashSet<>();
        /** The newest attempt. */
        private int number;
        /** How many attempts were surely not sent. */
        private int failures;
        /** Nothing could tell whether this attempt was sent; one more follows it, and no other. */
        private Optional<Doubt> doubt = Optional.empty();

        Errand(SendCode order, PhoneNumber phone, String text, Ledger ledger) {
            this.order = order;
            this.phone = phone;
            this.text = text;
            this.ledger = ledger;
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
                    result = turn();
                }
            } finally {
                limits.release(ledger.partition(), order.messageId());
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
            return newest.isPresent()
                    ? settle(Doubt.ofLostWorker(newest.get()), whileOthersMayCall(newest.get()))
                    : Optional.empty();
        }

        /** Waits for its turn and makes an attempt; empty if another turn is to follow. */
        private Optional<Result> turn() throws InterruptedException {
            Optional<Pace.Slot> slot = pace.reserve(timeLeft(order));
            if (slot.isEmpty() && pace.hasShare()) {
                return Optional.of(tooLate());
            }
            if (!ledger.pause(slot.map(Pace.Slot::in).orElse(LOOK_AGAIN_AFTER))) {
                return Optional.of(new Lost());
            }
            Optional<Result> over = over();
            return over.isPresent() || slot.isEmpty() || !pace.isGood(slot.get()) ? over : attempt();
        }

        /** Empty if an attempt is still to be made. */
        private Optional<Result> over() {
            Optional<Ended> end = ledger.book().end(order.messageId());
            if (end.isPresent()) {
                return end.map(Done::new);
            }
            if (isLate(order)) {
                return Optional.of(tooLate());
            }
            if (!ledger.book().isSuperseded(sending)) {
                return Optional.empty();
            }
            return Optional.of(doubt.map(this::unknown).orElseGet(Superseded::new));
        }

        /** What was perhaps sent is not told to have expired. */
        private Result tooLate() {
            return doubt.map(this::unknown).orElseGet(Late::new);
        }

        private Optional<Result> attempt() throws InterruptedException {
            Optional<Sender> chosen = senders.choose(sending.region(), avoid);
            if (chosen.isEmpty()) {
                return waitFor(LOOK_AGAIN_AFTER);
            }
            Sender sender = chosen.get();
            Optional<Result> limited = judge();
            if (limited.isPresent()) {
                return limited;
            }
            if (!calls.tryAcquire(timeLeft(order).toNanos(), TimeUnit.NANOSECONDS)) {
                return over();
            }
            Started started;
            Claim claim;
            Optional<SendResult> result = Optional.empty();
            try {
                if (!ledger.isHeld()) {
                    return Optional.of(new Lost());
                }
                started = nextStart(sender.provider().name());
                claim = ledger.claim(started, timeLeft(order));
                if (claim == Claim.MINE && isLate(order)) {
                    claim = Claim.TOO_LATE;
                }
                if (claim == Claim.MINE) {
                    result = Optional.of(sender.provider().send(message(number)));
                }
            } finally {
                calls.release();
            }
            return switch (claim) {
                case MINE -> made(started, sender, result.orElseThrow());
                case ANOTHERS -> {
                    Started theirs =
                            ledger.book().owner(order.messageId(), number).orElseThrow();
                    yield settle(Doubt.ofLostWorker(theirs), whileOthersMayCall(theirs));
                }
                case TOO_LATE -> notMade(started);
            };
        }

        /** What is claimed and not made is surely not sent, unless the claim turns out to be another's. */
        private Optional<Result> notMade(Started started) throws InterruptedException {
            Optional<Started> owner = ledger.book().owner(order.messageId(), number);
            if (owner.isPresent() && !owner.get().equals(started)) {
                return settle(Doubt.ofLostWorker(owner.get()), whileOthersMayCall(owner.get()));
            }
            if (owner.isPresent()) {
                end(started, End.NOT_SENT, FailureClass.NO_CONNECTION, CLAIM_TOO_LATE);
            }
            return Optional.empty();
        }

        /** Empty if no limit holds the message back. */
        private Optional<Result> judge() {
            return switch (limits.judge(ledger.partition(), sending)) {
                case Verdict.Allowed allowed -> {
                    ledger.book().note(sending);
                    allowed.recorded().forEach(rule -> meters.suppressed(rule.id(), false));
                    yield Optional.empty();
                }
                case Verdict.Suppressed suppressed -> {
                    suppressed.recorded().forEach(rule -> meters.suppressed(rule.id(), false));
                    meters.suppressed(suppressed.rule().id(), true);
                    yield Optional.of(doubt.map(this::unknown).orElseGet(() -> suppressed(suppressed.rule())));
                }
                case Verdict.Elsewhere elsewhere -> Optional.of(new Lost());
            };
        }

        private Result suppressed(Rule rule) {
            Ended ended = new Ended(
                    order.messageId(),
                    0,
                    End.SUPPRESSED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(rule.id()),
                    clock.instant());
            var _ = ledger.end(order.phoneKey(), ended);
            return new Done(ended);
        }

        private Started nextStart(String provider) {
            number++;
            String claim = UUID.randomUUID().toString();
            return new Started(sending, number, claim, provider, doubt.isPresent(), clock.instant());
        }

        private TextMessage message(int attempt) {
            Duration life = Duration.between(clock.instant(), order.expiresAt());
            Duration validity = life.isPositive() ? life : Duration.ofMillis(1);
            return new TextMessage(order.messageId(), order.phoneKey(), phone.e164(), text, validity, attempt);
        }

        private Optional<Result> made(Started started, Sender sender, SendResult result) throws InterruptedException {
            meters.attempt(started.provider(), result);
            noteFailure(sender, result);
            return switch (result) {
                case SendResult.Accepted accepted -> {
                    sender.worked();
                    meters.accepted(Duration.between(order.createdAt(), clock.instant()));
                    yield Optional.of(accepted(started, accepted));
                }
                case SendResult.NotSent notSent -> notSent(started, sender, notSent);
                case SendResult.Refused refused -> refused(started, sender, refused);
                case SendResult.Ambiguous open -> {
                    sender.failed();
                    yield settle(new Doubt(started, open.failureClass(), open.code()), patience.news());
                }
            };
        }

        private void noteFailure(Sender sender, SendResult result) {
            switch (result) {
                case SendResult.Accepted accepted -> {}
                case SendResult.NotSent failed -> sender.note(failed.failureClass(), failed.code(), clock.instant());
                case SendResult.Refused failed -> sender.note(failed.failureClass(), failed.code(), clock.instant());
                case SendResult.Ambiguous failed -> sender.note(failed.failureClass(), failed.code(), clock.instant());
            }
        }

        private Optional<Result> notSent(Started started, Sender sender, SendResult.NotSent notSent)
                throws InterruptedException {
            if (notSent.failureClass() == FailureClass.THROTTLED) {
                pace.tooFast(notSent.retryAfter());
            } else {
                sender.failed();
            }
            end(started, End.NOT_SENT, notSent.failureClass(), notSent.code());
            failures++;
            avoid.add(started.provider());
            return waitFor(backoff.after(failures, notSent.retryAfter()));
        }

        /** A sender that fails every message fails this one too; another may not. */
        private Optional<Result> refused(Started started, Sender sender, SendResult.Refused refused) {
            FailureClass failure = refused.failureClass();
            if (failure != FailureClass.CONFIGURATION && failure != FailureClass.SATURATED) {
                sender.worked();
                return Optional.of(refused(started, refused));
            }
            sender.failed();
            avoid.add(started.provider());
            if (!senders.hasOther(sending.region(), avoid)) {
                return Optional.of(refused(started, refused));
            }
            end(started, End.NOT_SENT, failure, refused.code());
            return Optional.empty();
        }

        private Result refused(Started started, SendResult.Refused refused) {
            return new Done(end(started, End.REFUSED, refused.failureClass(), refused.code()));
        }

        /** Finds out what became of an attempt of which nobody saw the end; empty if one more is to be made. */
        private Optional<Result> settle(Doubt open, Duration newsWithin) throws InterruptedException {
            Started started = open.started();
            Optional<Ended> told = ledger.book().awaitEnd(order.messageId(), started.attempt(), newsWithin);
            if (told.isPresent()) {
                meters.settled(Settled.NEWS);
                failures++;
                return told.filter(ended -> ended.end().isFinal()).map(Done::new);
            }
            if (!ledger.isHeld()) {
                return Optional.of(new Lost());
            }
            return switch (ask(started).orElse(null)) {
                case SendResult.Accepted accepted -> {
                    meters.settled(Settled.LOOK_UP);
                    yield Optional.of(accepted(started, accepted));
                }
                case SendResult.Refused refused -> {
                    meters.settled(Settled.LOOK_UP);
                    yield Optional.of(refused(started, refused));
                }
                case null, default -> again(open);
            };
        }

        private Optional<SendResult> ask(Started started) throws InterruptedException {
            Optional<SmsProvider> provider = senders.named(started.provider());
            if (provider.isEmpty()) {
                return Optional.empty();
            }
            calls.acquire();
            try {
                return provider.get().find(message(started.attempt()), started.at(), otherIds());
            } finally {
                calls.release();
            }
        }

        private Set<String> otherIds() {
            return ledger.book().attempts(order.messageId()).stream()
                    .flatMap(attempt -> attempt.ended().stream())
                    .flatMap(ended -> ended.providerId().stream())
                    .collect(Collectors.toSet());
        }

        private Optional<Result> again(Doubt open) {
            if (doubt.isPresent() || isLate(order)) {
                meters.settled(Settled.UNKNOWN);
                return Optional.of(unknown(open));
            }
            meters.settled(Settled.AGAIN);
            doubt = Optional.of(open);
            return Optional.empty();
        }

        private Duration whileOthersMayCall(Started started) {
            Duration left = Duration.between(clock.instant(), started.at().plus(patience.others()));
            Duration bounded = left.compareTo(patience.others()) > 0 ? patience.others() : left;
            return bounded.isNegative() ? Duration.ZERO : bounded;
        }

        private Optional<Result> waitFor(Duration time) throws InterruptedException {
            Duration left = timeLeft(order);
            Duration wait = time.compareTo(left) < 0 || !left.isPositive() ? time : left;
            return ledger.pause(wait) ? Optional.empty() : Optional.of(new Lost());
        }

        private Result accepted(Started started, SendResult.Accepted accepted) {
            Optional<String> id = Optional.of(accepted.providerId());
            return new Done(write(started, End.ACCEPTED, id, Optional.empty(), Optional.empty()));
        }

        private Result unknown(Doubt open) {
            return new Done(end(open.started(), End.UNKNOWN, open.failure(), open.code()));
        }

        private Ended end(Started started, End end, FailureClass failure, String code) {
            return write(started, end, Optional.empty(), Optional.of(failure), Optional.of(code));
        }

        /** Nobody waits for it: should it be lost, whoever reads the order again settles the attempt once more. */
        private Ended write(
                Started started,
                End end,
                Optional<String> providerId,
                Optional<FailureClass> failure,
                Optional<String> code) {
            Optional<String> provider = Optional.of(started.provider());
            Ended ended = new Ended(
                    order.messageId(), started.attempt(), end, provider, providerId, failure, code, clock.instant());
            var _ = ledger.end(order.phoneKey(), ended);
            return ended;
        }
    }
}
