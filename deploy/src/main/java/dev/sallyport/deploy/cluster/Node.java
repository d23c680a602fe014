package dev.sallyport.deploy.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of the jar with a name, a folder and an environment of its own. Whatever happens to processes can be done to
 * it, and it can be started again as it was. It does not outlive this JVM, and its folder names it in {@code pid}.
 *
 * <p>Needs a system with {@code sh} and, for {@link #pause} and {@link #residentBytes}, Linux's {@code /proc}.
 */
public abstract sealed class Node implements AutoCloseable permits RoleNode, ServerNode {

    /** Longer than any role takes that was asked to stop. */
    static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private static final Duration PAUSE_LIMIT = Duration.ofSeconds(5);
    private static final int LAST_LINES = 20;

    private final String name;
    private final Path folder;
    private final ProductJar jar;
    private final Map<String, String> environment;
    private final List<String> arguments;
    private final PidFile pidFile;
    private volatile @Nullable Run run;

    /** One start, and how much earlier ones had printed. */
    private record Run(Process process, long out, long err) {}

    Node(String name, Path folder, ProductJar jar, Map<String, String> environment, List<String> arguments) {
        this.name = name;
        this.folder = folder;
        this.jar = jar;
        this.environment = Map.copyOf(environment);
        this.arguments = List.copyOf(arguments);
        this.pidFile = new PidFile(folder.resolve("pid"));
    }

    /** True if it would work now; asks the process itself, for ten seconds at most. */
    public abstract boolean isReady();

    /** Such as {@code sms-dispatcher-2}. */
    public final String name() {
        return name;
    }

    /** Its whole environment. */
    public final Map<String, String> environment() {
        return environment;
    }

    /**
     * Starts it, and does not wait until it is ready.
     *
     * @throws ClusterFailed if it runs already, also as another JVM's process
     */
    public final synchronized void start() {
        pidFile.running().ifPresent(process -> {
            throw new ClusterFailed(
                    "%s runs already, as process %d: stop that one first.".formatted(name, process.pid()), null);
        });
        try {
            Files.createDirectories(folder);
            ProcessBuilder builder = jar.process(environment, arguments)
                    .directory(folder.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(outFile().toFile()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
            long out = size(outFile());
            long err = size(logFile());
            Process process = Children.start(builder);
            run = new Run(process, out, err);
            pidFile.write(process.toHandle());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until it is ready.
     *
     * @throws ClusterFailed with the end of its log, if it ends before, or is not ready in time
     */
    public final void awaitReady(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!isReady()) {
            if (!isAlive()) {
                throw failed("ended with exit code " + run().process.exitValue() + " before it was ready");
            }
            if (System.nanoTime() > end) {
                throw failed("was not ready after " + atMost.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private ClusterFailed failed(String what) {
        List<String> lines = log().lines().toList();
        return new ClusterFailed(
                "%s %s; its log is %s and ends with:\n%s"
                        .formatted(
                                name,
                                what,
                                logFile(),
                                String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()))),
                null);
    }

    public final boolean isAlive() {
        Run last = run;
        return last != null && last.process.isAlive();
    }

    /** The number of the process that was started last. */
    public final long pid() {
        return run().process.pid();
    }

    /** SIGKILL; returns when it is gone. Does nothing to one that does not run. */
    public final synchronized void kill() {
        Run last = run;
        if (last != null) {
            last.process.destroyForcibly().onExit().join();
            pidFile.delete();
        }
    }

    /** SIGTERM, which one that is paused gets too; does not wait. */
    public final void terminate() {
        run().process.destroy();
        signal("CONT");
    }

    /**
     * Waits for its end.
     *
     * @return its exit code, 128 and the signal's number where a signal ended it
     * @throws ClusterFailed if it still runs then
     */
    public final int awaitEnd(Duration atMost) throws InterruptedException {
        if (!run().process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failed("still runs after " + atMost.toSeconds() + " s");
        }
        pidFile.delete();
        return run().process.exitValue();
    }

    /** SIGTERM; returns its exit code when it has ended. */
    public final int stop() throws InterruptedException {
        terminate();
        return awaitEnd(STOP_LIMIT);
    }

    /** SIGSTOP: it stays where it is, with its connections, until {@link #resume}. Returns when it stands. */
    public final void pause() throws InterruptedException {
        signal("STOP");
        long end = System.nanoTime() + PAUSE_LIMIT.toNanos();
        while (!Proc.isStopped(pid())) {
            if (System.nanoTime() > end) {
                throw failed("does not stand still");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** SIGCONT: it goes on and knows nothing of the time that has passed. */
    public final void resume() {
        signal("CONT");
    }

    /** SIGKILL if it runs, and then from the beginning; does not wait until it is ready. */
    public final synchronized void restart() {
        kill();
        start();
    }

    /** What it has printed on standard error, where logs go, since it was started last. */
    public final String log() {
        Run last = run;
        return last == null ? "" : read(logFile(), last.err);
    }

    /** What it has printed on standard output since it was started last. */
    public final String out() {
        Run last = run;
        return last == null ? "" : read(outFile(), last.out);
    }

    /** The log, start after start. */
    public final Path logFile() {
        return folder.resolve("err.txt");
    }

    /** Standard output, start after start. */
    public final Path outFile() {
        return folder.resolve("out.txt");
    }

    /** Resident memory as the kernel counts it. */
    public final long residentBytes() {
        return Proc.residentBytes(pid());
    }

    /** Processor time since the start, user and system, in steps of 10 ms. */
    public final Duration cpu() {
        return run().process
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException(name + " does not run"));
    }

    /** Kills it. */
    @Override
    public final void close() {
        kill();
    }

    /** Java sends no other signals than the two that end a process. */
    private void signal(String signal) {
        try {
            new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new ClusterFailed("A signal can't be sent, since sh can't be started: " + e.getMessage(), e);
        }
    }

    private Run run() {
        Run last = run;
        if (last == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return last;
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static String read(Path file, long from) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(from);
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
