package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import java.time.Clock;
import java.util.Set;

/** Limits for tests of what is around them: of one worker, always fed. */
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

    private static Limits of(LimitsConfig config) {
        Regions regions = Regions.read(config, Set.of("US"), "US");
        Limits limits = new Limits(config, regions, new SwitchBoard(), "worker", Clock.systemUTC(), () -> 0);
        limits.feedAt(0);
        return limits;
    }
}
