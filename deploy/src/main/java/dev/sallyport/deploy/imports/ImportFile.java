package dev.sallyport.deploy.imports;

import dev.sallyport.ExpectedFailure;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The lines of a file, one after the other, whatever is in it: at most {@value #LONGEST} bytes are held at a time, and a
 * line that can't be read is told as such and does not keep the next ones from being read. Lines end with a line feed,
 * with or without a carriage return before it; a byte order mark at the start is no part of the first.
 */
public final class ImportFile implements AutoCloseable {

    /** The file is not there, or reading it failed. */
    public static final class NotReadable extends ExpectedFailure {
        private static final long serialVersionUID = 1;

        NotReadable(Path file, IOException cause) {
            super(file.toAbsolutePath() + " can't be read; check that it is there, is a file and is readable.", cause);
        }
    }

    /** What one line is. */
    public sealed interface Line {}

    public record Text(String text) implements Line {}

    /** The reason tells nothing of what is in the line. */
    public record Unreadable(String reason) implements Line {}

    static final int LONGEST = 64 * 1024;

    private static final int BUFFER = 64 * 1024;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path file;
    private final InputStream bytes;
    private int number;

    private ImportFile(Path file, InputStream bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * Begins to read.
     *
     * @throws NotReadable if it can't; {@link #next} throws the same
     */
    public static ImportFile open(Path file) {
        try {
            return new ImportFile(file, new BufferedInputStream(Files.newInputStream(file), BUFFER));
        } catch (IOException e) {
            throw new NotReadable(file, e);
        }
    }

    /** The next line; empty at the end of the file. */
    public Optional<Line> next() {
        try {
            int first = bytes.read();
            if (first < 0) {
                return Optional.empty();
            }
            number++;
            return Optional.of(line(first));
        } catch (IOException e) {
            throw new NotReadable(file, e);
        }
    }

    private Line line(int first) throws IOException {
        var line = new ByteArrayOutputStream(512);
        boolean tooLong = false;
        for (int read = first; read >= 0 && read != '\n'; read = bytes.read()) {
            if (line.size() < LONGEST) {
                line.write(read);
            } else {
                tooLong = true;
            }
        }
        return tooLong ? new Unreadable("longer than " + LONGEST + " bytes") : decoded(line.toByteArray());
    }

    /** The number of the line that {@link #next} returned last, from 1. */
    public int number() {
        return number;
    }

    private Line decoded(byte[] line) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Unreadable("not UTF-8");
        }
        if (number == 1 && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(BYTE_ORDER_MARK.length());
        }
        return new Text(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new NotReadable(file, e);
        }
    }
}
