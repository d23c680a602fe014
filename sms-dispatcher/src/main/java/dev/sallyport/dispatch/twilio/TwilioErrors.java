package dev.sallyport.dispatch.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.dispatch.http.HttpAnswers;
import dev.sallyport.sms.FailureClass;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code twilio-errors.csv}, and the defaults for what is not in it. */
final class TwilioErrors {

    private final Map<Integer, FailureClass> classes;

    private TwilioErrors(Map<Integer, FailureClass> classes) {
        this.classes = Map.copyOf(classes);
    }

    static TwilioErrors bundled() {
        var table = Objects.requireNonNull(
                TwilioErrors.class.getResourceAsStream("twilio-errors.csv"),
                "twilio-errors.csv is missing from the jar; build it again");
        try (var reader = new InputStreamReader(table, UTF_8)) {
            return read(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("twilio-errors.csv can't be read from the jar; build it again", e);
        }
    }

    /**
     * Reads {@code code,class,meaning} rows; {@code #} starts a comment line.
     *
     * @throws IllegalArgumentException naming the line, if a row is not of that form or its code has one already
     */
    static TwilioErrors read(Reader table) throws IOException {
        var classes = new HashMap<Integer, FailureClass>();
        var lines = new BufferedReader(table).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (!line.isBlank() && !line.startsWith("#")) {
                addRow(classes, line, i + 1);
            }
        }
        return new TwilioErrors(classes);
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

    private static void addRow(Map<Integer, FailureClass> classes, String line, int number) {
        var cells = line.split(",", 3);
        try {
            if (cells.length < 3 || classes.put(Integer.valueOf(cells[0]), FailureClass.valueOf(cells[1])) != null) {
                throw new IllegalArgumentException("incomplete or a repeated code");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Line %d of the Twilio error table is not 'code,class,meaning' with a new code and a known class: %s"
                            .formatted(number, line),
                    e);
        }
    }
}
