package dev.sallyport.dispatch;

import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.dispatch.Settling.Patience;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.pace.Backoff;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.SendCode;
import java.time.Clock;
import java.time.Duration;

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

    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(250);

    private final Errand.Means means;
    private final DispatchMac mac;
    private final Clock clock;

    /**
     * @param pace of all senders together
     * @param mac hides the numbers that limits count by
     */
    public Delivery(
            Senders senders,
            Limits limits,
            Pace pace,
            Backoff backoff,
            DispatchMac mac,
            DispatchMeters meters,
            Clock clock) {
        this(senders, limits, pace, backoff, mac, meters, clock, Patience.OF_CALLS);
    }

    Delivery(
            Senders senders,
            Limits limits,
            Pace pace,
            Backoff backoff,
            DispatchMac mac,
            DispatchMeters meters,
            Clock clock,
            Patience patience) {
        this.mac = mac;
        this.clock = clock;
        Settling settling = new Settling(senders, meters, clock, patience);
        means = new Errand.Means(senders, limits, pace, backoff, meters, settling);
    }

    /** True if the order is not worth sending any more. */
    boolean isLate(SendCode order) {
        return !Job.timeLeft(order, clock.instant()).isPositive();
    }

    Result deliver(SendCode order, PhoneNumber phone, String text, Ledger ledger) throws InterruptedException {
        // A copy waits: else each would take a moment that others wait for, before it learns that it is one.
        while (!ledger.begin(order.messageId())) {
            if (!ledger.pause(LOOK_AGAIN_AFTER)) {
                return new Lost();
            }
        }
        try {
            return new Errand(means, new Job(order, phone, text, ledger, mac, clock)).run();
        } finally {
            ledger.done(order.messageId());
        }
    }
}
