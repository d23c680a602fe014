package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code docs/benchmarks.md}: of each bench what was asked for and what was measured, and how. A bench that is run replaces
 * its own part, and leaves the others as they are.
 */
final class Report {

    private record Line(String figure, String target, String measured, boolean met) {}

    private record Section(String title, String text) {}

    private static final Pattern PART = Pattern.compile("(?s)<!-- ([a-z-]+) -->\n(.*?)<!-- /\\1 -->\n");

    private final Optional<Path> file;
    private final List<String> order;
    private final LocalDate day;
    private final List<Line> lines = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private boolean allMet = true;

    /**
     * @param file where it is written; nowhere if empty
     * @param order of the parts, by the names of their benches
     */
    Report(Optional<Path> file, List<String> order, LocalDate day) {
        this.file = file;
        this.order = order;
        this.day = day;
    }

    /** A figure with a target. */
    void figure(String figure, String target, String measured, boolean met) {
        lines.add(new Line(figure, target, measured, met));
        allMet &= met;
        System.out.printf("%-4s %s: %s (target %s)%n", met ? "ok" : "MISS", figure, measured, target);
    }

    /** How something was measured; the first section of a bench gives its part its name. */
    void section(String title, String text) {
        sections.add(new Section(title, text.strip()));
        System.out.println("     " + text.strip().replace("\n", "\n     "));
    }

    boolean allMet() {
        return allMet;
    }

    /** Writes the part of the bench that has just run. */
    void end(String bench) {
        file.ifPresent(path -> write(path, bench, part()));
        lines.clear();
        sections.clear();
    }

    /** All figures stand at the top, whenever they were measured. */
    private String part() {
        StringBuilder part = new StringBuilder();
        for (Section section : sections) {
            boolean first = part.isEmpty();
            part.append(first ? "## " : "\n### ").append(section.title()).append('\n');
            if (first) {
                part.append('\n').append(conditions()).append(table());
            }
            part.append('\n').append(section.text()).append('\n');
        }
        return part.toString();
    }

    private void write(Path path, String bench, String part) {
        try {
            Map<String, String> parts = new HashMap<>();
            PART.matcher(Files.readString(path)).results().forEach(known -> parts.put(known.group(1), known.group(2)));
            parts.put(bench, part);
            StringBuilder text = new StringBuilder(introduction());
            for (String name : order) {
                if (parts.containsKey(name)) {
                    text.append("\n<!-- %s -->\n%s<!-- /%s -->\n".formatted(name, parts.get(name), name));
                }
            }
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String introduction() {
        return """
            # Benchmarks

            Written by `./sallyport bench`, each part when it was last run (`--only` runs some). Absolute times move with the
            neighbours on a shared machine; what counts is a ratio against something that was measured in the same run. Processor
            time is the kernel's own count for each process. A round in which anything else took more than %s of the machine is
            thrown away; of the others the median counts, with the lowest and highest behind it.
            """.formatted(Math.round(100 * Machine.MOST_OF_OTHERS) + " %");
    }

    private String conditions() {
        return "Measured on %s, on %d cores of a shared virtual machine (%s), Java %s, transparent huge pages %s.\n"
                .formatted(day, Machine.cores(), processor(), Runtime.version(), Machine.hugePages());
    }

    private String table() {
        StringBuilder table = new StringBuilder(lines.isEmpty() ? "" : """

                | figure | target | measured | met |
                | --- | --- | --- | --- |
                """);
        lines.forEach(line -> table.append("| %s | %s | %s | %s |\n"
                .formatted(line.figure, line.target, line.measured, line.met ? "yes" : "**no**")));
        return table.toString();
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException e) {
            return "unknown processor";
        }
    }

    /** Median with lowest and highest: {@code 1.09 ms (1.05 to 1.14)}. */
    static String spread(int decimals, String unit, double... values) {
        String number = "%." + decimals + 'f';
        String unitBehind = unit.isEmpty() ? "" : ' ' + unit;
        return String.format(Locale.ROOT, number, Load.quantile(0.5, values))
                + unitBehind
                + " ("
                + String.format(Locale.ROOT, number, Load.quantile(0, values))
                + " to "
                + String.format(Locale.ROOT, number, Load.quantile(1, values))
                + ')';
    }
}
