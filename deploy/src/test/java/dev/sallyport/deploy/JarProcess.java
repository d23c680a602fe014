package dev.sallyport.deploy;

import dev.sallyport.deploy.cluster.Children;
import dev.sallyport.deploy.cluster.ProductJar;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of the built jar as a process, with an environment of its own and nothing of the test's. */
final class JarProcess implements AutoCloseable {

    /** As Maven has built it, run by the Java of this test. */
    static final ProductJar JAR = ProductJar.at(
            Path.of("target", "sallyport.jar").toAbsolutePath(),
            "@" + Path.of("java.options").toAbsolutePath());

    private static final long LIMIT_SECONDS = 60;

    private final Process process;
    private final Path folder;

    private JarProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /** A command that has ended. */
    record Ended(int exitCode, String out, String err) {}

    /**
     * Starts it.
     *
     * @param folder its working folder, where its output goes too
     */
    static JarProcess start(Path folder, Map<String, String> environment, String... arguments) {
        return start(JAR, folder, environment, arguments);
    }

    /** Starts it with options for Java of its own. */
    static JarProcess start(ProductJar jar, Path folder, Map<String, String> environment, String... arguments) {
        ProcessBuilder builder = jar.process(environment, List.of(arguments))
                .directory(folder.toFile())
                .redirectOutput(file(folder, "out"))
                .redirectError(file(folder, "err"));
        return new JarProcess(Children.start(builder), folder);
    }

    /** Runs a command to its end. */
    static Ended run(Path folder, Map<String, String> environment, String... arguments) throws InterruptedException {
        try (JarProcess process = start(folder, environment, arguments)) {
            return process.awaitEnd();
        }
    }

    Ended awaitEnd() throws InterruptedException {
        return awaitEnd(LIMIT_SECONDS);
    }

    Ended awaitEnd(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + seconds + " s: " + read("err"));
        }
        return new Ended(process.exitValue(), read("out"), read("err"));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, as Ctrl-C does. */
    void terminate() {
        process.destroy();
    }

    /** The processes that it has started and that live. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** What it has printed so far. */
    String out() {
        return read("out");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private String read(String name) {
        try {
            return Files.readString(file(folder, name).toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static File file(Path folder, String name) {
        return folder.resolve(name + ".txt").toFile();
    }
}
