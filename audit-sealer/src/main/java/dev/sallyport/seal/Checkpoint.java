package dev.sallyport.seal;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a seal says of some records of a partition that follow one another, or of a time in which none came. Each names the
 * one before it by its hash, so that none can be left out.
 *
 * @param log the partition
 * @param number counts the checkpoints of a partition from 1
 * @param first the offset of the first record; of the next one to come, where there is none
 * @param count records, which follow one another without a gap
 * @param root of the Merkle tree over their leaves
 * @param previous hash of the checkpoint before; empty only in the first
 * @param time when, in whole milliseconds, and not before that of the one before
 */
public record Checkpoint(
        LogId log, long number, long first, int count, Hash root, Optional<Hash> previous, Instant time) {

    private static final int LINES = 8;
    private static final String NONE = "none";
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    /** The offset after the last record. */
    public long next() {
        return first + count;
    }

    public boolean covers(long offset) {
        return offset >= first && offset < next();
    }

    /** What the next one names. */
    public Hash hash() {
        return Hash.of(text().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What is signed. Its first three lines are those of C2SP's tlog-checkpoint: each of these trees is a log of its own,
     * named by partition and number, and finished.
     */
    public String text() {
        return String.format(
                Locale.ROOT,
                """
                %s/%d
                %d
                %s
                first %d
                last %d
                previous %s
                time %s
                """,
                log,
                number,
                count,
                root,
                first,
                next() - 1,
                previous.map(Hash::toString).orElse(NONE),
                time);
    }

    /**
     * Reads what {@link #text} gives.
     *
     * @throws IllegalArgumentException if it is not exactly that
     */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES) {
            throw new IllegalArgumentException("not the lines of a checkpoint");
        }
        try {
            int slash = lines[0].lastIndexOf('/');
            Checkpoint read = new Checkpoint(
                    LogId.parse(lines[0].substring(0, Math.max(0, slash))),
                    Long.parseLong(lines[0].substring(slash + 1)),
                    Long.parseLong(after("first ", lines[3])),
                    Integer.parseInt(lines[1]),
                    Hash.parse(lines[2]),
                    Optional.of(after("previous ", lines[5]))
                            .filter(hash -> !hash.equals(NONE))
                            .map(Hash::parse),
                    Instant.parse(after("time ", lines[6])));
            boolean possible = read.number >= 1
                    && read.first >= 0
                    && read.count >= 0
                    && read.next() >= read.first
                    && read.time.isAfter(Instant.EPOCH)
                    && read.time.isBefore(END_OF_TIME);
            if (!possible || !read.text().equals(text)) {
                throw new IllegalArgumentException("another spelling of a checkpoint");
            }
            return read;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not the time of a checkpoint", e);
        }
    }

    private static String after(String word, String line) {
        if (!line.startsWith(word)) {
            throw new IllegalArgumentException("not the lines of a checkpoint");
        }
        return line.substring(word.length());
    }
}
