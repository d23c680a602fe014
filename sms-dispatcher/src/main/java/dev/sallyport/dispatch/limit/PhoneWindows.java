package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;

/**
 * How often one phone may be texted. Asks of every span of time around a message whether it would hold too many, and not
 * only of the time before it: so orders that come out of their order are judged alike, and one that is judged again, among
 * later ones, gets the verdict that it had.
 */
final class PhoneWindows {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Duration HOUR = Duration.ofHours(1);

    private final LimitsConfig.Phone limits;

    PhoneWindows(LimitsConfig.Phone limits) {
        this.limits = limits;
    }

    /** Whether one more message at this time fits among the others to the phone. */
    boolean fits(Collection<Instant> others, Instant another) {
        Instant[] times = new Instant[others.size() + 1];
        int size = 0;
        for (Instant time : others) {
            if (Duration.between(time, another).abs().compareTo(HOUR) < 0) {
                times[size++] = time;
            }
        }
        times[size++] = another;
        Arrays.sort(times, 0, size);
        for (int first = 0; first < size && !times[first].isAfter(another); first++) {
            for (int last = first; last < size; last++) {
                if (!times[last].isBefore(another) && isTooMany(last - first + 1, times[first], times[last])) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isTooMany(int messages, Instant first, Instant last) {
        Duration span = Duration.between(first, last);
        return limits.every().multipliedBy(messages - limits.burst()).compareTo(span) > 0
                || (messages > limits.tenMinutes() && span.compareTo(TEN_MINUTES) < 0)
                || (messages > limits.hour() && span.compareTo(HOUR) < 0);
    }
}
