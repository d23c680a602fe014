package dev.sallyport.dispatch.callback;

import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import java.time.Instant;
import java.util.Optional;

/**
 * What a provider has reported of one attempt. Tells neither number nor text.
 *
 * @param messageId our id of the message, as the provider was given it
 * @param attempt counted from 1 over all providers
 * @param phoneKey the record key of the order: news has the same owner as the message
 * @param provider the provider instance that reports
 * @param providerId the provider's id of the message
 * @param status what it has come to; reports repeat and overtake one another, so a later one may say less
 * @param failure why it failed or was not delivered; empty with every other status
 * @param code the provider's code of the failure, or ours where it gave none; there whenever {@code failure} is
 * @param at when the report came in, by our clock
 */
public record Callback(
        String messageId,
        int attempt,
        String phoneKey,
        String provider,
        String providerId,
        Outcome.Status status,
        Optional<FailureClass> failure,
        Optional<String> code,
        Instant at) {

    /** A report that gives no reason. */
    public static Callback of(
            String messageId,
            int attempt,
            String phoneKey,
            String provider,
            String providerId,
            Outcome.Status status,
            Instant at) {
        return new Callback(
                messageId, attempt, phoneKey, provider, providerId, status, Optional.empty(), Optional.empty(), at);
    }

    /** With the reason why it failed or was not delivered. */
    public Callback because(FailureClass why, String itsCode) {
        return new Callback(
                messageId, attempt, phoneKey, provider, providerId, status, Optional.of(why), Optional.of(itsCode), at);
    }
}
