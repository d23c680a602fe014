package dev.sallyport.deploy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built jar as an operating system's process, with an environment of its own and nothing of the test's. */
final class JarProcess implements AutoCloseable {

    static final Path JAR = Path.of("target", "sallyport.jar").toAbsolutePath();
    static final Path OPTIONS = Path.of("java.options").toAbsolutePath();
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
        ProcessBuilder builder = builder(environment, List.of(), arguments)
                .directory(folder.toFile())
                .redirectOutput(file(folder, "out"))
                .redirectError(file(folder, "err"));
        return new JarProcess(start(builder), folder);
    }

    /** The command line of the built jar, with this environment alone. */
    static ProcessBuilder builder(Map<String, String> environment, List<String> javaOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.add("@" + OPTIONS);
        command.addAll(javaOptions);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    /** Starts a process that does not outlive this one, also where a test is broken off before it can close anything. */
    static Process start(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill-" + process.pid()));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Java of this test. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Runs a command to its end. */
    static Ended run(Path folder, Map<String, String> environment, String... arguments) throws InterruptedException {
        try (JarProcess process = start(folder, environment, arguments)) {
            return process.awaitEnd();
        }
    }

    Ended awaitEnd() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + read("err"));
        }
        return new Ended(process.exitValue(), read("out"), read("err"));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** What it has logged so far. */
    String log() {
        return read("err");
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
