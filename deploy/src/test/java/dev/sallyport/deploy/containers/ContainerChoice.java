package dev.sallyport.deploy.containers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Whether tests on containers run, are skipped, or must not be skipped. */
final class ContainerChoice {

    /** Set to {@value #REQUIRED} where skipping would go unnoticed, as on a build server that has Docker. */
    static final String SETTING = "SALLYPORT_TEST_CONTAINERS";

    static final String REQUIRED = "required";

    private ContainerChoice() {}

    /**
     * Why these tests are skipped; empty if they run.
     *
     * @param exists asked about sockets and files, before anything that takes time
     * @param start starts the containers where an engine may be there, and says what went wrong
     * @throws IllegalStateException with the reason, if they must not be skipped
     */
    static Optional<String> reasonToSkip(
            Map<String, String> environment, Predicate<Path> exists, Supplier<Optional<String>> start) {
        Optional<String> reason = mayHaveEngine(environment, exists)
                ? start.get()
                : Optional.of("there is no Docker engine here (no DOCKER_HOST and no /var/run/docker.sock)");
        if (reason.isPresent() && REQUIRED.equals(environment.get(SETTING))) {
            throw new IllegalStateException(SETTING + '=' + REQUIRED + ", but " + reason.get());
        }
        return reason;
    }

    private static boolean mayHaveEngine(Map<String, String> environment, Predicate<Path> exists) {
        Path home = Path.of(environment.getOrDefault("HOME", "/"));
        List<Path> places = List.of(
                Path.of("/var/run/docker.sock"),
                home.resolve(".docker/run/docker.sock"),
                home.resolve(".docker/desktop/docker.sock"),
                home.resolve(".testcontainers.properties"));
        Stream<Path> rootless = Stream.ofNullable(environment.get("XDG_RUNTIME_DIR"))
                .map(folder -> Path.of(folder).resolve("docker.sock"));
        return environment.containsKey("DOCKER_HOST")
                || Stream.concat(places.stream(), rootless).anyMatch(exists);
    }
}
