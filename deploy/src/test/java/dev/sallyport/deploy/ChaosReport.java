package dev.sallyport.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The page {@code docs/chaos.md}, written anew by each run of {@code ./sallyport test chaos}. */
final class ChaosReport {

    private static final Path PAGE = Path.of("..", "docs", "chaos.md");
    private static final List<String> SECTIONS = new ArrayList<>();

    private final StringBuilder rows = new StringBuilder();
    private final List<String> broken = new ArrayList<>();
    private final String title;

    ChaosReport(String title) {
        this.title = title;
    }

    /** A count that only informs. */
    void count(String what, Object count) {
        rows.append("| ").append(what).append(" | ").append(count).append(" | |\n");
    }

    /** A count that must be zero. */
    void mustBeNone(String what, List<String> found) {
        rows.append("| ").append(what).append(" | ").append(found.size());
        rows.append(found.isEmpty() ? " | holds |\n" : " | **broken** |\n");
        found.stream().limit(20).map(one -> what + ": " + one).forEach(broken::add);
    }

    /** Writes what is known so far; returns what was broken. */
    List<String> write() throws IOException {
        SECTIONS.add("## " + title + "\n\n| what | count | verdict |\n| --- | --- | --- |\n" + rows);
        String page = """
            # Chaos

            Written by `./sallyport test chaos`, which starts the roles as processes of their own, breaks what they
            run on, and compares what people were told with what is stored and what was sent. Broker and store run
            in the test's own process and are never killed, because the embedded store may lose the last 20 ms then;
            their connections are cut instead.

            Run on %s: %s, %d cores, Java %s, other work on the machine.

            %s\
            """.formatted(
                        LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC),
                        System.getProperty("os.name"),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.specification.version"),
                        String.join("\n", SECTIONS));
        Files.writeString(PAGE, page);
        return List.copyOf(broken);
    }
}
