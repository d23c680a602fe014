package dev.sallyport.seal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Merkle tree of RFC 6962 and RFC 9162, section 2.1, over leaves in their order. */
public final class MerkleTree {

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private MerkleTree() {}

    /** The hash of one leaf. */
    public static Hash leaf(byte[] data) {
        return Hash.of(LEAF, data);
    }

    /** The root over these leaves' hashes; of no leaves, the hash of nothing. */
    public static Hash root(List<Hash> leaves) {
        return switch (leaves.size()) {
            case 0 -> Hash.of();
            case 1 -> leaves.getFirst();
            default -> {
                int split = split(leaves.size());
                yield node(root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
            }
        };
    }

    /** What leads from a leaf to the root: the hashes beside its way, from below. */
    public static List<Hash> path(List<Hash> leaves, int index) {
        List<Hash> path = new ArrayList<>();
        if (leaves.size() > 1) {
            int split = split(leaves.size());
            List<Hash> left = leaves.subList(0, split);
            List<Hash> right = leaves.subList(split, leaves.size());
            path.addAll(index < split ? path(left, index) : path(right, index - split));
            path.add(root(index < split ? right : left));
        }
        return path;
    }

    /** The root to which a path leads from a leaf; empty if no tree of this size has such a path. */
    public static Optional<Hash> root(Hash leaf, long index, long size, List<Hash> path) {
        if (index < 0 || index >= size) {
            return Optional.empty();
        }
        Hash hash = leaf;
        long place = index;
        long last = size - 1;
        for (Hash beside : path) {
            if (last == 0) {
                return Optional.empty();
            }
            if (place % 2 == 1 || place == last) {
                hash = node(beside, hash);
                // The last of a row without a partner rises until it has one.
                while (place % 2 == 0 && place != 0) {
                    place /= 2;
                    last /= 2;
                }
            } else {
                hash = node(hash, beside);
            }
            place /= 2;
            last /= 2;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }

    private static Hash node(Hash left, Hash right) {
        return Hash.of(NODE, left.bytes(), right.bytes());
    }

    /** The largest power of two that is smaller than a size of two and more. */
    private static int split(int size) {
        return Integer.highestOneBit(size - 1);
    }
}
