package dev.sallyport.seal;

import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.crypto.SignedNote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the seals of one partition: one for every {@value #MOST_RECORDS} records, and one when the last is a minute old,
 * whether records came or not. Used by one thread.
 */
public final class Sealing {

    public static final int MOST_RECORDS = 1_000;

    private final LogId log;
    private final NoteSigner signer;
    private final Duration every;
    private final Clock clock;
    private final List<Hash> leaves = new ArrayList<>();
    private final List<Seal> made = new ArrayList<>();
    private Optional<Link> last;
    private long first;
    private Instant due;

    /**
     * @param last the newest checkpoint of the partition, of whichever topic of that name
     * @param next the offset that is to be sealed next
     * @param every how long records wait for their seal
     */
    public Sealing(LogId log, Optional<Link> last, long next, NoteSigner signer, Duration every, Clock clock) {
        this.log = log;
        this.last = last;
        this.first = next;
        this.signer = signer;
        this.every = every;
        this.clock = clock;
        Instant now = clock.instant();
        // Whoever made the last one may have had a clock that was ahead.
        this.due = last.map(Link::time).filter(now::isAfter).orElse(now).plus(every);
    }

    /** The offset that is to come next. */
    public long next() {
        return first + leaves.size();
    }

    /** Records that wait for their seal. */
    public int waiting() {
        return leaves.size();
    }

    /**
     * Takes a record.
     *
     * @throws IllegalArgumentException if it is not the one that is to come next
     */
    public void add(LoggedRecord record) {
        if (record.offset() != next()) {
            throw new IllegalArgumentException("record %d of %s, and not %d".formatted(record.offset(), log, next()));
        }
        leaves.add(record.leafHash());
        if (leaves.size() == MOST_RECORDS) {
            seal();
        }
    }

    /** Goes on at another offset: what lies between is gone, and every check will say so. */
    public void skipTo(long offset) {
        if (!leaves.isEmpty()) {
            seal();
        }
        first = offset;
    }

    /** Seals what is due by now. */
    public void sealIfDue() {
        if (!clock.instant().isBefore(due)) {
            seal();
        }
    }

    private void seal() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant time = last.map(Link::time).filter(now::isBefore).orElse(now);
        Checkpoint checkpoint = new Checkpoint(
                log,
                last.map(Link::number).orElse(0L) + 1,
                first,
                leaves.size(),
                MerkleTree.root(leaves),
                last.map(Link::hash),
                time);
        SignedNote note = signer.sign(checkpoint.text());
        made.add(new Seal(checkpoint, note, leaves));
        last = Optional.of(Link.to(checkpoint));
        first = checkpoint.next();
        leaves.clear();
        due = now.plus(every);
    }

    /** The seals that were made since this was asked last, to be kept together or not at all. */
    public List<Seal> take() {
        List<Seal> taken = List.copyOf(made);
        made.clear();
        return taken;
    }

    /** When the newest seal was made; empty before the first of all. */
    public Optional<Instant> lastTime() {
        return last.map(Link::time);
    }
}
