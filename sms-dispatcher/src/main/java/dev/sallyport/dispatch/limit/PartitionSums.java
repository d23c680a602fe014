package dev.sallyport.dispatch.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the owner of a partition tells the other workers. Each count is the whole of its cell and period, never an increase,
 * so that it may be told, and read, more than once; what is told last holds.
 *
 * @param worker who tells it
 * @param span what a period is long
 * @param periods of minutes, those cells that have changed; of an hour, that one with all its cells
 */
public record PartitionSums(int partition, String worker, Span span, List<Period> periods) {

    /** The lengths of periods. */
    public enum Span {
        MINUTE(Duration.ofMinutes(1)),
        /** Knows regions and providers only, and carries the money of the day. */
        HOUR(Duration.ofHours(1));

        private final long seconds;

        Span(Duration length) {
            this.seconds = length.toSeconds();
        }

        /** The number of the period that holds this time, counted from 1970. */
        long of(Instant time) {
            return Math.floorDiv(time.getEpochSecond(), seconds);
        }

        Instant start(long period) {
            return Instant.ofEpochSecond(period * seconds);
        }
    }

    /**
     * A minute or an hour.
     *
     * @param start when it began, UTC
     */
    public record Period(Instant start, Map<Cell, Count> counts) {}
}
