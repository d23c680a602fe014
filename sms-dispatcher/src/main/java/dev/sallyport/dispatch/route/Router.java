package dev.sallyport.dispatch.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Draws which instance sends a message, and which ones follow should it fail. Safe for use by many threads. */
public final class Router {

    private final RandomGenerator random;
    private volatile Routes routes;

    /** @param random safe for use by many threads */
    public Router(Routes routes, RandomGenerator random) {
        this.routes = routes;
        this.random = random;
    }

    /**
     * The instances to try for a message, in order. Each place is drawn by weight from those that are left, so that the
     * messages of one that fails spread over the others by their weights too.
     *
     * @param region of the phone, ISO 3166-1 alpha-2
     * @param tried instances that this message has been refused by
     * @param admitted false for an instance that takes nothing now; asked once for each, without consequence
     * @return empty if nobody is left
     */
    public List<String> order(String region, Set<String> tried, Predicate<String> admitted) {
        SortedMap<String, Integer> left = new TreeMap<>(routes.of(region));
        left.keySet().removeIf(name -> tried.contains(name) || !admitted.test(name));
        List<String> order = new ArrayList<>(left.size());
        while (!left.isEmpty()) {
            String next = draw(left);
            left.remove(next);
            order.add(next);
        }
        return order;
    }

    public Routes routes() {
        return routes;
    }

    /** Routes by another table from the next message on. */
    public void follow(Routes changed) {
        routes = changed;
    }

    /** By weight; where nobody has any, the first by name. */
    private String draw(SortedMap<String, Integer> left) {
        int sum = left.values().stream().mapToInt(Integer::intValue).sum();
        int point = sum == 0 ? 0 : random.nextInt(sum);
        for (Map.Entry<String, Integer> candidate : left.entrySet()) {
            point -= candidate.getValue();
            if (point < 0) {
                return candidate.getKey();
            }
        }
        return left.firstKey();
    }
}
