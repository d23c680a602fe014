package dev.sallyport.dispatch.limit;

import dev.sallyport.dispatch.limit.Cell.Kind;
import dev.sallyport.dispatch.limit.PartitionSums.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The sums of minutes, for an hour and a little more, and those of hours, for a day. Not thread-safe. */
final class Tally {

    /** An hour of a busy site, and some 150 MB; what is new beyond it is not counted, and taken for the worst. */
    private static final int MOST_SERIES = 500_000;

    /** What is told of a partition at once stays far below the largest record that the topic takes. */
    private static final int MOST_CELLS = 4_000;

    private static final Duration MINUTES_KEPT = Duration.ofMinutes(80);
    private static final Duration BLOCKS_KEPT = Duration.ofMinutes(15);
    private static final Duration HOURS_KEPT = Duration.ofHours(26);
    private static final Duration HOURS_TOLD_EVERY = Duration.ofSeconds(10);

    private final Sums minutes = new Sums(Span.MINUTE, MOST_SERIES);
    private final Sums hours = new Sums(Span.HOUR, MOST_SERIES);
    private final String worker;
    private Instant hoursTaken = Instant.EPOCH;

    Tally(String worker) {
        this.worker = worker;
    }

    Sums minutes() {
        return minutes;
    }

    Sums hours() {
        return hours;
    }

    /** Adds to a partition of this worker what an order of this time brings. */
    void add(int partition, Instant orderedAt, Cell cell, Count more) {
        minutes.add(partition, Span.MINUTE.of(orderedAt), cell, more);
        if (cell.kind() == Kind.REGION || cell.kind() == Kind.PROVIDER) {
            hours.add(partition, Span.HOUR.of(orderedAt), cell, more);
        }
    }

    /** From now on the own sums of a partition stand, where the ledger tells all of a period from this time on. */
    void settle(int partition, Instant whole) {
        minutes.settle(partition, Span.MINUTE.of(whole) + 1);
        hours.settle(partition, Span.HOUR.of(whole) + 1);
    }

    void drop(int partition) {
        minutes.drop(partition);
        hours.drop(partition);
    }

    void take(PartitionSums told) {
        boolean byAnother = !told.worker().equals(worker);
        told.periods().forEach(period -> period.counts().forEach((cell, count) -> {
            sums(told.span()).told(told.partition(), told.span().of(period.start()), cell, count, byAnother);
        }));
    }

    /** Minutes each time; hours, which only the money of the day is read from, every ten seconds. */
    List<PartitionSums> takeChanges(Instant now) {
        List<PartitionSums> changes = new ArrayList<>(minutes.takeChanges(worker, MOST_CELLS));
        if (Duration.between(hoursTaken, now).abs().compareTo(HOURS_TOLD_EVERY) >= 0) {
            hoursTaken = now;
            changes.addAll(hours.takeChanges(worker, MOST_CELLS));
        }
        return changes;
    }

    void putBack(PartitionSums notTold) {
        sums(notTold.span()).putBack(notTold);
    }

    private Sums sums(Span span) {
        return switch (span) {
            case MINUTE -> minutes;
            case HOUR -> hours;
        };
    }

    void forgetOld(Instant now) {
        minutes.forgetBefore(EnumSet.allOf(Kind.class), Span.MINUTE.of(now.minus(MINUTES_KEPT)));
        minutes.forgetBefore(EnumSet.of(Kind.BLOCK), Span.MINUTE.of(now.minus(BLOCKS_KEPT)));
        hours.forgetBefore(EnumSet.allOf(Kind.class), Span.HOUR.of(now.minus(HOURS_KEPT)));
    }
}
