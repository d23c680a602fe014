package dev.sallyport.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An operator's command as a process: the built jar, with an environment of its own and nothing of the test's. */
record SallyportCommand(int exitCode, String out, String err) {

    private static final Path JAR = Path.of("target", "sallyport.jar").toAbsolutePath();
    private static final long LIMIT_SECONDS = 120;

    /** Runs it to its end with so little memory that whoever gathers a whole file fails. */
    static SallyportCommand run(Map<String, String> environment, String... arguments) {
        try {
            Path out = Files.createTempFile("command", ".out");
            Path err = Files.createTempFile("command", ".err");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx64m",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-jar",
                    JAR.toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("still running: " + Files.readString(out) + Files.readString(err));
                }
                return new SallyportCommand(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
