package dev.sallyport.dispatch.route;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which instances may send to a region, and with what weight: an instance's share of the messages is its weight's share of
 * the sum. One of weight 0 sends only when no other can. Immutable.
 */
public final class Routes {

    /** In place of a region: every region that has no route of its own. */
    public static final String DEFAULT = "default";

    private static final int LARGEST_WEIGHT = 1000;

    private final Set<String> instances;
    private final Map<String, SortedMap<String, Integer>> byRegion;
    private final SortedMap<String, Integer> elsewhere;

    /**
     * @param instances the names of all instances
     * @param weights 0 to 1000, by region (ISO 3166-1 alpha-2) or {@link #DEFAULT}, then by instance; without a default, all
     *     instances share alike where there is no route
     * @throws IllegalArgumentException saying which route is wrong, and why
     */
    public Routes(Set<String> instances, Map<String, Map<String, Integer>> weights) {
        this.instances = Set.copyOf(instances);
        Map<String, SortedMap<String, Integer>> routes = new HashMap<>();
        weights.forEach((region, route) -> routes.put(region, checked(region, route)));
        byRegion = Map.copyOf(routes);
        elsewhere = byRegion.getOrDefault(DEFAULT, alike(instances));
    }

    /** With another route for a region, or for {@link #DEFAULT}; throws as the constructor does. */
    public Routes with(String region, Map<String, Integer> route) {
        Map<String, Map<String, Integer>> changed = new HashMap<>(byRegion);
        changed.put(region, route);
        return new Routes(instances, changed);
    }

    /** The weights by instance for a region, in order of name. */
    public SortedMap<String, Integer> of(String region) {
        return byRegion.getOrDefault(region, elsewhere);
    }

    private SortedMap<String, Integer> checked(String region, Map<String, Integer> route) {
        route.forEach((name, weight) -> {
            if (!instances.contains(name)) {
                throw new IllegalArgumentException("The route for %s names %s, which is no SMS provider; there are %s"
                        .formatted(region, name, String.join(", ", new TreeSet<>(instances))));
            }
            if (weight < 0 || weight > LARGEST_WEIGHT) {
                throw new IllegalArgumentException("The route for %s gives %s the weight %d; it must be 0 to %d"
                        .formatted(region, name, weight, LARGEST_WEIGHT));
            }
        });
        if (route.values().stream().noneMatch(weight -> weight > 0)) {
            throw new IllegalArgumentException(
                    "The route for %s gives nobody a weight above 0; to close a region, switch it off"
                            .formatted(region));
        }
        return Collections.unmodifiableSortedMap(new TreeMap<>(route));
    }

    private static SortedMap<String, Integer> alike(Set<String> instances) {
        SortedMap<String, Integer> route = new TreeMap<>();
        instances.forEach(name -> route.put(name, 1));
        return Collections.unmodifiableSortedMap(route);
    }
}
