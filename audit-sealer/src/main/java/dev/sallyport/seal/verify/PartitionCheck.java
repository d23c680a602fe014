package dev.sallyport.seal.verify;

import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Hash;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.MerkleTree;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the records of one partition, given in their order, with its seals. Keeps no more in memory than one seal and
 * what it covers.
 */
public final class PartitionCheck {

    private final int partition;
    private final Iterator<Seal> seals;
    private final Chain chain;
    private final Consumer<Damage> damages;
    private final List<Hash> seen = new ArrayList<>();
    private @Nullable Seal current;
    private long lastOffset = -1;
    private long expected;
    private boolean whole = true;
    private long sealed;
    private long unsealed;
    private long before;
    private long checkpoints;
    private @Nullable Instant sealedUntil;

    /** @param seals in the order of their numbers */
    PartitionCheck(int partition, Iterator<Seal> seals, Chain chain, Consumer<Damage> damages) {
        this.partition = partition;
        this.seals = seals;
        this.chain = chain;
        this.damages = damages;
        advance();
    }

    /** Takes the next record. */
    public void record(LoggedRecord record) {
        if (record.offset() <= lastOffset) {
            tell(Kind.INSERTED, record.offset(), "a record stands after the one of offset %d".formatted(lastOffset));
            return;
        }
        lastOffset = record.offset();
        while (current != null && record.offset() >= current.checkpoint().next()) {
            finish(current);
        }
        if (current == null) {
            unsealed++;
        } else if (record.offset() >= current.checkpoint().first()) {
            compare(record, current);
        } else if (checkpoints == 1) {
            beforeTheFirst(record, current.checkpoint());
        }
        // Otherwise it stands where the chain has told that a seal is missing.
    }

    private void beforeTheFirst(LoggedRecord record, Checkpoint first) {
        before++;
        if (first.number() == 1) {
            tell(
                    Kind.NEVER_SEALED,
                    record.offset(),
                    "the record stands before the first checkpoint that was ever made");
        }
    }

    private void compare(LoggedRecord record, Seal seal) {
        if (record.offset() > expected) {
            missing(expected, record.offset());
        }
        Hash hash = record.leafHash();
        int index = (int) (record.offset() - seal.checkpoint().first());
        if (!seal.leaves().isEmpty() && !seal.leaves().get(index).equals(hash)) {
            tell(Kind.CHANGED, record.offset(), "the record is not the one that was sealed");
        }
        seen.add(hash);
        expected = record.offset() + 1;
        sealed++;
    }

    private void missing(long from, long to) {
        whole = false;
        tell(
                Kind.MISSING,
                from,
                to == from + 1
                        ? "the record is not there"
                        : "%d records are not there, up to offset %d".formatted(to - from, to - 1));
    }

    /** Ends the comparison with a seal, and takes the next. */
    private void finish(Seal seal) {
        Checkpoint checkpoint = seal.checkpoint();
        if (expected < checkpoint.next()) {
            missing(expected, checkpoint.next());
        }
        boolean judgedByRoot = whole && seal.leaves().isEmpty();
        if (judgedByRoot && !MerkleTree.root(seen).equals(checkpoint.root())) {
            tell(
                    Kind.CHANGED,
                    checkpoint.first(),
                    "a record from here to offset %d is not the one that was sealed".formatted(checkpoint.next() - 1));
        }
        advance();
    }

    private void advance() {
        current = null;
        while (current == null && seals.hasNext()) {
            Seal next = seals.next();
            if (chain.accepts(next)) {
                checkpoints++;
                sealedUntil = next.checkpoint().time();
                current = withUsefulLeaves(next);
                expected = next.checkpoint().first();
                seen.clear();
                whole = true;
            }
        }
    }

    private Seal withUsefulLeaves(Seal seal) {
        if (seal.leaves().isEmpty() || seal.hasLeaves()) {
            return seal;
        }
        tell(
                Kind.UNREADABLE,
                seal.checkpoint().first(),
                "the hashes beside checkpoint %d are not those of its records"
                        .formatted(seal.checkpoint().number()));
        return new Seal(seal.checkpoint(), seal.note(), List.of());
    }

    /** Tells what is missing after the last record. */
    void end() {
        while (current != null) {
            finish(current);
        }
    }

    private void tell(Kind kind, long offset, String what) {
        damages.accept(new Damage(kind, partition, offset, what));
    }

    /** Records before this offset are not asked for. */
    public long firstOffset() {
        return current == null ? 0 : current.checkpoint().first();
    }

    public int partition() {
        return partition;
    }

    long sealedRecords() {
        return sealed;
    }

    /** Records after the last seal. */
    long unsealedRecords() {
        return unsealed;
    }

    /** Records before the first seal. */
    long recordsBefore() {
        return before;
    }

    long checkpoints() {
        return checkpoints;
    }

    Optional<Instant> sealedUntil() {
        return Optional.ofNullable(sealedUntil);
    }
}
