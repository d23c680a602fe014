package dev.sallyport.bench;

import dev.sallyport.deploy.cluster.ProductJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whether anybody gets a message twice, or none, while processes are killed. */
final class DuplicatesBench {

    private static final int ORDERS = 50_000;
    private static final int PER_SECOND = 40;
    private static final int KILLS = 100;

    void run(Report report) throws InterruptedException {
        ProductJar jar = Crashes.jar(Path.of("deploy"));
        try (Crashes crashes = new Crashes(Files.createTempDirectory("sallyport-crashes-"), jar)) {
            tell(report, crashes.run(ORDERS, PER_SECOND, KILLS, true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void tell(Report report, Crashes.Books books) {
        report.figure(
                "Messages twice at the provider for one order and attempt, of %d orders, %d processes killed"
                        .formatted(books.orders(), books.kills()),
                "0",
                "" + books.doubled(),
                books.doubled() == 0);
        report.figure(
                "Orders of these without an outcome",
                "0",
                "" + (books.orders() - books.told()),
                books.orders() == books.told());
        double unproven = (books.again() + books.unknown()) / (double) books.orders();
        report.figure(
                "Attempts of these that were repeated without proof, or whose fate stayed unknown",
                "≤ 0.1 %",
                String.format(Locale.ROOT, "%.3f %% (%d and %d)", 100 * unproven, books.again(), books.unknown()),
                unproven <= 0.001);
        report.section("Killed processes", """
                Three brokers and three dispatchers are processes; one after the other is killed with SIGKILL and started again, dispatchers
                twice as often as brokers, while %d orders a second are made; the next is killed once messages have left as they come for some seconds. %d messages reached
                Twilio's fake, which reports each as sent and delivered; it was asked %d times what had become of one. Outcomes: %s. Requests against Twilio's contract: %s.
                """.formatted(
                        PER_SECOND,
                        books.sent(),
                        books.asked(),
                        books.outcomes(),
                        books.violations().isEmpty() ? "none" : books.violations()));
    }
}
