package dev.sallyport.dispatch;

import dev.sallyport.dispatch.WorkerStatus.ProviderStatus;
import dev.sallyport.dispatch.pace.Breaker;
import dev.sallyport.sms.FailureClass;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
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

    private final SequencedMap<String, Sender> senders = new LinkedHashMap<>();

    /**
     * All instances, those to be preferred first.
     *
     * @param nanos monotonic time, such as {@link System#nanoTime}
     */
    public Senders(List<SmsProvider> providers, LongSupplier nanos) {
        providers.forEach(provider -> senders.put(provider.name(), new Sender(provider, nanos)));
    }

    /**
     * Who is to be asked next.
     *
     * @param avoid instances that have just failed the message; one of them is chosen only where no other is left
     * @return empty while all breakers are open
     */
    public Optional<Sender> choose(Set<String> avoid) {
        return admitted(avoid, false).or(() -> admitted(avoid, true));
    }

    /** A breaker that admits promises a try, so no more are asked than needed. */
    private Optional<Sender> admitted(Set<String> avoid, boolean avoided) {
        return senders.values().stream()
                .filter(sender -> avoid.contains(sender.provider.name()) == avoided)
                .filter(sender -> sender.breaker.admits())
                .findFirst();
    }

    /** True if there is an instance besides these whose breaker is closed. */
    public boolean hasOther(Set<String> than) {
        return senders.values().stream()
                .anyMatch(sender -> !than.contains(sender.provider.name()) && !sender.breaker.isOpen());
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
