package dev.sallyport.dispatch.pace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * This process's share of one rate for all dispatchers: as much of it as it owns of the topic's partitions. Each partition
 * has one owner at a time, so all together never exceed the rate, without a word between them. After partitions have come
 * or gone the bucket starts empty, because their former owner may just have spent what was in its own.
 *
 * <p>Each provider has a {@link #lane} of it: the same rate, for its messages alone, halved when it says "too many", once a
 * second at most, and growing back by a twentieth of the whole every ten seconds. Safe for many threads at once.
 */
public final class Pace {

    /** What came of waiting for a moment. */
    public enum Turn {
        /** The message may leave now, and counts. */
        NOW,
        /** No moment is free in time. */
        TOO_LATE,
        /** Whoever waited is not to send it any more. */
        GONE
    }

    /** How to wait; false, and at once, if there is nothing to wait for any more. */
    @FunctionalInterface
    public interface Pause {

        boolean pause(Duration time) throws InterruptedException;
    }

    /**
     * A promised moment.
     *
     * @param at of the monotonic time
     */
    record Slot(long at, long plan) {}

    private static final double NANOS = 1e9;
    /** How much of a second's messages may leave at once after a pause. */
    private static final double BURST_SECONDS = 0.1;

    /** The same of those that come late, with room for threads that are woken up late. */
    private static final double LATE_BURST_SECONDS = 0.14;

    /** The same at the door: no second may see 15 % more than the rate, also at the provider's end of the line. */
    private static final double LEAVING_BURST_SECONDS = 0.07;

    private static final double LEAST_FACTOR = 1 / 32.0;
    private static final double GROWTH_PER_NANO = 0.05 / 10 / NANOS;
    /** No code is worth more waiting, and no provider may be left alone for longer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private static final long CUT_AT_MOST_EVERY_NANOS = 1_000_000_000;

    /** So soon a change of the rate is noticed. */
    private static final long LOOK_EVERY_NANOS = 250_000_000;

    private final LongSupplier nanos;
    private final List<Pace> lanes = new ArrayList<>();
    private double rate;
    private double share;
    private double factor = 1;
    private long factorAt;
    private long lastCut;
    private boolean wasCut;
    /** Moments that were promised under an earlier plan are void. */
    private long plan;
    /** When the bucket of promises is full again, counted in messages that were promised a moment. */
    private long fullAt;
    /** The same of messages whose moment has come, and of those that leave. */
    private long comeFullAt;

    private long leftFullAt;

    private long leftAloneUntil;

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
        this.leftAloneUntil = factorAt;
    }

    /** A pace of one provider, which follows the rate and share of this one. */
    public synchronized Pace lane() {
        Pace lane = new Pace(rate, nanos);
        lane.set(rate, share);
        lanes.add(lane);
        return lane;
    }

    /** Sets this process's part of the topic. */
    public synchronized void share(int owned, int all) {
        set(rate, owned / (double) all);
    }

    /** Sets the rate of all dispatchers together, in messages a second. */
    public synchronized void rate(double messagesPerSecond) {
        set(messagesPerSecond, share);
    }

    private synchronized void set(double newRate, double newShare) {
        rate = newRate;
        share = newShare;
        beginAnew();
        lanes.forEach(lane -> lane.set(newRate, newShare));
    }

    private void beginAnew() {
        plan++;
        if (current() > 0) {
            long begin = Math.max(nanos.getAsLong(), leftAloneUntil);
            fullAt = begin + (long) (capacity(BURST_SECONDS) * interval());
            comeFullAt = begin + (long) (capacity(LATE_BURST_SECONDS) * interval());
            leftFullAt = begin + (long) (capacity(LEAVING_BURST_SECONDS) * interval());
        }
    }

    /** Waits for a message's moment; not for longer than this. */
    public Turn await(Duration atMost, Pause pause) throws InterruptedException {
        long end = nanos.getAsLong() + atMost.toNanos();
        Optional<Slot> slot = Optional.empty();
        while (true) {
            if (slot.filter(this::isGood).isEmpty()) {
                slot = reserve(end);
            }
            if (slot.isEmpty() && (hasShare() || nanos.getAsLong() >= end)) {
                return Turn.TOO_LATE;
            }
            long wait = slot.map(this::come).orElse(LOOK_EVERY_NANOS);
            if (wait <= 0) {
                return Turn.NOW;
            }
            if (!pause.pause(Duration.ofNanos(Math.min(wait, LOOK_EVERY_NANOS)))) {
                return Turn.GONE;
            }
        }
    }

    /**
     * Promises the next free moment to one message.
     *
     * @param end empty, and nothing is promised, if that moment is later, or if there is no share
     */
    synchronized Optional<Slot> reserve(long end) {
        if (current() <= 0) {
            return Optional.empty();
        }
        double interval = interval();
        long free = Math.max(nanos.getAsLong(), fullAt - (long) ((capacity(BURST_SECONDS) - 1) * interval));
        if (free > end) {
            return Optional.empty();
        }
        fullAt = Math.max(fullAt, free) + (long) interval;
        return Optional.of(new Slot(free, plan));
    }

    /** False if the share or the rate has changed since: another moment is to be reserved. */
    synchronized boolean isGood(Slot slot) {
        return slot.plan() == plan;
    }

    /**
     * Whether a message's moment has come. After a standstill those of many have; they come one after the other all the
     * same.
     *
     * @return how long it has to wait still, in nanoseconds; 0 if it has come
     */
    synchronized long come(Slot slot) {
        if (!isGood(slot)) {
            return 1;
        }
        long wait = Math.max(slot.at() - nanos.getAsLong(), late(comeFullAt, LATE_BURST_SECONDS));
        if (wait <= 0) {
            comeFullAt = counted(comeFullAt);
        }
        return Math.max(0, wait);
    }

    /**
     * Lets a message leave whose moment has come, right before it does: what it had to do meanwhile may have taken others
     * longer, who come now together with it.
     *
     * @return how long it has to wait still, in nanoseconds; 0 if it leaves, which counts
     */
    public synchronized long leave() {
        if (current() <= 0) {
            return LOOK_EVERY_NANOS;
        }
        long wait = late(leftFullAt, LEAVING_BURST_SECONDS);
        if (wait <= 0) {
            leftFullAt = counted(leftFullAt);
        }
        return Math.max(0, wait);
    }

    /** How long until one more may pass of those whose bucket is full then. */
    private long late(long full, double burstSeconds) {
        return full - (long) ((capacity(burstSeconds) - 1) * interval()) - nanos.getAsLong();
    }

    private long counted(long full) {
        return Math.max(full, nanos.getAsLong()) + (long) interval();
    }

    /** The provider has turned a message away because of its rate. */
    public synchronized void tooFast(Optional<Duration> retryAfter) {
        long now = nanos.getAsLong();
        retryAfter
                .map(asked -> asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked)
                .ifPresent(wait -> leftAloneUntil = Math.max(leftAloneUntil, now + wait.toNanos()));
        if (!wasCut || now - lastCut >= CUT_AT_MOST_EVERY_NANOS) {
            factor = Math.max(LEAST_FACTOR, factor() / 2);
            factorAt = now;
            lastCut = now;
            wasCut = true;
            beginAnew();
        } else if (retryAfter.isPresent()) {
            beginAnew();
        }
    }

    /** True while the provider has asked to be left alone. */
    public synchronized boolean isLeftAlone() {
        return nanos.getAsLong() < leftAloneUntil;
    }

    /** False while this process has no part of the rate. */
    private synchronized boolean hasShare() {
        return current() > 0;
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

    private double capacity(double seconds) {
        return Math.max(1, seconds * current());
    }
}
