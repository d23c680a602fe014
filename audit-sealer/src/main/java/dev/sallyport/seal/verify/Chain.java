package dev.sallyport.seal.verify;

import dev.sallyport.crypto.NoteKey;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks one partition's seals one after the other: by whom they are, and that none is missing between them. */
final class Chain {

    /** How much may lie between two seals, as long as no sealer was away. */
    static final Duration APART = Duration.ofMinutes(5);

    private final LogId log;
    private final Signers signers;
    private final Instant from;
    private final Consumer<Damage> damages;
    private Optional<Checkpoint> last = Optional.empty();

    /**
     * @param log as it is now
     * @param from when the first seal must have been made, if it is not the first of all
     */
    Chain(LogId log, Signers signers, Instant from, Consumer<Damage> damages) {
        this.log = log;
        this.signers = signers;
        this.from = from;
        this.damages = damages;
    }

    /** True if what it says of the records counts. */
    boolean accepts(Seal seal) {
        Checkpoint checkpoint = seal.checkpoint();
        Optional<NoteKey> signer = signers.signerOf(seal);
        if (signer.isEmpty()) {
            tell(Kind.CHECKPOINT_FORGED, checkpoint, "none of the keys has signed checkpoint " + checkpoint.number());
            return false;
        }
        if (last.isPresent() && checkpoint.number() <= last.get().number()) {
            tell(
                    Kind.CHECKPOINT_REPLAYED,
                    checkpoint,
                    "checkpoint %d stands where %d should"
                            .formatted(checkpoint.number(), last.get().number() + 1));
            return false;
        }
        signers.used(signer.get(), checkpoint);
        last.ifPresentOrElse(before -> compare(before, checkpoint), () -> begin(checkpoint));
        last = Optional.of(checkpoint);
        if (!checkpoint.log().equals(log)) {
            tell(
                    Kind.TOPIC_RECREATED,
                    checkpoint,
                    "checkpoint %d is about %s, and the topic is now %s"
                            .formatted(checkpoint.number(), checkpoint.log(), log));
            return false;
        }
        return true;
    }

    private void begin(Checkpoint first) {
        if (first.number() > 1 && first.time().isAfter(from.plus(APART))) {
            missing(1, first.number() - 1, 0);
        }
    }

    private void compare(Checkpoint before, Checkpoint checkpoint) {
        if (checkpoint.number() > before.number() + 1) {
            missing(before.number() + 1, checkpoint.number() - 1, before.next());
        } else if (!checkpoint.previous().equals(Optional.of(before.hash()))) {
            tell(
                    Kind.CHAIN_BROKEN,
                    checkpoint,
                    "checkpoint %d was not made after this checkpoint %d"
                            .formatted(checkpoint.number(), before.number()));
        } else if (checkpoint.time().isBefore(before.time())) {
            tell(
                    Kind.CHAIN_BROKEN,
                    checkpoint,
                    "checkpoint %d bears an earlier time than checkpoint %d"
                            .formatted(checkpoint.number(), before.number()));
        } else if (before.log().equals(checkpoint.log())) {
            compareRecords(before, checkpoint);
        }
    }

    private void compareRecords(Checkpoint before, Checkpoint checkpoint) {
        if (checkpoint.first() > before.next()) {
            damages.accept(new Damage(
                    Kind.NEVER_SEALED,
                    log.partition(),
                    before.next(),
                    "%d records were gone before they were sealed".formatted(checkpoint.first() - before.next())));
        } else if (checkpoint.first() < before.next()) {
            tell(
                    Kind.CHAIN_BROKEN,
                    checkpoint,
                    "checkpoint %d covers records of checkpoint %d once more"
                            .formatted(checkpoint.number(), before.number()));
        }
    }

    private void missing(long first, long last, long offset) {
        damages.accept(new Damage(
                Kind.CHECKPOINT_MISSING,
                log.partition(),
                offset,
                first == last
                        ? "checkpoint %d is not there".formatted(first)
                        : "checkpoints %d to %d are not there".formatted(first, last)));
    }

    private void tell(Kind kind, Checkpoint checkpoint, String what) {
        damages.accept(new Damage(kind, log.partition(), checkpoint.first(), what));
    }
}
