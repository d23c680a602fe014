package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sallyport.deploy.cluster.ProductJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start that {@code ./sallyport build} and the image record: it is used while it fits, and never in the way. */
class RecordedStartIT {

    private static final List<String> OUTPUT = List.of("Sallyport 0.1.0");

    @TempDir
    Path folder;

    @Test
    @Tag("long")
    void aRecordedStartIsUsedUntilTheJarChanges() throws Exception {
        Path jar = copyOfTheJar();
        Path archive = folder.resolve("sallyport.jsa");
        Process recording = new ProcessBuilder(
                        Path.of("record-start").toAbsolutePath().toString(),
                        JarProcess.JAR.java().toString(),
                        jar.toString(),
                        archive.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("recording.txt").toFile())
                .start();
        assertEquals(0, recording.waitFor(), () -> read("recording.txt"));
        // Java insists on the archive when it is told so; as people start it, it makes up its own mind.
        assertEquals(0, version(jar, archive, "-Xshare:on"));
        assertEquals(0, version(jar, archive));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertNotEquals(0, version(jar, archive, "-Xshare:on"));
        assertEquals(0, version(jar, archive));
        assertEquals(OUTPUT, read("version.txt").lines().toList());
    }

    @Test
    void aMissingOrBrokenArchiveIsPassedOverWithoutAWord() throws Exception {
        Path jar = copyOfTheJar();
        Path broken = Files.writeString(folder.resolve("broken.jsa"), "not an archive");
        for (Path archive : List.of(broken, folder.resolve("missing.jsa"))) {
            assertEquals(0, version(jar, archive));
            assertEquals(OUTPUT, read("version.txt").lines().toList());
        }
    }

    /** Runs {@code --version} with everything that it writes in {@code version.txt}. */
    private int version(Path jar, Path archive, String... more) throws IOException, InterruptedException {
        return new ProductJar(JarProcess.JAR.java(), JarProcess.JAR.options(), jar)
                .with("-XX:SharedArchiveFile=" + archive)
                .with(more)
                .process(Map.of(), List.of("--version"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("version.txt").toFile())
                .start()
                .waitFor();
    }

    private Path copyOfTheJar() throws IOException {
        Files.createSymbolicLink(folder.resolve("lib"), JarProcess.JAR.jar().resolveSibling("lib"));
        return Files.copy(JarProcess.JAR.jar(), folder.resolve("sallyport.jar"));
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
