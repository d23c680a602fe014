package dev.sallyport.password;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A list in the format of Have I Been Pwned, "SHA-1, ordered by hash": lines of {@code SHA1HEX:COUNT}, ascending. The
 * file may be tens of gigabytes; it is searched where it lies, by about 35 reads of 128 bytes, and never loaded. It is
 * opened anew for each search, so a new edition can be moved into its place while the platform runs, and an interrupted
 * thread can't close it for the others.
 *
 * <p>The password is looked up as its NFC form and as its folded form, since hashes themselves can't be folded.
 */
public final class PwnedPasswordsFile implements BreachedPasswords {

    private static final int LONGEST_LINE = 64;
    private static final int SAMPLES = 128;
    private static final Pattern LINE = Pattern.compile("([0-9A-Fa-f]{40}):[0-9]{1,19}\\r?(\\n|$)");
    private static final Pattern NTLM_LINE = Pattern.compile("[0-9A-Fa-f]{32}:[0-9]");

    private final Path path;

    private PwnedPasswordsFile(Path path) {
        this.path = path;
    }

    /**
     * Looks at a sample of lines from all over the file, so it may block for a second on a slow disk.
     *
     * @throws UnusablePwnedPasswordsFile when the file can't be read, has another format or is not in order
     */
    public static PwnedPasswordsFile open(Path path) {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new UnusablePwnedPasswordsFile(path, "is not a file that this process can read", null);
        }
        var file = new PwnedPasswordsFile(path);
        file.checkSample();
        return file;
    }

    @Override
    public boolean contains(Password password) {
        byte[] nfc = password.nfc();
        byte[] folded = password.folded().getBytes(StandardCharsets.UTF_8);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return contains(file, sha1(nfc)) || contains(file, sha1(folded));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Arrays.fill(nfc, (byte) 0);
            Arrays.fill(folded, (byte) 0);
        }
    }

    /** Both ends are always starts of lines (or the end of the file), and the hash, if there, lies between them. */
    private boolean contains(FileChannel file, String hash) throws IOException {
        long low = 0;
        long high = file.size();
        while (low < high) {
            Line line = lineAround(file, low + (high - low) / 2);
            int order = hash.compareTo(line.hash);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                high = line.start;
            } else {
                low = line.end;
            }
        }
        return false;
    }

    private void checkSample() {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long last = file.size() - 1;
            if (last < 0) {
                throw new UnusablePwnedPasswordsFile(path, "is empty", null);
            }
            Line before = lineAround(file, 0);
            for (int i = 1; i <= SAMPLES; i++) {
                Line line = lineAround(file, (long) ((double) last * i / SAMPLES));
                if (line.start > before.start && line.hash.compareTo(before.hash) <= 0) {
                    throw new UnusablePwnedPasswordsFile(
                            path, "is not ordered by hash (see the line at byte " + line.start + ")", null);
                }
                before = line;
            }
        } catch (IOException e) {
            throw new UnusablePwnedPasswordsFile(path, "could not be read", e);
        }
    }

    private record Line(long start, long end, String hash) {}

    private Line lineAround(FileChannel file, long position) throws IOException {
        long from = Math.max(0, position - LONGEST_LINE);
        String window = read(file, from, 2 * LONGEST_LINE);
        int within = (int) (position - from);
        int start = window.lastIndexOf('\n', within - 1) + 1;
        Matcher line = LINE.matcher(window).region(start, window.length());
        if (!line.lookingAt() || line.end() <= within) {
            throw new UnusablePwnedPasswordsFile(path, wrongFormat(window.substring(start), from + start), null);
        }
        return new Line(from + start, from + line.end(), line.group(1).toUpperCase(Locale.ROOT));
    }

    private static String wrongFormat(String text, long position) {
        return NTLM_LINE.matcher(text).lookingAt()
                ? "holds NTLM hashes; get the edition with SHA-1 hashes"
                : "does not have a line like 'SHA1HEX:COUNT' at byte " + position;
    }

    private static String read(FileChannel file, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && file.read(buffer, position + buffer.position()) >= 0) {
            // A read may give less than was asked for.
        }
        return new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
