package dev.sallyport.dispatch.pace;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait before a message is tried again: full jitter under 0.5, 1, 2, 4, 8 s, and what the provider asks for. */
public final class Backoff {

    private static final long FIRST_MILLIS = 500;
    private static final int DOUBLINGS = 4;

    private final RandomGenerator random;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The wait after a failure.
     *
     * @param failures how many attempts have failed, 1 and more
     * @param retryAfter how long the provider wants to be left alone, if it said so
     */
    public Duration after(int failures, Optional<Duration> retryAfter) {
        long most = FIRST_MILLIS << Math.min(failures - 1, DOUBLINGS);
        Duration jitter = Duration.ofMillis(1 + random.nextLong(most));
        return retryAfter
                .filter(asked -> asked.compareTo(jitter) > 0)
                .map(asked -> asked.plus(jitter))
                .orElse(jitter);
    }
}
