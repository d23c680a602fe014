package dev.sallyport.audit;

import java.util.Locale;

/** Why something was refused: the words of {@link Fact#REASON}. */
public enum Reason {
    NAME_TAKEN,
    /** Nobody has the name that was typed. */
    UNKNOWN_NAME,
    WRONG_PASSWORD,
    WRONG_CODE,
    /** It was the right one, too late. */
    CODE_EXPIRED,
    CODE_ALREADY_USED,
    /** After too many wrong codes the app opens only where its owner has signed in before. */
    APP_CLOSED,
    /** Nothing was looked at: it is not yet time for another attempt. */
    TOO_MANY_FAILURES,
    /** Too many messages of a day, to this phone or of this account, whose codes never came back. */
    TOO_MANY_MESSAGES,
    /** A protected site needs two factors, and the session has proven one. */
    SECOND_FACTOR_NEEDED,
    /** A protected site needs the password to be typed more lately. */
    PASSWORD_TOO_OLD,
    /** The order for a message did not reach Kafka in time. */
    KAFKA_UNAVAILABLE;

    /** The word in events. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
