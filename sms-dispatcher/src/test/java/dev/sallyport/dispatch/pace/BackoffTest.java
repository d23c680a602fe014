package dev.sallyport.dispatch.pace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private final Backoff backoff = new Backoff(new Random(1));

    @ParameterizedTest
    @CsvSource({"1, 500", "2, 1000", "3, 2000", "4, 4000", "5, 8000", "6, 8000", "60, 8000"})
    void theWaitIsAnywhereUpToADoublingLimit(int failures, long limit) {
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 0; i < 1_000; i++) {
            long wait = backoff.after(failures, Optional.empty()).toMillis();
            shortest = Math.min(shortest, wait);
            longest = Math.max(longest, wait);
        }
        assertTrue(shortest >= 1 && shortest < limit / 20, shortest + " ms");
        assertTrue(longest <= limit && longest > limit * 19 / 20, longest + " ms");
    }

    @ParameterizedTest
    @CsvSource({"1", "5"})
    void theProvidersOwnWishIsWaitedForAtLeast(int failures) {
        Duration wish = Duration.ofSeconds(9);
        for (int i = 0; i < 100; i++) {
            assertTrue(backoff.after(failures, Optional.of(wish)).compareTo(wish) > 0);
        }
    }
}
