package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Something that operators set for all dispatchers at once. What they do not set is as it is configured. */
public sealed interface Switch {

    /** No switch can be told as such a one; the message says what would be right. */
    final class NoSuchSwitch extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        NoSuchSwitch(String message) {
            super(message);
        }
    }

    /** What it switches; the later of two of one key holds. */
    String key();

    /** Whether a region gets no messages. */
    record RegionOff(String region, boolean off) implements Switch {

        public RegionOff {
            requireRegion(region);
        }

        @Override
        public String key() {
            return "region." + region;
        }
    }

    /**
     * How fast all dispatchers together send.
     *
     * @param perSecond messages a second; empty: as configured
     */
    record Rate(OptionalInt perSecond) implements Switch {

        private static final int MOST = 100_000;

        public Rate {
            if (perSecond.isPresent() && (perSecond.getAsInt() < 1 || perSecond.getAsInt() > MOST)) {
                throw new NoSuchSwitch("The rate must be 1 to %,d messages a second.".formatted(MOST));
            }
        }

        @Override
        public String key() {
            return "rate";
        }
    }

    /**
     * Which provider instances send to a region, and how much of it each.
     *
     * @param region ISO 3166-1 alpha-2, or {@link #DEFAULT}
     * @param weights by name of instance, 0 for one that is a last resort; empty: as configured
     */
    record Route(String region, Map<String, Integer> weights) implements Switch {

        /** Every region without a route of its own. */
        public static final String DEFAULT = "default";

        private static final int MOST_WEIGHT = 1_000;
        private static final int MOST_INSTANCES = 32;
        private static final Pattern INSTANCE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

        public Route {
            if (!region.equals(DEFAULT)) {
                requireRegion(region);
            }
            weights = Map.copyOf(weights);
            boolean named = weights.keySet().stream()
                    .allMatch(name -> INSTANCE.matcher(name).matches());
            boolean weighed = weights.values().stream().allMatch(weight -> weight >= 0 && weight <= MOST_WEIGHT);
            if (!named || !weighed || weights.size() > MOST_INSTANCES) {
                throw new NoSuchSwitch("A route has up to %d names of providers with weights from 0 to %,d."
                        .formatted(MOST_INSTANCES, MOST_WEIGHT));
            }
        }

        @Override
        public String key() {
            return "route." + region;
        }
    }

    /**
     * What a limit does.
     *
     * @param mode empty: as configured
     */
    record RuleMode(Rule rule, Optional<LimitsConfig.Mode> mode) implements Switch {

        @Override
        public String key() {
            return "rule." + rule.id();
        }
    }

    private static void requireRegion(String region) {
        if (!region.matches("[A-Z]{2}")) {
            throw new NoSuchSwitch("A region is a two-letter ISO 3166 country code in upper case, such as US.");
        }
    }
}
