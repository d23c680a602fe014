package dev.sallyport.seal.verify;

import dev.sallyport.crypto.NoteKey;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the partitions of an audit log one after the other, and sums up what was found. */
public final class Verification {

    private final Signers signers;
    private final List<Damage> firsts = new ArrayList<>();
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Integer, Map<Kind, Damage>> firstsOf = new HashMap<>();
    private final List<Instant> ends = new ArrayList<>();
    private int partitions;
    private long sealed;
    private long unsealed;
    private long before;
    private long checkpoints;

    /** @param keys that may have signed, the oldest first */
    public Verification(List<NoteKey> keys) {
        this.signers = new Signers(keys);
    }

    /**
     * Begins with a partition; its records are to be given to what is returned, which is then to be {@link #end}ed.
     *
     * @param from since when there must be seals; {@link Instant#EPOCH} if they must begin with the first that was made
     */
    public PartitionCheck begin(LogId log, Iterator<Seal> seals, Instant from) {
        return new PartitionCheck(log.partition(), seals, new Chain(log, signers, from, this::found), this::found);
    }

    /** All records of the partition were given. */
    public void end(PartitionCheck check) {
        check.end();
        partitions++;
        sealed += check.sealedRecords();
        unsealed += check.unsealedRecords();
        before += check.recordsBefore();
        checkpoints += check.checkpoints();
        check.sealedUntil()
                .ifPresentOrElse(
                        ends::add,
                        () -> found(new Damage(
                                Kind.CHECKPOINT_MISSING,
                                check.partition(),
                                0,
                                "there is no checkpoint of this partition")));
    }

    /** All partitions were ended. */
    public void end() {
        signers.tellReplaced(this::found);
    }

    /** Takes note of something that is not as it was sealed. */
    public void found(Damage damage) {
        counts.merge(damage.kind(), 1, Integer::sum);
        Map<Kind, Damage> known = firstsOf.computeIfAbsent(damage.partition(), _ -> new EnumMap<>(Kind.class));
        if (known.putIfAbsent(damage.kind(), damage) == null) {
            firsts.add(damage);
        }
    }

    /** The first of each kind in each partition, in the order in which they were met. */
    public List<Damage> firsts() {
        return List.copyOf(firsts);
    }

    /** How many of each kind. */
    public Map<Kind, Integer> counts() {
        return counts.isEmpty() ? Map.of() : new EnumMap<>(counts);
    }

    public boolean isClean() {
        return counts.isEmpty();
    }

    public int partitions() {
        return partitions;
    }

    public long sealedRecords() {
        return sealed;
    }

    /** Records that came after the last seal of their partition. */
    public long unsealedRecords() {
        return unsealed;
    }

    /** Records that stand before the first seal that was asked for. */
    public long recordsBefore() {
        return before;
    }

    public long checkpoints() {
        return checkpoints;
    }

    /** Until when all partitions that have seals are sealed; empty if there is no seal at all. */
    public Optional<Instant> sealedUntil() {
        return ends.stream().min(Instant::compareTo);
    }

    /** The time of the newest seal of all. */
    public Optional<Instant> newest() {
        return ends.stream().max(Instant::compareTo);
    }
}
