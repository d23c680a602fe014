package dev.sallyport.dispatch.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.config.LimitsConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a message to each region costs, and what each region may have. Money is in millionths of the table's currency. */
public final class Regions {

    /** The table can't be read or is not of its form. */
    public static final class BadTable extends ExpectedFailure {
        private static final long serialVersionUID = 1;

        BadTable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * What one region costs and may have.
     *
     * @param perMinute most messages in a minute
     * @param overall how much of the money of all regions it may take, in per cent
     */
    record Terms(long price, long perMinute, long hour, long day, int overall) {}

    private static final int ALL = 100;
    /** Of what all regions may cost; the rest is kept for people at home, whatever is done to the others. */
    private static final int AWAY_FROM_HOME = 70;

    static final long MICROS = 1_000_000;

    private static final String OTHER = "other";
    private static final String BUNDLED = "sms-regions.csv";
    private static final int CELLS = 5;

    private final Set<String> served;
    private final Map<String, Terms> terms;
    private final Terms other;

    private Regions(Set<String> served, Map<String, Terms> terms) {
        this.served =
                served.stream().map(region -> region.toUpperCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.other = Objects.requireNonNull(terms.get(OTHER));
        this.terms = Map.copyOf(terms);
    }

    /**
     * The table that is configured, or the one in the jar.
     *
     * @param served the regions that are texted, ISO 3166-1 alpha-2
     * @param home the one whose money is limited only together with all others, and for which a part of that is kept
     * @throws BadTable saying which line is wrong
     */
    public static Regions read(LimitsConfig limits, Set<String> served, String home) {
        Optional<Path> file = limits.regionsFile();
        String name = file.map(Path::toString).orElse(BUNDLED);
        try (Reader table = file.isPresent() ? Files.newBufferedReader(file.get()) : bundled()) {
            return read(table, name, limits.money(), served, home);
        } catch (IOException | UncheckedIOException e) {
            throw new BadTable(
                    name + " can't be read; check that SALLYPORT_LIMITS_REGIONS_FILE names a readable file.", e);
        }
    }

    private static Reader bundled() {
        return new InputStreamReader(
                Objects.requireNonNull(Regions.class.getResourceAsStream(BUNDLED), BUNDLED + " is not in the jar"),
                UTF_8);
    }

    static Regions read(Reader table, String name, LimitsConfig.Money money, Set<String> served, String home) {
        Terms usual =
                new Terms(0, Long.MAX_VALUE, money.regionHour() * MICROS, money.regionDay() * MICROS, AWAY_FROM_HOME);
        Terms atHome = new Terms(0, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, ALL);
        Map<String, Terms> terms = new HashMap<>();
        List<String> lines = new BufferedReader(table).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split(",", -1);
            String region = cells[0].strip();
            if (!region.matches("[A-Z]{2}|" + OTHER) || cells.length > CELLS) {
                throw bad(name, i + 1, line, null);
            }
            try {
                if (terms.put(region, terms(cells, region.equals(home) ? atHome : usual)) != null) {
                    throw bad(name, i + 1, line, null);
                }
            } catch (ArithmeticException | NumberFormatException e) {
                throw bad(name, i + 1, line, e);
            }
        }
        if (!terms.containsKey(OTHER)) {
            throw new BadTable(name + " has no line that begins with \"other,\"; add one with a high price.", null);
        }
        Terms others = terms.get(OTHER);
        terms.computeIfAbsent(
                home, _ -> new Terms(others.price(), others.perMinute(), atHome.hour(), atHome.day(), ALL));
        return new Regions(served, terms);
    }

    private static BadTable bad(String name, int line, String text, @Nullable Throwable cause) {
        return new BadTable(
                "%s, line %d: \"%s\" is not a new region, its price and, if any, messages per minute, money per hour and"
                                .formatted(name, line, text)
                        + " money per day, separated by commas; mend that line.",
                cause);
    }

    private static Terms terms(String[] cells, Terms usual) {
        return new Terms(
                micros(cells, 1).orElseThrow(NumberFormatException::new),
                cell(cells, 2).map(Long::valueOf).map(Regions::notNegative).orElse(usual.perMinute()),
                micros(cells, 3).orElse(usual.hour()),
                micros(cells, 4).orElse(usual.day()),
                usual.overall());
    }

    private static Optional<Long> micros(String[] cells, int column) {
        return cell(cells, column)
                .map(text -> notNegative(new BigDecimal(text).movePointRight(6).longValueExact()));
    }

    private static long notNegative(long value) {
        if (value < 0) {
            throw new NumberFormatException("negative");
        }
        return value;
    }

    private static Optional<String> cell(String[] cells, int column) {
        return column < cells.length && !cells[column].isBlank()
                ? Optional.of(cells[column].strip())
                : Optional.empty();
    }

    boolean serves(String region) {
        return served.contains(region);
    }

    Terms of(String region) {
        return terms.getOrDefault(region, other);
    }
}
