package dev.sallyport.sms;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of one ordered message, so far; leaves on {@code sallyport.sms.outcome} and tells neither number nor code.
 *
 * @param phoneKey the record key of the order, and of the outcome
 * @param provider the provider instance that was asked; empty where none was
 * @param providerId the provider's id of the message
 * @param failure why it failed, was not delivered, or is unknown
 * @param code the provider's code, or ours, of the failure
 * @param rule the limit that suppressed it
 */
public record Outcome(
        String messageId,
        String challengeId,
        String phoneKey,
        Status status,
        Instant at,
        Optional<String> provider,
        Optional<String> providerId,
        Optional<FailureClass> failure,
        Optional<String> code,
        Optional<String> rule) {

    /** The words for outcomes. One of a higher rank replaces what was told before; none goes back. */
    public enum Status {
        /** The provider has it. */
        ACCEPTED(1),
        /** It may or may not have been sent, and is not sent again. */
        UNKNOWN(1),
        /** The provider has given it to a carrier. */
        SENT(2),
        /** The phone has it. */
        DELIVERED(3),
        /** It was sent and did not reach the phone. */
        UNDELIVERED(3),
        /** It was too late to be worth sending. */
        EXPIRED(3),
        /** A newer message of the same challenge took its place before it was sent. */
        SUPERSEDED(3),
        /** A limit did not let it be sent. */
        SUPPRESSED(3),
        /** It was surely not sent. */
        FAILED(3);

        private final int rank;

        Status(int rank) {
            this.rank = rank;
        }

        /** True if news of this status tells more than the other one. */
        public boolean isAfter(Status other) {
            return rank > other.rank;
        }

        /** True if no code of this message will come, or none that is known of. */
        public boolean isHopeless() {
            return rank == 3 && this != DELIVERED;
        }

        /** The word in events. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The outcome of an order about which nothing else is to be said. */
    public static Outcome of(String messageId, String challengeId, String phoneKey, Status status, Instant at) {
        return new Outcome(
                messageId,
                challengeId,
                phoneKey,
                status,
                at,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** With the provider instance that was asked, and its id of the message. */
    public Outcome by(String instance, Optional<String> id) {
        return new Outcome(
                messageId, challengeId, phoneKey, status, at, Optional.of(instance), id, failure, code, rule);
    }

    /** With the reason why it was not sent, not delivered, or is unknown. */
    public Outcome because(FailureClass why, String itsCode) {
        return new Outcome(
                messageId,
                challengeId,
                phoneKey,
                status,
                at,
                provider,
                providerId,
                Optional.of(why),
                Optional.of(itsCode),
                rule);
    }

    /** With the limit that suppressed it. */
    public Outcome suppressedBy(String limit) {
        return new Outcome(
                messageId, challengeId, phoneKey, status, at, provider, providerId, failure, code, Optional.of(limit));
    }
}
