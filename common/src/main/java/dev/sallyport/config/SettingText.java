package dev.sallyport.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How single settings are written: durations, lists, words of an enum and the like. */
final class SettingText {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    private SettingText() {}

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException whose message tells the form, after "is not "
     */
    static Object parse(String text, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return text.isEmpty() ? Optional.empty() : Optional.of(parse(text, element));
            }
            Set<Object> elements = new LinkedHashSet<>();
            for (String part : text.split(",", -1)) {
                if (!part.isBlank()) {
                    elements.add(parse(part.strip(), element));
                }
            }
            return generic.getRawType() == Set.class ? elements : List.copyOf(elements);
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalStateException("no parser for " + type);
        }
        if (plain.isEnum()) {
            return parseEnum(text, plain);
        }
        return switch (plain.getSimpleName()) {
            case "String" -> text;
            case "Secret" -> new Secret(text);
            case "int" -> parseInt(text);
            case "Duration" -> parseDuration(text);
            case "Path" -> parsePath(text);
            case "URI" -> parseUri(text);
            case "Weights" -> Weights.parse(text);
            default -> throw new IllegalStateException("no parser for " + type);
        };
    }

    /** A value as {@link #parse} reads it; a secret as {@code •••}. */
    static String written(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(SettingText::written).orElse("");
            case Collection<?> several ->
                several.stream().map(SettingText::written).collect(Collectors.joining(","));
            case Enum<?> constant -> written(constant);
            case Duration duration -> written(duration);
            default -> value.toString();
        };
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String written(Duration duration) {
        if (duration.toMillisPart() > 0) {
            return duration.toMillis() + "ms";
        }
        if (duration.toSecondsPart() > 0) {
            return duration.toSeconds() + "s";
        }
        return duration.toMinutesPart() > 0 || duration.isZero()
                ? duration.toMinutes() + "m"
                : duration.toHours() + "h";
    }

    private static Object parseEnum(String text, Class<?> type) {
        List<String> names = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            String name = written((Enum<?>) constant);
            if (name.equals(text)) {
                return constant;
            }
            names.add(name);
        }
        throw new IllegalArgumentException("one of " + String.join(", ", names));
    }

    private static int parseInt(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("a whole number");
        }
        return Integer.parseInt(text);
    }

    private static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration such as 500ms, 30s, 5m, 12h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Path parsePath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("a path", e);
        }
    }

    private static URI parseUri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("an address such as https://login.example.com", e);
        }
    }
}
