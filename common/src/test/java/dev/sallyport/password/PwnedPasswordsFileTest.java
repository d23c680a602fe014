package dev.sallyport.password;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PwnedPasswordsFileTest {

    @TempDir
    Path folder;

    @Test
    void findsEveryEntryFromTheFirstToTheLastAndNothingElse() throws IOException {
        List<String> passwords = passwords(2_000);
        var file = PwnedPasswordsFile.open(write(sortedLines(passwords), "\n", true));
        for (String password : passwords) {
            assertTrue(file.contains(Password.typed(password)), password);
        }
        for (int i = 0; i < 2_000; i++) {
            assertFalse(file.contains(Password.typed("absent " + i)));
        }
    }

    @Test
    void takesWindowsLineEndsAndNoLineEndAtTheEnd() throws IOException {
        for (int entries : new int[] {1, 2, 3, 50}) {
            List<String> passwords = passwords(entries);
            var file = PwnedPasswordsFile.open(write(sortedLines(passwords), "\r\n", false));
            assertTrue(passwords.stream().map(Password::typed).allMatch(file::contains));
            assertFalse(file.contains(Password.typed("absent")));
        }
    }

    @Test
    void takesHashesInLowerCaseAndCountsOfAnyLength() throws IOException {
        String line = sha1("leaked").toLowerCase(Locale.ROOT) + ":9223372036854775807";
        assertTrue(PwnedPasswordsFile.open(write(List.of(line), "\n", true)).contains(Password.typed("leaked")));
    }

    @Test
    void alsoLooksForTheFoldedForm() throws IOException {
        var file = PwnedPasswordsFile.open(write(sortedLines(List.of("leaked", "zürich")), "\n", true));
        assertTrue(file.contains(Password.typed("LeaKed")));
        assertTrue(file.contains(Password.typed("Zu\u0308rich")));
    }

    @Test
    void seesANewEditionThatWasMovedIntoPlace() throws IOException {
        Path path = write(sortedLines(List.of("old")), "\n", true);
        var file = PwnedPasswordsFile.open(path);
        Files.move(
                write(sortedLines(List.of("new", "old")), "\n", true, "edition"),
                path,
                StandardCopyOption.REPLACE_EXISTING);
        assertTrue(file.contains(Password.typed("new")));
    }

    @Test
    void anInterruptedThreadDoesNotCloseTheFileForTheNext() throws Exception {
        var file = PwnedPasswordsFile.open(write(sortedLines(passwords(100)), "\n", true));
        var interrupted = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            assertThrows(UncheckedIOException.class, () -> file.contains(Password.typed("leaked 7")));
        });
        interrupted.join();
        assertTrue(file.contains(Password.typed("leaked 7")));
    }

    @Test
    void aFileThatIsGoneIsAFailureAndNeverMeansNotBreached() throws IOException {
        Path path = write(sortedLines(passwords(10)), "\n", true);
        var file = PwnedPasswordsFile.open(path);
        Files.delete(path);
        assertThrows(UncheckedIOException.class, () -> file.contains(Password.typed("leaked 1")));
    }

    @Test
    void aMissingFileAFolderAndAnEmptyFileAreRefused() throws IOException {
        refused("can read", folder.resolve("none"));
        refused("can read", folder);
        refused("empty", write(List.of(), "", false));
    }

    @Test
    void otherFormatsAreRefused() throws IOException {
        refused("SHA1HEX:COUNT", write(List.of("password", "letmein"), "\n", true));
        refused("SHA1HEX:COUNT", write(List.of("<html>" + "x".repeat(500)), "\n", true));
        refused("SHA1HEX:COUNT", write(List.of(sha1("no count")), "\n", true));
        refused("NTLM", write(List.of("0".repeat(32) + ":12"), "\n", true));
    }

    @Test
    void anotherFormatFurtherDownIsRefused() throws IOException {
        List<String> lines = sortedLines(passwords(500));
        IntStream.range(300, 400).forEach(i -> lines.set(i, "what is this doing here"));
        refused("SHA1HEX:COUNT", write(lines, "\n", true));
    }

    @Test
    void aFileOrderedByCountIsRefused() throws IOException {
        List<String> lines = sortedLines(passwords(500));
        Collections.shuffle(lines, new Random(1));
        refused("not ordered", write(lines, "\n", true));
        List<String> two = sortedLines(passwords(2));
        Collections.reverse(two);
        refused("not ordered", write(two, "\n", true));
    }

    private static void refused(String why, Path path) {
        String message = assertThrows(UnusablePwnedPasswordsFile.class, () -> PwnedPasswordsFile.open(path))
                .getMessage();
        assertTrue(message.contains(why) && message.contains(path.toString()), message);
    }

    private static List<String> passwords(int count) {
        return IntStream.range(0, count).mapToObj(i -> "leaked " + i).toList();
    }

    /** Counts of different lengths, so that the lines have different lengths. */
    private static List<String> sortedLines(List<String> passwords) {
        List<String> lines = new ArrayList<>(passwords.stream()
                .map(password -> sha1(password) + ":" + (1L << (Math.abs(password.hashCode()) % 40)))
                .sorted()
                .toList());
        assertEquals(passwords.size(), lines.size());
        return lines;
    }

    private Path write(List<String> lines, String end, boolean endAtTheEnd) throws IOException {
        return write(lines, end, endAtTheEnd, "pwned.txt");
    }

    private Path write(List<String> lines, String end, boolean endAtTheEnd, String name) throws IOException {
        return Files.writeString(folder.resolve(name), String.join(end, lines) + (endAtTheEnd ? end : ""));
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
