package dev.sallyport.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.cluster.ProductJar;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short version of what {@code ./sallyport bench --only duplicates} does at length. */
class CrashesIT {

    private static final ProductJar JAR = Crashes.jar(Path.of(".."));

    @Test
    void whileProcessesAreKilledNobodyGetsAMessageTwiceAndEveryOrderHasAnOutcome(@TempDir Path folder)
            throws InterruptedException {
        try (Crashes crashes = new Crashes(folder, JAR)) {
            Crashes.Books books = crashes.run(2_000, 30, 10, false);
            assertEquals(2_000, books.orders(), books::toString);
            assertTrue(books.kills() >= 10, books::toString);
            assertEquals(books.orders(), books.told(), books::toString);
            assertEquals(0, books.doubled(), books::toString);
            // News or the provider tell of most; on a slow machine many calls are under way when a process is killed.
            assertTrue(books.again() + books.unknown() <= books.kills() * Crashes.CALLS_AT_ONCE, books::toString);
            assertTrue(books.sent() >= 0.9 * books.orders(), books::toString);
            assertEquals(List.of(), books.violations());
        }
    }
}
