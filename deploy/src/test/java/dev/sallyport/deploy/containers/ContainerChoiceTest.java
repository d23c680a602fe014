package dev.sallyport.deploy.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerChoiceTest {

    private static final Supplier<Optional<String>> WORKS = Optional::empty;

    private final Map<String, String> environment = new HashMap<>(Map.of("HOME", "/home/somebody"));
    private final AtomicInteger starts = new AtomicInteger();

    private Optional<String> reason(String there, Supplier<Optional<String>> start) {
        return ContainerChoice.reasonToSkip(environment, Path.of(there)::equals, () -> {
            starts.incrementAndGet();
            return start.get();
        });
    }

    @Test
    void withoutAnEngineNothingIsStarted() {
        assertTrue(reason("/nowhere", WORKS).orElseThrow().contains("no Docker engine"));
        assertEquals(0, starts.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/var/run/docker.sock",
                "/home/somebody/.docker/run/docker.sock",
                "/home/somebody/.docker/desktop/docker.sock",
                "/home/somebody/.testcontainers.properties",
                "/run/user/7/docker.sock",
            })
    void whereAnEngineMayBeTheContainersAreStarted(String there) {
        environment.put("XDG_RUNTIME_DIR", "/run/user/7");
        assertEquals(Optional.empty(), reason(there, WORKS));
        assertEquals(1, starts.get());
    }

    @Test
    void anEngineElsewhereCountsAsWell() {
        environment.put("DOCKER_HOST", "tcp://elsewhere:2376");
        assertEquals(Optional.empty(), reason("/nowhere", WORKS));
    }

    @Test
    void whatHindersTheStartIsTheReason() {
        assertEquals(
                Optional.of("the image can't be pulled"),
                reason("/var/run/docker.sock", () -> Optional.of("the image can't be pulled")));
    }

    @Test
    void whereTheyAreRequiredTheyAreNotSkipped() {
        environment.put(ContainerChoice.SETTING, ContainerChoice.REQUIRED);
        assertThrows(IllegalStateException.class, () -> reason("/nowhere", WORKS));
        assertThrows(IllegalStateException.class, () -> reason("/var/run/docker.sock", () -> Optional.of("no image")));
        assertEquals(Optional.empty(), reason("/var/run/docker.sock", WORKS));
    }
}
