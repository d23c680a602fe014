package dev.sallyport.crypto;

import dev.sallyport.ExpectedFailure;

/**
 * A ciphertext, seal or signature that no key in force accepts for this owner and use. Wrong key, wrong context and
 * damage look the same on purpose, and nothing of the content is told.
 */
public final class NotGenuine extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    private final boolean ofUnknownKey;

    NotGenuine(String what) {
        this(what, false);
    }

    NotGenuine(String what, boolean ofUnknownKey) {
        super(
                what + " was not made with the keys of this process for exactly this use, or it was changed."
                        + " If many are refused, compare ./sallyport keys list on both sides.",
                null);
        this.ofUnknownKey = ofUnknownKey;
    }

    /** True if it names a key that this process does not have: with other keys it may be genuine. */
    public boolean isOfUnknownKey() {
        return ofUnknownKey;
    }
}
