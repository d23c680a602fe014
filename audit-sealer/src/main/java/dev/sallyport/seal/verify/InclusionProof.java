package dev.sallyport.seal.verify;

import dev.sallyport.crypto.NoteKey;
import dev.sallyport.crypto.SignedNote;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Hash;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.MerkleTree;
import dev.sallyport.seal.Seal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * That a record is one of those under a seal, for whoever has the public key and nothing else. Its text is a proof of C2SP's
 * tlog-proof: the record itself as extra data, its place in the tree, the path to the root, and the signed checkpoint.
 */
public record InclusionProof(LoggedRecord record, List<Hash> path, Seal seal) {

    private static final String FORMAT = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    public InclusionProof {
        path = List.copyOf(path);
    }

    /**
     * Makes the proof.
     *
     * @throws IllegalArgumentException if the seal has not the hashes of its records, or not that of this one
     */
    public static InclusionProof of(LoggedRecord record, Seal seal) {
        Checkpoint checkpoint = seal.checkpoint();
        int index = (int) (record.offset() - checkpoint.first());
        if (!checkpoint.covers(record.offset())
                || !seal.hasLeaves()
                || !seal.leaves().get(index).equals(record.leafHash())) {
            throw new IllegalArgumentException("this seal does not cover this record");
        }
        return new InclusionProof(record, MerkleTree.path(seal.leaves(), index), seal);
    }

    /** The key that vouches for it; empty if it proves nothing. */
    public Optional<NoteKey> provenBy(List<NoteKey> keys) {
        Checkpoint checkpoint = seal.checkpoint();
        Optional<Hash> root =
                MerkleTree.root(record.leafHash(), record.offset() - checkpoint.first(), checkpoint.count(), path);
        return root.filter(checkpoint.root()::equals).flatMap(_ -> seal.signedBy(keys));
    }

    /**
     * Reads what {@link #toString} gives. Nothing is verified by that.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static InclusionProof parse(String text) {
        int end = text.indexOf("\n\n");
        String[] lines = text.substring(0, Math.max(0, end)).split("\n", -1);
        if (lines.length < 3
                || !lines[0].equals(FORMAT)
                || !lines[1].startsWith(EXTRA)
                || !lines[2].startsWith(INDEX)) {
            throw new IllegalArgumentException("not a proof");
        }
        Seal seal = SignedNote.parse(text.substring(end + 2))
                .flatMap(note -> Seal.read(note, List.of()))
                .orElseThrow(() -> new IllegalArgumentException("a proof without a checkpoint"));
        List<Hash> path = new ArrayList<>();
        for (int i = 3; i < lines.length; i++) {
            path.add(Hash.parse(lines[i]));
        }
        byte[] leaf = Base64.getDecoder().decode(lines[1].substring(EXTRA.length()));
        LoggedRecord record = LoggedRecord.ofLeaf(seal.checkpoint().log().partition(), leaf);
        if (Long.parseLong(lines[2].substring(INDEX.length()))
                != record.offset() - seal.checkpoint().first()) {
            throw new IllegalArgumentException("a proof for another place");
        }
        InclusionProof proof = new InclusionProof(record, path, seal);
        if (!proof.toString().equals(text)) {
            throw new IllegalArgumentException("another spelling of a proof");
        }
        return proof;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(FORMAT).append('\n');
        text.append(EXTRA)
                .append(Base64.getEncoder().encodeToString(record.leaf()))
                .append('\n');
        text.append(INDEX).append(record.offset() - seal.checkpoint().first()).append('\n');
        path.forEach(hash -> text.append(hash).append('\n'));
        return text.append('\n').append(seal.note()).toString();
    }
}
