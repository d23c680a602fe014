package dev.sallyport.deploy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for a condition, never for a time. */
final class Await {

    private Await() {}

    /** Does something and fails if it took longer than it may. */
    static <T> T within(Duration atMost, Callable<T> work) throws Exception {
        long start = System.nanoTime();
        T result = work.call();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (took.compareTo(atMost) > 0) {
            throw new AssertionError("took " + took.toMillis() + " ms, may take " + atMost.toMillis());
        }
        return result;
    }

    static void until(Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + atMost);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
