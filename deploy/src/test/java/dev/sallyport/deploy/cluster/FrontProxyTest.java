package dev.sallyport.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A cluster of processes has the proxy that containers have. */
class FrontProxyTest {

    private final List<String> shipped = Files.readAllLines(Path.of("docker", "haproxy.cfg"));
    private final List<String> ours = FrontProxy.template().lines().toList();

    FrontProxyTest() throws IOException {}

    private static List<String> lines(List<String> file, Predicate<String> wanted) {
        return file.stream().map(String::strip).filter(wanted).toList();
    }

    @Test
    void theSamePathsGoToEnrollment() {
        List<String> table = lines(shipped, line -> line.startsWith("acl enrollment "));
        assertEquals(1, table.size());
        assertEquals(table, lines(ours, line -> line.startsWith("acl enrollment ")));
    }

    @Test
    void itWaitsTriesAgainAndHidesWhatClientsClaimInTheSameWay() {
        Predicate<String> behaviour =
                line -> line.matches("(timeout|retries|retry-on|option|http-request|maxconn|mode) .*");
        assertTrue(lines(shipped, behaviour).size() > 10);
        assertEquals(new TreeSet<>(lines(shipped, behaviour)), new TreeSet<>(lines(ours, behaviour)));
    }

    @Test
    void itLooksAtNodesAsOften() {
        String how = "inter 1s fall 2 rise 1";
        assertEquals(1, lines(shipped, line -> line.contains(how)).size());
        assertEquals(1, lines(ours, line -> line.contains(how)).size());
    }
}
