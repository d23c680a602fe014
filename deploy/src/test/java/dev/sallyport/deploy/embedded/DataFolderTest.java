package dev.sallyport.deploy.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path temporary;

    @Test
    void aNewFolderIsItsOwnersAlone() throws IOException {
        Path folder = temporary.resolve("new/data");

        DataFolder.open(folder).close();

        assertEquals("rwx------", permissions(folder));
        assertEquals("rwx------", permissions(folder.getParent()));
    }

    @Test
    void anExistingFolderKeepsItsMode() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("data"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));

        DataFolder.open(folder).close();

        assertEquals("rwxr-x---", permissions(folder));
    }

    @Test
    void aFolderThatEveryoneCanWriteIsRefused() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("data"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        EmbeddedFailure failure = assertThrows(EmbeddedFailure.FolderUnusable.class, () -> DataFolder.open(folder));

        assertEquals(
                "Can't keep data in " + folder + " (everyone can write there): make it a folder that this user can"
                        + " write, or set SALLYPORT_DATA_DIR to another one.",
                failure.getMessage());
    }

    @Test
    void aHeldFolderIsRefusedUntilItIsGivenUp() {
        Path folder = temporary.resolve("data");
        DataFolder held = DataFolder.open(folder);
        assertThrows(EmbeddedFailure.FolderInUse.class, () -> DataFolder.open(folder));

        held.close();
        held.close();

        DataFolder.open(folder).close();
    }

    @Test
    void aFolderHeldByAnotherProcessIsRefusedUntilThatIsKilled() throws Exception {
        Path folder = temporary.resolve("data");
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals("held", holder.inputReader().readLine());
            assertThrows(EmbeddedFailure.FolderInUse.class, () -> DataFolder.open(folder));
        } finally {
            holder.destroyForcibly().waitFor();
        }

        DataFolder.open(folder).close();
    }

    @Test
    void theReasonIsInWordsWhereTheSystemGivesOnlyAPath() {
        assertEquals("permission denied", DataFolder.reason(new AccessDeniedException("/var/data/sallyport.lock")));
        assertEquals("No space left on device", DataFolder.reason(new IOException("No space left on device")));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Another process: holds the folder until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            DataFolder folder = DataFolder.open(Path.of(arguments[0]));
            System.out.println("held");
            System.in.read();
            folder.close();
        }
    }
}
