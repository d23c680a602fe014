package dev.sallyport.dispatch.limit;

import java.time.Instant;

/** A message to a phone, as the limits of that phone look back at it. */
sealed interface Seen permits Message, Seen.Past {

    Instant orderedAt();

    /** Its code, or another of its challenge, came back. */
    boolean isVerified();

    /** True if it was or may have been sent, or is about to be. */
    boolean counts();

    /**
     * One of which nothing can change any more, in a tenth of the memory.
     *
     * @param orderedAtMillis since 1970
     */
    record Past(long orderedAtMillis, boolean isVerified) implements Seen {

        @Override
        public Instant orderedAt() {
            return Instant.ofEpochMilli(orderedAtMillis);
        }

        @Override
        public boolean counts() {
            return true;
        }
    }
}
