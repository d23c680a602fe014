package dev.sallyport.seal.verify;

import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage.Kind;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The seals of one partition as they were kept at two places, one of which is copied from the other and later harder to
 * change: those of the copy count, and each must stand at the other place as well.
 */
public final class Merged implements Iterator<Seal> {

    private final Iterator<Seal> copies;
    private final Iterator<Seal> originals;
    private final Instant copiedUntil;
    private final Consumer<Damage> damages;
    private @Nullable Seal copy;
    private @Nullable Seal original;

    /**
     * Merges them.
     *
     * @param originals in the order of their numbers, as {@code copies}
     * @param copiedUntil what was made until then must have been copied by now
     */
    public Merged(Iterator<Seal> copies, Iterator<Seal> originals, Instant copiedUntil, Consumer<Damage> damages) {
        this.copies = copies;
        this.originals = originals;
        this.copiedUntil = copiedUntil;
        this.damages = damages;
        this.copy = next(copies);
        this.original = next(originals);
    }

    private static @Nullable Seal next(Iterator<Seal> seals) {
        return seals.hasNext() ? seals.next() : null;
    }

    @Override
    public boolean hasNext() {
        return copy != null || original != null;
    }

    @Override
    public Seal next() {
        Seal one = copy;
        Seal other = original;
        if (other != null && (one == null || number(other) < number(one))) {
            original = next(originals);
            if (other.checkpoint().time().isBefore(copiedUntil)) {
                tell(Kind.CHECKPOINT_MISSING, other, "checkpoint %d is in Kafka and not in the folder");
            }
            return other;
        }
        if (one == null) {
            throw new NoSuchElementException();
        }
        copy = next(copies);
        if (other != null && number(other) == number(one)) {
            original = next(originals);
            if (!other.note().text().equals(one.note().text())) {
                tell(Kind.CHAIN_BROKEN, one, "there are two checkpoints %d, in Kafka and in the folder");
            }
            return one.leaves().isEmpty() ? new Seal(one.checkpoint(), one.note(), other.leaves()) : one;
        }
        tell(Kind.CHECKPOINT_MISSING, one, "checkpoint %d is in the folder and not in Kafka");
        return one;
    }

    private static long number(Seal seal) {
        return seal.checkpoint().number();
    }

    private void tell(Kind kind, Seal seal, String what) {
        Checkpoint checkpoint = seal.checkpoint();
        damages.accept(new Damage(
                kind, checkpoint.log().partition(), checkpoint.first(), what.formatted(checkpoint.number())));
    }
}
