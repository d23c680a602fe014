package dev.sallyport.seal.verify;

import dev.sallyport.crypto.NoteKey;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks one partition's seals one after the other: by whom they are, and that none is missing between them. */
final class Chain {

    private final LogId log;
    private final List<NoteKey> keys;
    private final boolean fromTheFirst;
    private final Consumer<Damage> damages;
    private Optional<Checkpoint> last = Optional.empty();
    private int newestKey;

    /**
     * @param log as it is now
     * @param keys the oldest first; once one has signed, those before it may not any more
     * @param fromTheFirst whether the first seal must be the first that was made
     */
    Chain(LogId log, List<NoteKey> keys, boolean fromTheFirst, Consumer<Damage> damages) {
        this.log = log;
        this.keys = List.copyOf(keys);
        this.fromTheFirst = fromTheFirst;
        this.damages = damages;
    }

    /** True if what it says of the records counts. */
    boolean accepts(Seal seal) {
        Checkpoint checkpoint = seal.checkpoint();
        if (!isSigned(seal)) {
            return false;
        }
        if (!checkpoint.log().equals(log)) {
            tell(
                    Kind.TOPIC_RECREATED,
                    checkpoint,
                    "checkpoint %d is about %s, and the topic is now %s"
                            .formatted(checkpoint.number(), checkpoint.log(), log));
            last = Optional.of(checkpoint);
            return false;
        }
        long expected = last.map(Checkpoint::number).orElse(fromTheFirst ? 0 : checkpoint.number() - 1) + 1;
        if (checkpoint.number() < expected) {
            tell(
                    Kind.CHECKPOINT_REPLAYED,
                    checkpoint,
                    "checkpoint %d stands where %d should".formatted(checkpoint.number(), expected));
            return false;
        }
        if (checkpoint.number() > expected) {
            damages.accept(new Damage(
                    Kind.CHECKPOINT_MISSING,
                    log.partition(),
                    last.map(Checkpoint::next).orElse(0L),
                    checkpoint.number() == expected + 1
                            ? "checkpoint %d is not there".formatted(expected)
                            : "checkpoints %d to %d are not there".formatted(expected, checkpoint.number() - 1)));
        } else {
            last.ifPresent(before -> compare(before, checkpoint));
        }
        last = Optional.of(checkpoint);
        return true;
    }

    private boolean isSigned(Seal seal) {
        Optional<NoteKey> signer = seal.signedBy(keys);
        int place = signer.map(keys::indexOf).orElse(-1);
        if (place < 0) {
            tell(
                    Kind.CHECKPOINT_FORGED,
                    seal.checkpoint(),
                    "none of the keys has signed checkpoint %d"
                            .formatted(seal.checkpoint().number()));
            return false;
        }
        if (place < newestKey) {
            tell(
                    Kind.CHECKPOINT_FORGED,
                    seal.checkpoint(),
                    "checkpoint %d was signed with a key that had been replaced"
                            .formatted(seal.checkpoint().number()));
            return false;
        }
        newestKey = place;
        return true;
    }

    private void compare(Checkpoint before, Checkpoint checkpoint) {
        if (!checkpoint.previous().equals(Optional.of(before.hash()))) {
            tell(
                    Kind.CHAIN_BROKEN,
                    checkpoint,
                    "checkpoint %d was not made after this checkpoint %d"
                            .formatted(checkpoint.number(), before.number()));
        } else if (before.log().equals(checkpoint.log()) && checkpoint.first() > before.next()) {
            damages.accept(new Damage(
                    Kind.NEVER_SEALED,
                    log.partition(),
                    before.next(),
                    "%d records were gone before they were sealed".formatted(checkpoint.first() - before.next())));
        } else if (before.log().equals(checkpoint.log()) && checkpoint.first() < before.next()) {
            tell(
                    Kind.CHAIN_BROKEN,
                    checkpoint,
                    "checkpoint %d covers records of checkpoint %d once more"
                            .formatted(checkpoint.number(), before.number()));
        }
    }

    private void tell(Kind kind, Checkpoint checkpoint, String what) {
        damages.accept(new Damage(kind, log.partition(), checkpoint.first(), what));
    }
}
