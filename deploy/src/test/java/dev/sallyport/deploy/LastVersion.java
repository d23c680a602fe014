package dev.sallyport.deploy;

import dev.sallyport.deploy.cluster.ProductJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The version before this one, built from its sources in the history. Which one that is stands in
 * {@code deploy/last-version}: a commit or a tag, brought up to date with each release.
 */
final class LastVersion {

    private static final Path NAME = Path.of("last-version");
    private static final Path PLACE = Path.of("target", "last-version").toAbsolutePath();
    private static final long BUILD_LIMIT_MINUTES = 10;

    private LastVersion() {}

    /** Its jar, built once; empty, and said aloud, where the history does not reach back so far. */
    static Optional<ProductJar> jar() {
        try {
            String name = Files.readString(NAME).strip();
            Path sources = PLACE.resolve(name);
            Path jar = sources.resolve(Path.of("deploy", "target", "sallyport.jar"));
            if (Files.notExists(jar)) {
                if (!isKnown(name)) {
                    System.out.println("SKIPPED: the version before this one (" + name + ") is not in the history here;"
                            + " fetch all of it (git fetch --unshallow) to see whether both work side by side.");
                    return Optional.empty();
                }
                unpack(name, sources);
                build(sources);
            }
            return Optional.of(ProductJar.at(
                    jar, "@" + sources.resolve(Path.of("deploy", "java.options")), "-XX:TieredStopAtLevel=1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isKnown(String name) throws IOException, InterruptedException {
        return run(Path.of(""), "git", "rev-parse", "--quiet", "--verify", name + "^{commit}") == 0;
    }

    private static void unpack(String name, Path sources) throws IOException, InterruptedException {
        Files.createDirectories(sources);
        Path archive = PLACE.resolve(name + ".tar");
        // From the top: inside a folder git archives that folder alone.
        require(run(Path.of(".."), "git", "archive", "--output", archive.toString(), name), "git archive");
        require(run(sources, "tar", "--extract", "--file", archive.toString()), "tar");
        Files.delete(archive);
    }

    private static void build(Path sources) throws IOException, InterruptedException {
        require(
                run(
                        sources,
                        "mvn",
                        "--batch-mode",
                        "--no-transfer-progress",
                        "--quiet",
                        "-DskipTests",
                        "--projects",
                        "deploy",
                        "--also-make",
                        "package"),
                "the build of the last version");
    }

    private static void require(int exitCode, String what) {
        if (exitCode != 0) {
            throw new AssertionError(what + " ended with exit code " + exitCode + "; see target/last-version/out.txt");
        }
    }

    private static int run(Path folder, String... command) throws IOException, InterruptedException {
        Files.createDirectories(PLACE);
        Process process = new ProcessBuilder(List.of(command))
                .directory(folder.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        PLACE.resolve("out.txt").toFile()))
                .start();
        if (!process.waitFor(BUILD_LIMIT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(command[0] + " still runs after " + BUILD_LIMIT_MINUTES + " minutes");
        }
        return process.exitValue();
    }
}
