package dev.sallyport.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built jar as a process of its own, with an environment of its own, which can be killed and started again. */
final class RoleProcess implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Map<String, String> environment;
    private final List<String> options;
    private final Path log;
    private final int httpPort;
    private final int managementPort;
    private volatile Process process;

    /**
     * Starts it.
     *
     * @param log gets all that it prints, start after start
     * @param environment its whole environment but the ports, which are free ones
     * @param options for Java
     */
    RoleProcess(Path log, Map<String, String> environment, String... options) {
        this.log = log;
        this.options = List.of(options);
        this.httpPort = freePort();
        this.managementPort = freePort();
        this.environment = new HashMap<>(environment);
        this.environment.put("SALLYPORT_HTTP_PORT", Integer.toString(httpPort));
        this.environment.put("SALLYPORT_MANAGEMENT_PORT", Integer.toString(managementPort));
        this.process = launch("up");
    }

    private Process launch(String... arguments) {
        return JarProcess.start(JarProcess.builder(environment, options, arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    /** Runs one of the operators' commands with the same configuration; returns its exit code. */
    int command(String... arguments) throws InterruptedException {
        Process command = launch(arguments);
        if (!command.waitFor(60, TimeUnit.SECONDS)) {
            command.destroyForcibly();
            throw new AssertionError("still running: " + String.join(" ", arguments));
        }
        return command.exitValue();
    }

    void awaitReady(Duration atMost) throws InterruptedException {
        try {
            Await.until(atMost, this::isReady);
        } catch (AssertionError e) {
            throw new AssertionError("not ready: " + log(), e);
        }
    }

    boolean isReady() {
        return status("/health/ready") == 200;
    }

    /** What the management port answers; empty while nothing does. */
    String management(String path) {
        try {
            return HTTP.send(request(path), BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            return "";
        }
    }

    private int status(String path) {
        try {
            return HTTP.send(request(path), BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException e) {
            return 0;
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    /** As a supervisor does; true if it had ended. */
    boolean startAgainIfEnded() {
        boolean ended = !process.isAlive();
        if (ended) {
            process = launch("up");
        }
        return ended;
    }

    /** SIGKILL, and then from the beginning. */
    void killAndStartAgain() {
        process.destroyForcibly().onExit().join();
        process = launch("up");
    }

    /** SIGTERM; returns when it has ended. */
    void stop() {
        process.destroy();
        process.onExit().join();
    }

    String url() {
        return "http://localhost:" + httpPort;
    }

    /** All that it has printed. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
