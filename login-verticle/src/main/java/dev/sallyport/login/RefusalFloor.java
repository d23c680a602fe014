package dev.sallyport.login;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a refusal is held back, counted from the start of the hash: as long as the slowest kind of stored hash
 * takes, so that the time of a refusal does not tell an imported account from a new one or from none. It is waited for
 * by timer, not by burnt processor time.
 */
public final class RefusalFloor {

    /** Longer than bcrypt with cost 12 takes on a slow core. */
    public static final Duration DEFAULT = Duration.ofMillis(500);

    /** Longer than bcrypt with cost 14 takes. */
    static final Duration HIGHEST = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(RefusalFloor.class);

    private final AtomicLong nanos;

    public RefusalFloor(Duration floor) {
        this.nanos = new AtomicLong(floor.toNanos());
    }

    /**
     * What is left of the floor after a hash. A hash that took longer than the floor raises it to a quarter above, so
     * a slower kind shows once at most; up to {@link #HIGHEST}, since one long pause of the machine is no slower kind.
     */
    public Duration remaining(Duration hash) {
        long took = hash.toNanos();
        long floor = nanos.get();
        if (took > floor && floor < HIGHEST.toNanos()) {
            floor = nanos.accumulateAndGet(Math.min(took + took / 4, HIGHEST.toNanos()), Math::max);
            LOG.info(
                    "Refusals are held back for {} ms from now on, because a password check took {} ms",
                    Duration.ofNanos(floor).toMillis(),
                    hash.toMillis());
        }
        return Duration.ofNanos(Math.max(0, floor - took));
    }
}
