package dev.sallyport.dispatch.pace;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * This process's share of one rate for all dispatchers: as much of it as it owns of the topic's partitions. Each partition
 * has one owner at a time, so all together never exceed the rate, without a word between them. After partitions have come
 * or gone the bucket starts empty, because their former owner may just have spent what was in its own.
 *
 * <p>A provider that says "too many" halves the rate, once a second at most; it grows back by a twentieth of the whole every
 * ten seconds. Safe for many threads at once.
 */
public final class Pace {

    /**
     * A promised moment.
     *
     * @param in how long until then
     */
    public record Slot(Duration in, long plan) {}

    private static final double NANOS = 1e9;
    /** How much of a second's messages may leave at once after a pause. */
    private static final double BURST_SECONDS = 0.1;

    private static final double LEAST_FACTOR = 1 / 32.0;
    private static final double GROWTH_PER_NANO = 0.05 / 10 / NANOS;
    /** No code is worth more waiting, and no provider may stop all the others for longer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private static final long CUT_AT_MOST_EVERY_NANOS = 1_000_000_000;

    private final LongSupplier nanos;
    private double rate;
    private double share;
    private double factor = 1;
    private long factorAt;
    private long lastCut;
    private boolean wasCut;
    /** Moments that were promised under an earlier plan are void. */
    private long plan;
    /** When the bucket is full again, counted in messages that have left or been promised a moment. */
    private long fullAt;

    /**
     * A pace that lets nothing pass until it has a share.
     *
     * @param rate messages a second of all dispatchers together
     * @param nanos monotonic time, such as {@link System#nanoTime}
     */
    public Pace(double rate, LongSupplier nanos) {
        this.rate = rate;
        this.nanos = nanos;
        this.factorAt = nanos.getAsLong();
    }

    /** Sets this process's part of the topic. */
    public synchronized void share(int owned, int all) {
        share = owned / (double) all;
        beginAnew();
    }

    /** Sets the rate of all dispatchers together, in messages a second. */
    public synchronized void rate(double messagesPerSecond) {
        rate = messagesPerSecond;
        beginAnew();
    }

    private void beginAnew() {
        plan++;
        if (current() > 0) {
            fullAt = nanos.getAsLong() + (long) (capacity() * interval());
        }
    }

    /**
     * Promises the next free moment to one message.
     *
     * @return empty, and nothing is promised, if that moment is later than {@code atMost} or there is no share
     */
    public synchronized Optional<Slot> reserve(Duration atMost) {
        if (current() <= 0) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        double interval = interval();
        long free = Math.max(now, fullAt - (long) ((capacity() - 1) * interval));
        if (free - now > atMost.toNanos()) {
            return Optional.empty();
        }
        fullAt = Math.max(fullAt, free) + (long) interval;
        return Optional.of(new Slot(Duration.ofNanos(free - now), plan));
    }

    /** False while this process has no part of the rate. */
    public synchronized boolean hasShare() {
        return current() > 0;
    }

    /** False if the share or the rate has changed since: another moment is to be reserved. */
    public synchronized boolean isGood(Slot slot) {
        return slot.plan() == plan;
    }

    /** The provider has turned a message away because of its rate. */
    public synchronized void tooFast(Optional<Duration> retryAfter) {
        long now = nanos.getAsLong();
        if (!wasCut || now - lastCut >= CUT_AT_MOST_EVERY_NANOS) {
            factor = Math.max(LEAST_FACTOR, factor() / 2);
            factorAt = now;
            lastCut = now;
            wasCut = true;
            beginAnew();
        }
        retryAfter
                .map(asked -> asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked)
                .ifPresent(wait -> {
                    plan++;
                    fullAt = Math.max(fullAt, now + wait.toNanos() + (long) (capacity() * interval()));
                });
    }

    /** Messages a second that this process may send now. */
    public synchronized double current() {
        return rate * share * factor();
    }

    /** What is left of the rate after complaints of the provider: 1 everything. */
    public synchronized double factor() {
        return Math.min(1, factor + (nanos.getAsLong() - factorAt) * GROWTH_PER_NANO);
    }

    private double interval() {
        return NANOS / current();
    }

    private double capacity() {
        return Math.max(1, BURST_SECONDS * current());
    }
}
