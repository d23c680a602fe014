package dev.sallyport.seal;

import dev.sallyport.crypto.NoteKey;
import dev.sallyport.crypto.SignedNote;
import java.util.List;
import java.util.Optional;

/**
 * A checkpoint, signed, with the hashes of the records that it covers: these show which of them was changed, where the
 * root alone would only show that one was.
 *
 * @param leaves empty where they were lost; nothing else is told by them than by the root
 */
public record Seal(Checkpoint checkpoint, SignedNote note, List<Hash> leaves) {

    public Seal {
        leaves = List.copyOf(leaves);
    }

    /** The seal in a note; empty if that says something else. Nothing is verified by that. */
    public static Optional<Seal> read(SignedNote note, List<Hash> leaves) {
        try {
            return Optional.of(new Seal(Checkpoint.parse(note.text()), note, leaves));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public Optional<NoteKey> signedBy(List<NoteKey> keys) {
        return note.signedBy(keys);
    }

    /** Whether the hashes of the records are there, and those that the checkpoint is about. */
    public boolean hasLeaves() {
        return leaves.size() == checkpoint.count() && MerkleTree.root(leaves).equals(checkpoint.root());
    }
}
