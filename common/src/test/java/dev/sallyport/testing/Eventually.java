package dev.sallyport.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for a condition, never for a time. */
public final class Eventually {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);

    private Eventually() {}

    /** Returns when a value has become what is expected; fails with the last one if it does not. */
    public static <T> void equal(T expected, Supplier<T> actual) {
        long end = System.nanoTime() + LONG_ENOUGH.toNanos();
        T last = actual.get();
        while (!expected.equals(last)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "expected <" + expected + "> and after " + LONG_ENOUGH + " it is <" + last + ">");
            }
            pause();
            last = actual.get();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
