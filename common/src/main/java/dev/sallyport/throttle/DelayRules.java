package dev.sallyport.throttle;

import java.time.Duration;

/** How long failures make one wait. */
public final class DelayRules {

    /** Failures of one pair that cost no delay. */
    public static final int FREE_FOR_PAIR = 5;

    /** Failures of one network, over all names within {@link #FORGET_NETWORK_AFTER}, that cost no delay. */
    public static final int FREE_FOR_NETWORK = 50;

    /** A pair's failures are forgotten after this long without another. */
    public static final Duration FORGET_PAIR_AFTER = Duration.ofHours(24);

    /** A network's failures are forgotten after this long without another. */
    public static final Duration FORGET_NETWORK_AFTER = Duration.ofHours(1);

    /** How long a pair that has succeeded is remembered as its owner's usual place. */
    public static final Duration KNOWN_FOR = Duration.ofDays(30);

    private static final Duration LONGEST = Duration.ofMinutes(15);

    private DelayRules() {}

    /**
     * How long after the last of them the next attempt may be made: 0 while free, then 1 s, doubling with each failure,
     * 15 minutes at most.
     */
    public static Duration delay(int failures, int free) {
        if (failures < free) {
            return Duration.ZERO;
        }
        Duration doubled = Duration.ofSeconds(1L << Math.min(failures - free, 20));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }
}
