package dev.sallyport.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built jar as a process, started as {@code ./sallyport} starts it, with what the operating system says of it. */
final class Node implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;
    private final int httpPort;
    private final Duration startToReady;

    private Node(Process process, Path log, int httpPort, Duration startToReady) {
        this.process = process;
        this.log = log;
        this.httpPort = httpPort;
        this.startToReady = startToReady;
    }

    /**
     * Starts a process and returns once its health says that it is ready.
     *
     * @param jar {@code sallyport.jar}, beside {@code lib}
     * @param javaOptions what java is told before {@code -jar}
     * @param folder for its output
     */
    static Node start(Path jar, List<String> javaOptions, Path folder, Map<String, String> settings)
            throws IOException, InterruptedException {
        int httpPort = freePort();
        int managementPort = freePort();
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("SALLYPORT_HTTP_PORT", Integer.toString(httpPort));
        environment.put("SALLYPORT_MANAGEMENT_PORT", Integer.toString(managementPort));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-jar", jar.toString(), "up"));
        Path log = folder.resolve("node-" + managementPort + ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        Process process = builder.start();
        awaitReady(process, managementPort, log);
        return new Node(process, log, httpPort, Duration.ofNanos(System.nanoTime() - begin));
    }

    private static void awaitReady(Process process, int port, Path log) throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                if (HTTP.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IllegalStateException("It did not get ready: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    Duration startToReady() {
        return startToReady;
    }

    /** Where its pages are. */
    String url() {
        return "http://localhost:" + httpPort;
    }

    /** Resident memory now, in MiB. */
    long residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IllegalStateException("no VmRSS; this needs Linux");
    }

    /** CPU time that it has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Asks it to stop and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
