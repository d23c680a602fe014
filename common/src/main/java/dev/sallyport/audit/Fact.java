package dev.sallyport.audit;

import java.util.Locale;

/** What an audit event may tell beside who, when and from where. */
public enum Fact {
    /**
     * {@code password}, {@code app} or {@code phone}; several with commas between them where several were proven, or
     * where it can't be told which of them was meant.
     */
    FACTOR,
    /** Why something was refused, a word of {@link Reason}. */
    REASON,
    /** What a password or a code was asked for: {@code sign-in}, {@code bind-phone}, {@code confirm}. */
    PURPOSE,
    /** The assurance level proven in this sign-in or session before, 0 for none. */
    AAL_BEFORE,
    /** The assurance level proven in this sign-in or session after. */
    AAL_AFTER,
    /** The handle of the session; not the secret in the cookie. */
    SESSION,
    /** The handle of the session in which somebody ended this one. */
    ENDED_IN,
    /** The host of a protected site. */
    SITE,
    /** The name of the rule of a protected site that was not met. */
    RULE,
    /** The id of the challenge. */
    CHALLENGE,
    /** The id of the text message. */
    MESSAGE,
    /** A phone number, masked. */
    PHONE,
    /** The ISO region of a phone number. */
    REGION,
    /** How many refusals one event stands for, where repeated ones were counted together. */
    COUNT;

    /** The name in the event's body. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
