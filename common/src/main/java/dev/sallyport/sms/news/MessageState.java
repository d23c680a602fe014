package dev.sallyport.sms.news;

/** What somebody who waits for a message should know. */
public enum MessageState {
    /** It was ordered a moment ago, or has left and may arrive any time. */
    ON_ITS_WAY,
    /** It should have left by now. */
    DELAYED,
    /** The phone has it. */
    DELIVERED,
    /** It may or may not have been sent, and nobody will find out any more. */
    UNCERTAIN,
    /** It was sent and did not reach the phone, for a passing reason. */
    NOT_REACHED,
    /** This number can't be texted. */
    NO_TEXTS,
    /** The owner of the phone has stopped our messages. */
    STOPPED,
    /** It was not sent, or not let through; another message may be. */
    FAILED,
    /** A limit does not let more messages go out for now. */
    TOO_MANY
}
