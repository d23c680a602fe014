package dev.sallyport.dispatch.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutesTest {

    private static final Set<String> INSTANCES = Set.of("main", "backup", "local");

    @Test
    void withoutRoutesAllShareAlike() {
        Routes routes = new Routes(INSTANCES, Map.of());

        assertEquals(Map.of("main", 1, "backup", 1, "local", 1), routes.of("US"));
    }

    @Test
    void aRegionHasItsOwnRouteAndTheOthersTheDefault() {
        Routes routes = new Routes(
                INSTANCES,
                Map.of("CA", Map.of("local", 90, "main", 10), Routes.DEFAULT, Map.of("main", 1, "backup", 0)));

        assertEquals(Map.of("local", 90, "main", 10), routes.of("CA"));
        assertEquals(Map.of("main", 1, "backup", 0), routes.of("US"));
    }

    @Test
    void aRouteForOneRegionLeavesTheOthersAlike() {
        Routes routes = new Routes(INSTANCES, Map.of("CA", Map.of("local", 1)));

        assertEquals(3, routes.of("US").size());
    }

    @Test
    void aRouteIsReplacedInACopy() {
        Routes before = new Routes(INSTANCES, Map.of("CA", Map.of("local", 1)));
        Routes after = before.with("CA", Map.of("main", 1)).with(Routes.DEFAULT, Map.of("backup", 1));

        assertEquals(Map.of("local", 1), before.of("CA"));
        assertEquals(Map.of("main", 1), after.of("CA"));
        assertEquals(Map.of("backup", 1), after.of("US"));
    }

    @Test
    void laterChangesOfWhatWasGivenChangeNothing() {
        Map<String, Integer> route = new HashMap<>(Map.of("main", 1));
        Routes routes = new Routes(INSTANCES, Map.of("CA", route));
        route.put("stranger", 5);

        assertEquals(Map.of("main", 1), routes.of("CA"));
        assertThrows(UnsupportedOperationException.class, () -> routes.of("CA").put("local", 1));
        assertThrows(UnsupportedOperationException.class, () -> routes.of("US").put("local", 1));
    }

    @Test
    void aRouteThatCannotBeFollowedIsRefused() {
        assertRefused("names stranger, which is no SMS provider; there are backup, local, main", Map.of("stranger", 1));
        assertRefused("gives nobody a weight above 0", Map.of("main", 0));
        assertRefused("gives nobody a weight above 0", Map.of());
        assertRefused("gives main the weight -1", Map.of("main", -1, "backup", 1));
        assertRefused("gives main the weight 1001", Map.of("main", 1001));
    }

    private static void assertRefused(String words, Map<String, Integer> route) {
        Routes routes = new Routes(INSTANCES, Map.of());
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> routes.with("CA", route));
        assertTrue(String.valueOf(refusal.getMessage()).contains("The route for CA " + words), refusal.getMessage());
    }
}
