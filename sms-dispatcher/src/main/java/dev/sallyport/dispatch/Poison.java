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
    /** Signed or sealed under a key that this process does not have. Kept whole, to be read again once it has. */
    UNKNOWN_KEY,
    /** The seal opens and holds no number and code. */
    NO_CODE_INSIDE,
    /** A mistake in the dispatcher, whose log has the cause. */
    FAILED;

    /** The word in events. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
