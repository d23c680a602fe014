package dev.sallyport.dispatch;

import dev.sallyport.dispatch.WorkerStatus.ProviderStatus;
import dev.sallyport.dispatch.pace.Breaker;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.dispatch.route.Router;
import dev.sallyport.sms.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The provider instances, each with its breaker, its pace and its calls. Safe for use by many threads. */
public final class Senders {

    /** One provider instance. */
    public static final class Sender {

        private record Failure(String what, Instant at) {}

        /** Questions under way at once, beside the calls that send. */
        private static final int QUESTIONS_AT_ONCE = 8;

        private final SmsProvider provider;
        private final Breaker breaker;
        private final Pace pace;
        private final int callsAtOnce;
        private final Semaphore calls;
        private final Semaphore questions = new Semaphore(QUESTIONS_AT_ONCE, true);
        private volatile Optional<Failure> lastFailure = Optional.empty();

        private Sender(SmsProvider provider, Pace pace, int callsAtOnce, LongSupplier nanos) {
            this.provider = provider;
            this.breaker = new Breaker(nanos);
            this.pace = pace;
            this.callsAtOnce = callsAtOnce;
            this.calls = new Semaphore(callsAtOnce, true);
        }

        SmsProvider provider() {
            return provider;
        }

        /** The rate at which it takes messages. */
        Pace pace() {
            return pace;
        }

        /** Takes one of its calls, to be given back with {@link #endCall}; false if none gets free so soon. */
        boolean beginCall(Duration atMost) throws InterruptedException {
            return calls.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        void endCall() {
            calls.release();
        }

        /** True if its breaker lets a message pass now; while open that is the promise of one try. */
        boolean admits() {
            return breaker.admits();
        }

        /** Asks it what became of an attempt; empty also if nobody may ask so soon. */
        Optional<SendResult> find(TextMessage message, Instant begun, Set<String> others, Duration atMost)
                throws InterruptedException {
            if (!questions.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
            try {
                return provider.find(message, begun, others);
            } finally {
                questions.release();
            }
        }

        /** It has answered as a working one does; a refusal of one message is such an answer. */
        void worked() {
            breaker.worked();
        }

        /** It was not there, did not answer, or fails every message. */
        void failed() {
            breaker.failed();
        }

        /** Keeps the newest failure for people to see. */
        void note(FailureClass failure, String code, Instant at) {
            lastFailure = Optional.of(new Failure(failure.id() + ' ' + code, at));
        }

        private ProviderStatus status() {
            Optional<Failure> last = lastFailure;
            return new ProviderStatus(
                    provider.name(),
                    breaker.isOpen(),
                    pace.factor(),
                    callsAtOnce - calls.availablePermits(),
                    last.map(Failure::what),
                    last.map(Failure::at));
        }
    }

    private final SortedMap<String, Sender> senders = new TreeMap<>();
    private final Router router;

    /**
     * @param pace of all together; each gets a lane of it
     * @param callsAtOnce of each, under way at once in this process
     * @param nanos monotonic time, such as {@link System#nanoTime}
     */
    public Senders(Collection<SmsProvider> providers, Router router, Pace pace, int callsAtOnce, LongSupplier nanos) {
        providers.forEach(
                provider -> senders.put(provider.name(), new Sender(provider, pace.lane(), callsAtOnce, nanos)));
        this.router = router;
    }

    /**
     * Who is to be asked next for a message to a region: by weight among those that take messages now, before those that
     * have asked to be left alone for a while or have no call free.
     *
     * @param avoid instances that have just failed the message; one of them is chosen only where no other is left
     * @return empty while the breakers of all are open
     */
    public Optional<Sender> choose(String region, Set<String> avoid) {
        return first(region, avoid, Senders::isFree)
                .or(() -> first(region, avoid, Senders::mayAdmit))
                .or(() -> first(region, Set.of(), Senders::mayAdmit));
    }

    private Optional<Sender> first(String region, Set<String> avoid, Predicate<Sender> condition) {
        return router.order(region, avoid, name -> condition.test(sender(name))).stream()
                .findFirst()
                .map(this::sender);
    }

    private static boolean mayAdmit(Sender sender) {
        return sender.breaker.mayAdmit();
    }

    private static boolean isFree(Sender sender) {
        return mayAdmit(sender) && !sender.pace.isLeftAlone() && sender.calls.availablePermits() > 0;
    }

    private Sender sender(String name) {
        return Objects.requireNonNull(senders.get(name));
    }

    /** True if besides these there is an instance for the region whose breaker is closed. */
    public boolean hasOther(String region, Set<String> than) {
        return !router.order(region, than, name -> !isOpen(name)).isEmpty();
    }

    /** The instance of this name; empty if it is not configured any more. */
    public Optional<Sender> named(String name) {
        return Optional.ofNullable(senders.get(name));
    }

    /** True while an instance's breaker keeps messages away. */
    public boolean isOpen(String name) {
        return Optional.ofNullable(senders.get(name))
                .filter(sender -> sender.breaker.isOpen())
                .isPresent();
    }

    /** How an instance is doing. */
    public ProviderStatus status(String name) {
        return sender(name).status();
    }

    /** How each instance is doing, for people and metrics. */
    public List<ProviderStatus> status() {
        return senders.values().stream().map(Sender::status).toList();
    }
}
