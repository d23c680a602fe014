package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code docs/benchmarks.md}: a table of what was asked for and what was measured, then each bench in its own words. */
final class Report {

    private record Line(String figure, String target, String measured, boolean met) {}

    private final List<Line> lines = new ArrayList<>();
    private final StringBuilder sections = new StringBuilder();

    /** A figure with a target. */
    void figure(String figure, String target, String measured, boolean met) {
        lines.add(new Line(figure, target, measured, met));
        System.out.printf("%-4s %s: %s (target %s)%n", met ? "ok" : "MISS", figure, measured, target);
    }

    void section(String title, String text) {
        sections.append("\n## ")
                .append(title)
                .append("\n\n")
                .append(text.strip())
                .append('\n');
        System.out.println("     " + text.strip().replace("\n", "\n     "));
    }

    boolean allMet() {
        return lines.stream().allMatch(Line::met);
    }

    void write(Path file, LocalDate day) {
        StringBuilder text = new StringBuilder("# Benchmarks\n\n");
        text.append(
                "Written by `./sallyport bench` on %s, on %d cores of a shared virtual machine (%s), Java %s, transparent huge pages %s.\n"
                        .formatted(day, Machine.cores(), processor(), Runtime.version(), Machine.hugePages()));
        text.append("""
                Absolute times move with the neighbours; what counts is a ratio against something that was measured in the same
                run. Processor time is the kernel's own count for each process. A round in which anything else took more than
                %.0f % of the machine is thrown away; of the others the median counts, with the lowest and highest behind it.

                | figure | target | measured | met |
                | --- | --- | --- | --- |
                """.replace("%.0f %", Math.round(100 * Machine.MOST_OF_OTHERS) + " %"));
        lines.forEach(line -> text.append("| %s | %s | %s | %s |\n"
                .formatted(line.figure, line.target, line.measured, line.met ? "yes" : "**no**")));
        try {
            Files.writeString(file, text.append(sections));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
