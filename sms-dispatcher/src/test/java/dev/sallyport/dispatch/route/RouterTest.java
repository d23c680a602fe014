package dev.sallyport.dispatch.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final Set<String> INSTANCES = Set.of("a", "b", "c", "d");
    private static final Predicate<String> ALL = name -> true;
    private static final int MESSAGES = 10_000;

    private final Router router = router(Map.of("CA", Map.of("a", 60, "b", 30, "c", 10, "d", 0)));

    @Test
    void theFirstIsDrawnByWeight() {
        assertShares(Map.of("a", 0.6, "b", 0.3, "c", 0.1), Set.of(), ALL);
    }

    @Test
    void everybodyOfTheRouteFollowsOnceAndWeightlessOnesLast() {
        for (int i = 0; i < 100; i++) {
            List<String> order = router.order("CA", Set.of(), ALL);

            assertEquals(INSTANCES, Set.copyOf(order));
            assertEquals(4, order.size());
            assertEquals("d", order.getLast());
        }
    }

    @Test
    void theNextIsDrawnByWeightToo() {
        Map<String, Integer> seconds = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            List<String> order = router.order("CA", Set.of(), ALL);
            if (order.getFirst().equals("a")) {
                seconds.merge(order.get(1), 1, Integer::sum);
            }
        }
        assertEquals(Set.of("b", "c"), seconds.keySet());
        assertNear(0.75, seconds.get("b") / (double) (seconds.get("b") + seconds.get("c")));
    }

    @Test
    void whoTakesNothingNowLeavesItsShareToTheOthersByWeight() {
        assertShares(Map.of("b", 0.75, "c", 0.25), Set.of(), name -> !name.equals("a"));
    }

    @Test
    void whoWasTriedIsNotTriedAgain() {
        assertShares(Map.of("a", 6 / 7.0, "c", 1 / 7.0), Set.of("b"), ALL);
        assertEquals(List.of("d"), router.order("CA", Set.of("a", "b", "c"), ALL));
    }

    @Test
    void aWeightlessOneSendsOnlyWhenNoOtherCan() {
        assertEquals(List.of("d"), router.order("CA", Set.of("a"), Set.of("d")::contains));
    }

    @Test
    void severalWeightlessOnesFollowByName() {
        Router spare = router(Map.of("CA", Map.of("d", 1, "c", 0, "b", 0, "a", 0)));

        assertEquals(List.of("d", "a", "b", "c"), spare.order("CA", Set.of(), ALL));
        assertEquals(List.of("a", "b", "c"), spare.order("CA", Set.of("d"), ALL));
    }

    @Test
    void whenNobodyIsLeftTheOrderIsEmpty() {
        assertEquals(List.of(), router.order("CA", INSTANCES, ALL));
        assertEquals(List.of(), router.order("CA", Set.of(), name -> false));
    }

    @Test
    void aRegionWithoutARouteIsSharedAlike() {
        List<String> firsts = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            firsts.add(router.order("US", Set.of(), ALL).getFirst());
        }
        for (String name : INSTANCES) {
            assertNear(0.25, firsts.stream().filter(name::equals).count() / (double) MESSAGES);
        }
    }

    @Test
    void theSameChanceDrawsTheSameOrder() {
        Router same = router(Map.of("CA", Map.of("a", 60, "b", 30, "c", 10, "d", 0)));
        List<List<String>> orders = orders(router);

        assertEquals(orders, orders(same));
        assertNotEquals(1, Set.copyOf(orders).size());
    }

    @Test
    void changedRoutesHoldFromTheNextMessageOn() {
        router.follow(router.routes().with("CA", Map.of("c", 1)));

        assertEquals(List.of("c"), router.order("CA", Set.of(), ALL));
    }

    private static Router router(Map<String, Map<String, Integer>> weights) {
        RandomGenerator seeded = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        return new Router(new Routes(INSTANCES, weights), seeded);
    }

    private static List<List<String>> orders(Router router) {
        List<List<String>> orders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            orders.add(router.order("CA", Set.of(), ALL));
        }
        return orders;
    }

    private void assertShares(Map<String, Double> shares, Set<String> tried, Predicate<String> admitted) {
        Map<String, Integer> firsts = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            firsts.merge(router.order("CA", tried, admitted).getFirst(), 1, Integer::sum);
        }
        assertEquals(shares.keySet(), firsts.keySet());
        shares.forEach((name, share) -> assertNear(share, firsts.getOrDefault(name, 0) / (double) MESSAGES));
    }

    private static void assertNear(double expected, double share) {
        assertTrue(Math.abs(expected - share) < 0.02, "expected about " + expected + ", was " + share);
    }
}
