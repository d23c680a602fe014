package dev.sallyport.seal.verify;

import dev.sallyport.crypto.NoteKey;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The keys that may have signed, the oldest first, and when each did in any partition: once one has been replaced, what it
 * signs no longer counts. While sealers are given the new key both may sign.
 */
final class Signers {

    private final List<NoteKey> keys;
    private final Map<NoteKey, Instant> firstUse = new HashMap<>();
    private final Map<NoteKey, Checkpoint> lastUse = new HashMap<>();

    Signers(List<NoteKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Empty if none of them has signed. */
    Optional<NoteKey> signerOf(Seal seal) {
        return seal.signedBy(keys);
    }

    void used(NoteKey key, Checkpoint checkpoint) {
        firstUse.merge(key, checkpoint.time(), (one, other) -> one.isBefore(other) ? one : other);
        lastUse.merge(key, checkpoint, (one, other) -> one.time().isAfter(other.time()) ? one : other);
    }

    /** Tells of keys that went on signing after they were replaced; asked when all partitions have been looked at. */
    void tellReplaced(Consumer<Damage> damages) {
        for (int older = 0; older < keys.size(); older++) {
            Checkpoint last = lastUse.get(keys.get(older));
            Optional<Instant> replaced = keys.subList(older + 1, keys.size()).stream()
                    .flatMap(newer -> Optional.ofNullable(firstUse.get(newer)).stream())
                    .min(Instant::compareTo);
            if (last != null
                    && replaced.filter(time -> last.time().isAfter(time.plus(Chain.APART)))
                            .isPresent()) {
                damages.accept(new Damage(
                        Kind.CHECKPOINT_FORGED,
                        last.log().partition(),
                        last.first(),
                        "checkpoint %d was signed at %s with a key that had been replaced at %s"
                                .formatted(last.number(), last.time(), replaced.get())));
            }
        }
    }
}
