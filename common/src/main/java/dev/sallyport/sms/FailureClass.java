package dev.sallyport.sms;

import java.util.Locale;

/**
 * Why an attempt failed, in words that hold for every provider: for the dispatcher's decision, for metrics and for what
 * the waiting person is told.
 */
public enum FailureClass {
    /** No connection came about: name resolution, refusal, connect timeout, TLS handshake. */
    NO_CONNECTION,
    /** The provider turned the request away unprocessed because of its rate. */
    THROTTLED,

    /** This number can't be texted: invalid, a landline, unreachable from our sender. */
    NUMBER,
    /** The owner of the phone has opted out; only that person can change it. */
    CONSENT,
    /** Our account, sender, permissions or request are wrong: every message fails until an operator acts. */
    CONFIGURATION,
    /** Filtered for its content; sending it again makes the sender's standing worse. */
    CONTENT,
    /** Blocked as probable fraud. */
    FRAUD,
    /** The sender's queue or allowance is full for longer than a code lives; another sender may do. */
    SATURATED,
    /** Accepted and then not delivered for a passing reason, such as a phone that is switched off. */
    NOT_DELIVERED,
    /** Refused with a code that the provider's table does not know; count these and extend the table. */
    UNCLASSIFIED,

    /** No whole answer in time. */
    TIMEOUT,
    /** The connection broke after it was made. */
    CONNECTION_LOST,
    /** The provider failed on its side, perhaps after it took the message. */
    SERVER_ERROR,
    /** An answer that is neither an acceptance nor a refusal in the provider's format. */
    UNREADABLE_ANSWER;

    /** The word in events. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
