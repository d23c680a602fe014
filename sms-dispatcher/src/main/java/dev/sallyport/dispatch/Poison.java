package dev.sallyport.dispatch;

import java.util.Locale;

/** What is wrong with a record that ends among the dead letters. Tells nothing of its content. */
public enum Poison {
    /** Key, value or a required header is missing or unreadable. */
    NO_CLOUD_EVENT,
    /** Of another type, or something that an order needs is missing or unreadable. */
    NO_SEND_CODE_EVENT,
    /** The signature or the seal does not hold. */
    NOT_GENUINE,
    /** Signed or sealed under a key that this process does not have; can be read again once it has. */
    UNKNOWN_KEY,
    /** Genuine, and not where its key belongs: what was done with it is written elsewhere. Can be put there. */
    WRONG_PARTITION,
    /** Genuine, and of a time to come, or worth sending for longer than any code lives. */
    IMPLAUSIBLE_TIME,
    /** The seal opens and holds no number and code. */
    NO_CODE_INSIDE,
    /** A mistake in the dispatcher, whose log has the cause. */
    FAILED;

    /** True if the record can be of use later, so that it is worth keeping as it is. */
    public boolean canBeMended() {
        return this == UNKNOWN_KEY || this == WRONG_PARTITION;
    }

    /** The word in events. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
