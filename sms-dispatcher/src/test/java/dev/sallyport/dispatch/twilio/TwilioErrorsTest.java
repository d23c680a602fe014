package dev.sallyport.dispatch.twilio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.sms.FailureClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioErrorsTest {

    private final TwilioErrors errors = TwilioErrors.bundled();

    @ParameterizedTest
    @CsvSource({
        "400, 21211, NUMBER",
        "400, 21610, CONSENT",
        "400, 21408, CONFIGURATION",
        "401, 20003, CONFIGURATION",
        "400, 21611, SATURATED",
        "429, 20429, THROTTLED",
        "500, 20500, SERVER_ERROR",
        "503, 20503, SERVER_ERROR"
    })
    void aKnownCodeDecides(int httpStatus, int code, FailureClass expected) {
        assertEquals(expected, errors.ofAnswer(httpStatus, code));
    }

    @ParameterizedTest
    @CsvSource({
        "200, UNREADABLE_ANSWER",
        "302, UNREADABLE_ANSWER",
        "400, UNCLASSIFIED",
        "401, CONFIGURATION",
        "403, CONFIGURATION",
        "404, UNCLASSIFIED",
        "429, THROTTLED",
        "500, SERVER_ERROR",
        "599, SERVER_ERROR"
    })
    void withoutAKnownCodeTheHttpStatusDecides(int httpStatus, FailureClass expected) {
        assertEquals(expected, errors.ofAnswer(httpStatus, null));
        assertEquals(expected, errors.ofAnswer(httpStatus, 99_999));
    }

    @ParameterizedTest
    @CsvSource({"30003, NOT_DELIVERED", "30007, CONTENT", "30450, FRAUD", "30006, NUMBER"})
    void theTableCoversWhatOnlyCallbacksReport(int code, FailureClass expected) {
        assertEquals(Optional.of(expected), errors.of(code));
    }

    @ParameterizedTest
    @CsvSource({
        "undelivered, 30006, NUMBER, 30006",
        "failed, 30003, NOT_DELIVERED, 30003",
        "undelivered, 99999, NOT_DELIVERED, 99999",
        "undelivered, , NOT_DELIVERED, status-undelivered",
        "failed, 99999, UNCLASSIFIED, 99999",
        "canceled, , UNCLASSIFIED, status-canceled"
    })
    void whatFailsAfterItWasAcceptedIsClassedByCodeElseByStatus(
            String status, @Nullable Integer code, FailureClass expected, String told) {
        assertEquals(expected, errors.ofMessage(status, Optional.ofNullable(code)));
        assertEquals(told, TwilioErrors.codeOf(status, Optional.ofNullable(code)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "21211 | a row is code,class,meaning",
                "21211,NUMBER | a row is code,class,meaning",
                "21211,NUMBRE,typo | NUMBRE is no class; there are [",
                "x,NUMBER,no code | the code is no number",
                "-1,NUMBER,no code | the code is no number",
                "99999999999,NUMBER,no code | the code is no number"
            })
    void aBrokenRowIsNamedByItsLineAndWhatIsWrongWithIt(String row, String reason, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("mine.csv"), "# comment\n\n" + row);
        var refusal = assertThrows(IllegalArgumentException.class, () -> errors.with(file));
        assertTrue(
                refusal.getMessage().startsWith("Line 3 of " + file + ", " + row + ": " + reason),
                refusal.getMessage());
    }

    @Test
    void aCodeThatStandsTwiceIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.csv"), "1,NUMBER,a\n1,FRAUD,twice");
        var refusal = assertThrows(IllegalArgumentException.class, () -> errors.with(file));
        assertTrue(refusal.getMessage().startsWith("Line 2 of "), refusal.getMessage());
        assertTrue(refusal.getMessage().endsWith("the code has a row already"), refusal.getMessage());
    }

    @Test
    void aFileIsLaidOverTheTable(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.csv"), "# mine\n30003,NUMBER,never here\n99001,FRAUD,new\n");
        TwilioErrors mine = errors.with(file);
        assertEquals(Optional.of(FailureClass.NUMBER), mine.of(30003));
        assertEquals(Optional.of(FailureClass.FRAUD), mine.of(99001));
        assertEquals(Optional.of(FailureClass.CONSENT), mine.of(21610));
        assertEquals(Optional.of(FailureClass.NOT_DELIVERED), errors.of(30003));
    }

    @Test
    void aFileThatIsNotThereOrNoTextIsRefused(@TempDir Path folder) throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'1', ',', -1, -2});
        for (Path file : new Path[] {folder.resolve("none.csv"), folder, binary}) {
            var refusal = assertThrows(IllegalArgumentException.class, () -> errors.with(file));
            assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
        }
    }
}
