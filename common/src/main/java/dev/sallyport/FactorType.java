package dev.sallyport;

import java.util.Locale;

/** Ways to prove who one is. */
public enum FactorType {
    PASSWORD,
    APP,
    PHONE;

    /** The name in events. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
