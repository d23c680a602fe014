package dev.sallyport.dispatch.ledger;

import dev.sallyport.dispatch.Sending;
import dev.sallyport.sms.FailureClass;
import java.time.Instant;
import java.util.Optional;

/** A line of the ledger: an attempt that is about to be made, or what became of one. Tells neither number nor code. */
public sealed interface LedgerEntry {

    /** The order's message. */
    String messageId();

    /** Which attempt, from 1, counted over all providers; 0 where none was made. */
    int attempt();

    /** When it was written. */
    Instant at();

    /**
     * Written, and read back, before the provider is asked. Of several for one attempt the one with the lowest offset
     * owns it.
     *
     * @param claim whose entry it is, unique for each entry
     * @param provider the instance that will be asked
     * @param again true if an earlier attempt may have been sent, and nothing could tell
     */
    record Started(Sending sending, int attempt, String claim, String provider, boolean again, Instant at)
            implements LedgerEntry {

        @Override
        public String messageId() {
            return sending.messageId();
        }
    }

    /**
     * What became of an attempt, whoever found it out; the first of several counts.
     *
     * @param claim of the attempt; empty where none was made, or where whoever tells does not know it
     * @param provider the instance that was asked; empty where none was
     * @param providerId the provider's id of the message
     * @param failure why it was not accepted
     * @param code the provider's code of the failure, ours, or the limit that suppressed it
     */
    record Ended(
            String messageId,
            int attempt,
            End end,
            Optional<String> claim,
            Optional<String> provider,
            Optional<String> providerId,
            Optional<FailureClass> failure,
            Optional<String> code,
            Instant at)
            implements LedgerEntry {}

    /** How an attempt can end. */
    enum End {
        /** The provider has it. */
        ACCEPTED,
        /** Surely not sent; another attempt may follow. */
        NOT_SENT,
        /** Surely not sent, and no other attempt follows. */
        REFUSED,
        /** Nothing could tell whether it was sent, and no other attempt follows. */
        UNKNOWN,
        /** A limit did not let it be sent; no attempt was made. */
        SUPPRESSED;

        /** True if the message's story is over. */
        public boolean isFinal() {
            return this != NOT_SENT;
        }
    }
}
