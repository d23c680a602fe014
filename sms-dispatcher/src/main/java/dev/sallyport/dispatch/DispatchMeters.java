package dev.sallyport.dispatch;

import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** What the dispatcher counts and measures for operators. Nothing in it is personal. */
public final class DispatchMeters {

    /** How the fate of an attempt whose answer was lost became known. */
    public enum Settled {
        /** The provider reported, or another worker's entry came. */
        NEWS,
        /** The provider was asked. */
        LOOK_UP,
        /** Nothing could tell, and one more attempt was made. */
        AGAIN,
        /** Nothing could tell, and no other attempt was made. */
        UNKNOWN
    }

    private static final String PREFIX = "sallyport.sms.";
    private static final String ACCEPTED = "accepted";
    private static final String UNREADABLE = "unreadable";
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final MeterRegistry registry;
    private final Timer orderedToAccepted;
    private final Timer acceptedToDelivered;

    public DispatchMeters(MeterRegistry registry) {
        this.registry = registry;
        orderedToAccepted = timer("ordered.to.accepted", "From the order's event to the provider's acceptance");
        acceptedToDelivered = timer("accepted.to.delivered", "From the provider's acceptance to its news of delivery");
        for (Settled how : Settled.values()) {
            settledBy(how);
        }
        for (Status status : Status.values()) {
            outcomes(status);
        }
        for (Poison poison : Poison.values()) {
            deadLetters(poison);
        }
        for (Status status : Status.values()) {
            reports(status.id());
        }
        reports(UNREADABLE);
        known();
    }

    /** Begins to count limits at zero, so that the first message that one holds back is seen as one. */
    public void expect(List<String> rules) {
        for (String rule : rules) {
            suppressedBy(rule, true);
            suppressedBy(rule, false);
        }
    }

    /** Begins to count what comes of calls at zero, so that the first of a kind is seen as one. */
    public void expectCalls(Set<String> providers) {
        for (String provider : providers) {
            attempts(provider, ACCEPTED);
            for (FailureClass failure : FailureClass.values()) {
                attempts(provider, failure.id());
            }
        }
    }

    /** An attempt was made. */
    void attempt(String provider, SendResult result) {
        String word =
                switch (result) {
                    case SendResult.Accepted _ -> ACCEPTED;
                    case SendResult.NotSent notSent -> notSent.failureClass().id();
                    case SendResult.Refused refused -> refused.failureClass().id();
                    case SendResult.Ambiguous open -> open.failureClass().id();
                };
        attempts(provider, word).increment();
    }

    private Counter attempts(String provider, String result) {
        return counter("attempts", "Calls of a provider, by what came of them", "provider", provider, "result", result);
    }

    void settled(Settled how) {
        settledBy(how).increment();
    }

    private Counter settledBy(Settled how) {
        String by = how.name().toLowerCase(Locale.ROOT);
        return counter("settled", "Attempts whose answer was lost, by how their fate became known", "by", by);
    }

    /** An order was read again whose end the ledger knew. */
    void knownAlready() {
        known().increment();
    }

    private Counter known() {
        return counter("known", "Orders that were read again and not sent again");
    }

    void outcome(Status status) {
        outcomes(status).increment();
    }

    private Counter outcomes(Status status) {
        return counter("outcomes", "What became of orders, each once", "status", status.id());
    }

    /** A provider has told something of a message; it may tell it again. */
    void report(Status status) {
        reports(status.id()).increment();
    }

    /** A record stands where a provider's report should, and is none that this version can read. */
    public void unreadableReport() {
        reports(UNREADABLE).increment();
    }

    private Counter reports(String status) {
        return counter("reports", "What providers reported, as often as they did", "status", status);
    }

    /** A record could not be understood or trusted. */
    public void deadLetter(Poison poison) {
        deadLetters(poison).increment();
    }

    private Counter deadLetters(Poison poison) {
        return counter("dead.letters", "Records that could not be understood or trusted", "reason", poison.id());
    }

    /** A limit did not let a message be sent, or would not have, had it been enforced. */
    void suppressed(String rule, boolean enforced) {
        suppressedBy(rule, enforced).increment();
    }

    private Counter suppressedBy(String rule, boolean enforced) {
        return counter("suppressed", "Messages that a limit was against", "rule", rule, "enforced", "" + enforced);
    }

    private Counter counter(String name, String help, String... tags) {
        return Counter.builder(PREFIX + name).description(help).tags(tags).register(registry);
    }

    /** From the order to the provider having the message. */
    void accepted(Duration sinceOrdered) {
        record(orderedToAccepted, sinceOrdered);
    }

    /** From the provider having the message to its being on the phone. */
    void delivered(Duration sinceAccepted) {
        record(acceptedToDelivered, sinceAccepted);
    }

    private static void record(Timer timer, Duration time) {
        timer.record(time.isNegative() ? Duration.ZERO : time);
    }

    private Timer timer(String name, String help) {
        return Timer.builder(PREFIX + name)
                .description(help)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }

    /** A value that is asked for whenever the meters are read. */
    public void gauge(String name, String help, Supplier<Number> value, String... tags) {
        Gauge.builder(PREFIX + name, value).description(help).tags(tags).register(registry);
    }
}
