package dev.sallyport.authz.http;

import java.util.Locale;

/** How a proxy's question was answered, for those who count. */
public enum CheckOutcome {
    ALLOWED,
    /** Nobody is signed in. */
    SIGN_IN_NEEDED,
    /** Somebody is, but the rule asks for more. */
    STEP_UP_NEEDED,
    /** No rule is about that host. */
    UNKNOWN_HOST,
    /** The proxy did not say what it asks for, or a client may have said it. */
    UNCLEAR,
    /** Whoever asked is no proxy of ours. */
    NOT_A_PROXY,
    /** The store did not answer. */
    UNAVAILABLE;

    /** The word in metrics. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
