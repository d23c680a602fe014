package dev.sallyport.dispatch.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.dispatch.http.HttpAnswers;
import dev.sallyport.sms.FailureClass;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code twilio-errors.csv}, what an operator lays over it, and the defaults for what is in neither. */
public final class TwilioErrors {

    private static final String BUNDLED = "twilio-errors.csv";

    private final Map<Integer, FailureClass> classes;

    private TwilioErrors(Map<Integer, FailureClass> classes) {
        this.classes = Map.copyOf(classes);
    }

    /** The table in the jar. */
    public static TwilioErrors bundled() {
        var table = Objects.requireNonNull(
                TwilioErrors.class.getResourceAsStream(BUNDLED), BUNDLED + " is missing from the jar; build it again");
        try (var reader = new InputStreamReader(table, UTF_8)) {
            return read(reader, BUNDLED);
        } catch (IOException e) {
            throw new UncheckedIOException(BUNDLED + " can't be read from the jar; build it again", e);
        }
    }

    /**
     * This table with the rows of a file in place of its own.
     *
     * @throws IllegalArgumentException saying which line of the file is wrong, and why
     */
    public TwilioErrors with(Path file) {
        try (var reader = Files.newBufferedReader(file)) {
            var all = new HashMap<>(classes);
            all.putAll(read(reader, file.toString()).classes);
            return new TwilioErrors(all);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(
                    file + " can't be read as text; check what the setting ERRORS_FILE names", e);
        }
    }

    /**
     * Reads {@code code,class,meaning} rows; {@code #} starts a comment line.
     *
     * @throws IllegalArgumentException naming the line, if a row is not of that form or its code has one already
     */
    static TwilioErrors read(Reader table, String name) throws IOException {
        var classes = new HashMap<Integer, FailureClass>();
        var lines = new BufferedReader(table).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                addRow(classes, line);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "Line %d of %s, %s: %s".formatted(i + 1, name, line, e.getMessage()), e);
            }
        }
        return new TwilioErrors(classes);
    }

    private static void addRow(Map<Integer, FailureClass> classes, String line) {
        var cells = line.split(",", 3);
        if (cells.length < 3) {
            throw new IllegalArgumentException("a row is code,class,meaning");
        }
        if (!cells[0].matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("the code is no number");
        }
        var failure = Arrays.stream(FailureClass.values())
                .filter(one -> one.name().equals(cells[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        cells[1] + " is no class; there are " + Arrays.toString(FailureClass.values())));
        if (classes.put(Integer.valueOf(cells[0]), failure) != null) {
            throw new IllegalArgumentException("the code has a row already");
        }
    }

    /** What this code stands for wherever Twilio uses it: in an answer, a fetched message or a status callback. */
    Optional<FailureClass> of(int code) {
        return Optional.ofNullable(classes.get(code));
    }

    /** What an answer that is not an acceptance stands for; the code is null where the body held none. */
    FailureClass ofAnswer(int httpStatus, @Nullable Integer code) {
        return Optional.ofNullable(code).flatMap(this::of).orElseGet(() -> HttpAnswers.failureClass(httpStatus));
    }

    /**
     * Why a message that Twilio had accepted failed or was not delivered.
     *
     * @param status the word that Twilio has for it now
     */
    FailureClass ofMessage(String status, Optional<Integer> code) {
        return code.flatMap(this::of)
                .orElse(status.equals("undelivered") ? FailureClass.NOT_DELIVERED : FailureClass.UNCLASSIFIED);
    }

    /** The code of such a message, or a word of ours where Twilio gives none. */
    static String codeOf(String status, Optional<Integer> code) {
        return code.map(String::valueOf).orElse("status-" + status);
    }
}
