package dev.sallyport.dispatch;

import dev.sallyport.sms.FailureClass;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of one attempt. Nothing in it is personal or secret: the provider's prose is dropped because it quotes phone
 * numbers, its code stays.
 */
public sealed interface SendResult {

    /**
     * The provider has taken the message and answers for it. Delivery is not implied.
     *
     * @param providerId the provider's id of the message, never empty
     * @param status the provider's first status, in its own word
     * @param segments how many messages it is charged as; 0 while the provider does not know
     */
    record Accepted(String providerId, String status, int segments) implements SendResult {}

    /**
     * Surely not sent; may be tried again while the text is of use.
     *
     * @param code see {@link Refused#code}
     * @param retryAfter how long the provider wants to be left alone, if it said so
     */
    record NotSent(FailureClass failureClass, String code, Optional<Duration> retryAfter) implements SendResult {}

    /**
     * Surely not sent, and the same message won't be sent by this provider.
     *
     * @param code for counting and looking up: the provider's error code, {@code http-} and a status where it gave none, or
     *     the kind of network failure
     */
    record Refused(FailureClass failureClass, String code) implements SendResult {}

    /**
     * May or may not have been sent. Trying again can put the text on the phone twice.
     *
     * @param code see {@link Refused#code}
     */
    record Ambiguous(FailureClass failureClass, String code) implements SendResult {}

    /** The one place that says what a class of failure means for the fate of the message. */
    static SendResult failed(FailureClass failureClass, String code, Optional<Duration> retryAfter) {
        return switch (failureClass) {
            case NO_CONNECTION, THROTTLED -> new NotSent(failureClass, code, retryAfter);
            case NUMBER, CONSENT, CONFIGURATION, CONTENT, FRAUD, SATURATED, NOT_DELIVERED, UNCLASSIFIED ->
                new Refused(failureClass, code);
            case TIMEOUT, CONNECTION_LOST, SERVER_ERROR, UNREADABLE_ANSWER -> new Ambiguous(failureClass, code);
        };
    }
}
