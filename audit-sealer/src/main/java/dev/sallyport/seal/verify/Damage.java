package dev.sallyport.seal.verify;

/**
 * Something that is not as it was sealed.
 *
 * @param partition where; -1 where that can't be told
 * @param offset of the record that is concerned, or the first of several
 * @param what a sentence without a full stop
 */
public record Damage(Kind kind, int partition, long offset, String what) {

    /** Where, in words. */
    public String place() {
        return partition < 0 ? "somewhere" : "partition %d offset %d".formatted(partition, offset);
    }

    /** The sorts of damage. */
    public enum Kind {
        /** A record is not the one that was sealed. */
        CHANGED,
        /** A sealed record is not there. */
        MISSING,
        /** A record stands where none was sealed. */
        INSERTED,
        /** A checkpoint is not there. */
        CHECKPOINT_MISSING,
        /** A checkpoint was not signed with one of the keys, or by one that had been replaced. */
        CHECKPOINT_FORGED,
        /** A checkpoint stands in the place of another. */
        CHECKPOINT_REPLAYED,
        /** A checkpoint names another one than that before it, or other records than those after it. */
        CHAIN_BROKEN,
        /** A checkpoint is about another topic of the same name. */
        TOPIC_RECREATED,
        /** Records that were lost before they could be sealed. */
        NEVER_SEALED,
        /** A line or file that is not of this form at all. */
        UNREADABLE
    }
}
