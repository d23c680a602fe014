package dev.sallyport.dispatch;

import dev.sallyport.sms.Outcome.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
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
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final MeterRegistry registry;

    public DispatchMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** An attempt was made. */
    void attempt(String provider, SendResult result) {
        String word =
                switch (result) {
                    case SendResult.Accepted _ -> "accepted";
                    case SendResult.NotSent notSent -> notSent.failureClass().id();
                    case SendResult.Refused refused -> refused.failureClass().id();
                    case SendResult.Ambiguous open -> open.failureClass().id();
                };
        counter("attempts", "Calls of a provider, by what came of them", "provider", provider, "result", word);
    }

    void settled(Settled how) {
        counter(
                "settled",
                "Attempts whose answer was lost, by how their fate became known",
                "by",
                how.name().toLowerCase(Locale.ROOT));
    }

    /** An order was read again whose end the ledger knew. */
    void knownAlready() {
        counter("known", "Orders that were read again and not sent again");
    }

    void outcome(Status status) {
        counter("outcomes", "What became of orders and messages", "status", status.id());
    }

    /** A limit did not let a message be sent, or would not have, had it been enforced. */
    void suppressed(String rule, boolean enforced) {
        counter("suppressed", "Messages that a limit was against", "rule", rule, "enforced", "" + enforced);
    }

    private void counter(String name, String help, String... tags) {
        Counter.builder(PREFIX + name)
                .description(help)
                .tags(tags)
                .register(registry)
                .increment();
    }

    /** From the order to the provider having the message. */
    void accepted(Duration sinceOrdered) {
        timer("ordered.to.accepted", "From the order's event to the provider's acceptance", sinceOrdered);
    }

    /** From the provider having the message to its being on the phone. */
    void delivered(Duration sinceAccepted) {
        timer("accepted.to.delivered", "From the provider's acceptance to its news of delivery", sinceAccepted);
    }

    private void timer(String name, String help, Duration time) {
        Timer.builder(PREFIX + name)
                .description(help)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry)
                .record(time.isNegative() ? Duration.ZERO : time);
    }

    /** A value that is asked for whenever the meters are read. */
    public void gauge(String name, String help, Supplier<Number> value, String... tags) {
        Gauge.builder(PREFIX + name, value).description(help).tags(tags).register(registry);
    }
}
