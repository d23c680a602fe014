package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import java.time.Clock;
import java.util.Set;

/** Limits for tests of what is around them: of one worker. */
public final class GivenLimits {

    private GivenLimits() {}

    /** All of them only record. */
    public static Limits recordOnly() {
        return of(Workers.enforcing());
    }

    /** As they are configured without a word. */
    public static Limits byDefault() {
        return of(Workers.config());
    }

    /** The same, and nothing is known of what other workers spend. */
    public static Limits unfed() {
        return unfed(Workers.config());
    }

    private static Limits of(LimitsConfig config) {
        Limits limits = unfed(config);
        limits.feedAt(0);
        return limits;
    }

    private static Limits unfed(LimitsConfig config) {
        Regions regions = Regions.read(config, Set.of("US"), "US");
        return new Limits(config, regions, new SwitchBoard(), "worker", Clock.systemUTC(), () -> 0);
    }
}
