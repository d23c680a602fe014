package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The limits, in the order in which they are asked. */
public enum Rule {
    /** The region is not served, is switched off, or has had its messages of this minute. */
    REGION,
    /** The phone has had enough messages. */
    PHONE,
    /** Enough money is spent, or it can't be known how much is. */
    MONEY,
    /** Codes stop coming back from the region, and nothing speaks for this block of 10,000 numbers. */
    CONVERSION,
    /** The block of 10,000 numbers has had messages, and hardly any code came back. */
    PREFIX;

    /** The word in outcomes, configuration and metrics. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it does where nobody has switched it. */
    public LimitsConfig.Mode configured(LimitsConfig limits) {
        return switch (this) {
            case REGION -> limits.region().mode();
            case PHONE -> limits.phone().mode();
            case MONEY -> limits.money().mode();
            case CONVERSION -> limits.conversion().mode();
            case PREFIX -> limits.prefix().mode();
        };
    }

    /** The rule that {@link #id} names; empty if there is none. */
    public static Optional<Rule> of(String id) {
        return Arrays.stream(values()).filter(rule -> rule.id().equals(id)).findFirst();
    }
}
