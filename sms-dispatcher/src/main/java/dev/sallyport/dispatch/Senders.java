package dev.sallyport.dispatch;

import dev.sallyport.dispatch.WorkerStatus.ProviderStatus;
import dev.sallyport.dispatch.pace.Breaker;
import dev.sallyport.dispatch.route.Router;
import dev.sallyport.sms.FailureClass;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** The provider instances, each with its breaker. Safe for use by many threads. */
public final class Senders {

    /** One provider instance. */
    public static final class Sender {

        private record Failure(String what, Instant at) {}

        private final SmsProvider provider;
        private final Breaker breaker;
        private volatile Optional<Failure> lastFailure = Optional.empty();

        private Sender(SmsProvider provider, LongSupplier nanos) {
            this.provider = provider;
            this.breaker = new Breaker(nanos);
        }

        SmsProvider provider() {
            return provider;
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
                    provider.name(), breaker.isOpen(), last.map(Failure::what), last.map(Failure::at));
        }
    }

    private final SortedMap<String, Sender> senders = new TreeMap<>();
    private final Router router;

    /** @param nanos monotonic time, such as {@link System#nanoTime} */
    public Senders(Collection<SmsProvider> providers, Router router, LongSupplier nanos) {
        providers.forEach(provider -> senders.put(provider.name(), new Sender(provider, nanos)));
        this.router = router;
    }

    /**
     * Who is to be asked next for a message to a region.
     *
     * @param avoid instances that have just failed the message; one of them is chosen only where no other is left
     * @return empty while the breakers of all are open
     */
    public Optional<Sender> choose(String region, Set<String> avoid) {
        return admitted(router.order(region, avoid, this::mayAdmit))
                .or(() -> admitted(router.order(region, Set.of(), name -> avoid.contains(name) && mayAdmit(name))));
    }

    private boolean mayAdmit(String name) {
        return sender(name).breaker.mayAdmit();
    }

    /** A breaker that admits promises a try, so no more are asked than needed. */
    private Optional<Sender> admitted(List<String> order) {
        return order.stream()
                .map(this::sender)
                .filter(sender -> sender.breaker.admits())
                .findFirst();
    }

    private Sender sender(String name) {
        return Objects.requireNonNull(senders.get(name));
    }

    /** True if besides these there is an instance for the region whose breaker is closed. */
    public boolean hasOther(String region, Set<String> than) {
        return !router.order(region, than, name -> !isOpen(name)).isEmpty();
    }

    /** The instance of this name; empty if it is not configured any more. */
    public Optional<SmsProvider> named(String name) {
        return Optional.ofNullable(senders.get(name)).map(Sender::provider);
    }

    /** True while an instance's breaker keeps messages away. */
    public boolean isOpen(String name) {
        return Optional.ofNullable(senders.get(name))
                .filter(sender -> sender.breaker.isOpen())
                .isPresent();
    }

    /** How each instance is doing, for people and metrics. */
    public List<ProviderStatus> status() {
        return senders.values().stream().map(Sender::status).toList();
    }
}
