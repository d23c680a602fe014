package dev.sallyport.dispatch;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of one ordered message; leaves on {@code sallyport.sms.outcome} and tells neither number nor code.
 *
 * @param phoneKey the record key of the order, and of the outcome
 * @param failure why it failed or is unknown
 * @param code the provider's code, or ours, of the failure
 * @param providerId the provider's id of the message
 */
public record Outcome(
        String messageId,
        String challengeId,
        String phoneKey,
        Status status,
        Instant at,
        String provider,
        Optional<String> providerId,
        Optional<FailureClass> failure,
        Optional<String> code) {

    /** The words for outcomes. */
    public enum Status {
        /** The provider has it. */
        ACCEPTED,
        /** It was too late to be worth sending. */
        EXPIRED,
        /** It was surely not sent. */
        FAILED,
        /** It may or may not have been sent. */
        UNKNOWN;

        /** The word in events. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
