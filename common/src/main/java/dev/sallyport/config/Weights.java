package dev.sallyport.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a route is written: {@code main:80,backup:20}.
 *
 * @param byName the weight of each provider, 0 to 1000, in the order in which they were written
 */
public record Weights(Map<String, Integer> byName) {

    private static final Pattern ENTRY = Pattern.compile("\\s*([a-z][a-z0-9-]*):(\\d{1,4})\\s*");
    private static final int LARGEST = 1000;

    public Weights {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException whose message tells the form, after "is not "
     */
    public static Weights parse(String text) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        for (String entry : text.split(",", -1)) {
            Matcher matcher = ENTRY.matcher(entry);
            int weight = matcher.matches() ? Integer.parseInt(matcher.group(2)) : LARGEST + 1;
            if (weight > LARGEST || weights.put(matcher.group(1), weight) != null) {
                throw malformed();
            }
        }
        if (weights.values().stream().noneMatch(weight -> weight > 0)) {
            throw malformed();
        }
        return new Weights(weights);
    }

    /** As it is written. */
    @Override
    public String toString() {
        return byName.entrySet().stream()
                .map(entry -> entry.getKey() + ':' + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException(
                "a route such as main:80,backup:20, with each provider once, weights of 0 to 1000, and one above 0");
    }
}
