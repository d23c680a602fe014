package dev.sallyport.authz;

import dev.sallyport.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How sure it must be who asks.
 *
 * @param aal the assurance level, 1 or 2
 * @param maxAge how long ago the password may have been typed; empty: as long as the session lasts
 */
public record Need(int aal, Optional<Duration> maxAge) {

    /** Somebody is signed in. */
    public static final Need SIGNED_IN = new Need(1, Optional.empty());

    /** No password needs to have been typed more lately than this: it takes a while to get in. */
    public static final Duration SHORTEST = Duration.ofSeconds(30);

    /** Both at once. */
    public Need and(Need other) {
        return new Need(
                Math.max(aal, other.aal),
                Stream.of(maxAge, other.maxAge).flatMap(Optional::stream).min(Duration::compareTo));
    }

    public boolean isMetBy(Session session, Instant now) {
        return isSureEnough(session) && isFreshEnough(session, now);
    }

    /** True if as many factors were proven. */
    boolean isSureEnough(Session session) {
        return session.aal() >= aal;
    }

    /** True if the password was typed lately enough. */
    boolean isFreshEnough(Session session, Instant now) {
        return maxAge.map(age -> now.isBefore(session.passwordAt().plus(age))).orElse(true);
    }
}
