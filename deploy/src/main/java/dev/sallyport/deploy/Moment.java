package dev.sallyport.deploy;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A point in time as operators write it: {@code 2026-05-04T12:00:00Z}, or how long ago it is: {@code 90s}, {@code 2h}. */
record Moment(Instant instant) {

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");

    /** @throws IllegalArgumentException if it is neither */
    static Moment parse(String text, Clock clock) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long amount = Long.parseLong(ago.group(1));
            Duration age =
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    };
            return new Moment(clock.instant().minus(age));
        }
        try {
            return new Moment(Instant.parse(text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "\"%s\" is no time, such as 2026-05-04T12:00:00Z, and no time ago, such as 2h.".formatted(text), e);
        }
    }
}
