package dev.sallyport.deploy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's time and as much more as it was told. */
final class SteppedClock extends Clock {

    private volatile Duration ahead = Duration.ZERO;

    synchronized void advance(Duration more) {
        ahead = ahead.plus(more);
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
