package dev.sallyport.seal;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * As much of a checkpoint as the next one needs to follow it.
 *
 * @param topicId of the topic that it is about
 * @param next the offset after its last record
 */
public record Link(String topicId, long number, Hash hash, long next, Instant time) {

    private static final int PARTS = 5;

    public static Link to(Checkpoint checkpoint) {
        return new Link(
                checkpoint.log().topicId(),
                checkpoint.number(),
                checkpoint.hash(),
                checkpoint.next(),
                checkpoint.time());
    }

    /** Reads what {@link #toString} gives; empty if it is none. */
    public static Optional<Link> parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Link(
                    parts[0],
                    Long.parseLong(parts[1]),
                    Hash.parse(parts[2]),
                    Long.parseLong(parts[3]),
                    Instant.parse(parts[4])));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %d %s %d %s", topicId, number, hash, next, time);
    }
}
