package dev.sallyport.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One process of a bench. Its log is {@code deploy/bench/target/logs/NAME.log}. */
final class Part implements AutoCloseable {

    private static final Path LOGS = Path.of("deploy", "bench", "target", "logs");
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    private Part(String name, Process process) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /** A class of the bench's own class path, once it has printed {@code ready}. */
    static Part java(String name, String mainClass, String... arguments) {
        return java(name, Map.of(), mainClass, arguments);
    }

    /** The same with settings in its environment. */
    static Part java(String name, Map<String, String> environment, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(arguments));
        Part part = new Part(name, start(name, command, environment, false));
        if (!"ready".equals(part.answer())) {
            throw new IllegalStateException(name + " did not start; its log is in " + LOGS);
        }
        return part;
    }

    /** The product as people start it, once it says that it is ready. */
    static Part product(String name, Map<String, String> environment) {
        Part part = new Part(name, start(name, List.of("./sallyport", "up"), environment, true));
        part.awaitReady(Objects.requireNonNull(environment.get("SALLYPORT_MANAGEMENT_PORT")));
        return part;
    }

    private static Process start(
            String name, List<String> command, Map<String, String> environment, boolean outputToLog) {
        try {
            Files.createDirectories(LOGS);
            Path log = LOGS.resolve(name + ".log");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
            if (outputToLog) {
                builder.redirectErrorStream(true).redirectOutput(log.toFile());
            }
            builder.environment().putAll(environment);
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill-" + name));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be started", e);
        }
    }

    private void awaitReady(String managementPort) {
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/health/ready"))
                .build();
        long end = System.nanoTime() + LONGEST_START.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!answers(client, ready)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(name + " did not become ready; its log is in " + LOGS);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean answers(HttpClient client, HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends a line and returns the line that comes back. */
    String ask(String order) {
        try {
            orders.write(order + '\n');
            orders.flush();
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " has gone", e);
        }
    }

    private String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException(name + " ended; its log is in " + LOGS);
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processor time since the start, user and system, in nanoseconds; the kernel counts it in steps of 10 ms. */
    long cpu() {
        return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    /** Processor time of Java's own compilers since the start, in nanoseconds, in steps of 10 ms. */
    long compilersCpu() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
            // A thread that ends meanwhile has no file any more.
            return threads.map(thread ->
                                    Machine.readIfThere(thread.resolve("stat").toString()))
                            .filter(stat -> stat.contains("(C1 Compiler") || stat.contains("(C2 Compiler"))
                            .mapToLong(Machine::ticks)
                            .sum()
                    * Machine.TICK_NANOS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resident memory in MB, as the kernel counts it. */
    long residentMegabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command prints. */
    static String output(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .collect(Collectors.joining("\n"));
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command.getFirst() + " failed: " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(command.getFirst() + " can't be started; ./sallyport bench installs it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
