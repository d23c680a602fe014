package dev.sallyport.dispatch.twilio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.sms.FailureClass;
import java.io.StringReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(
            strings = {"21211", "21211,NUMBER", "21211,NUMBRE,typo", "x,NUMBER,no code", "1,NUMBER,a\n1,FRAUD,twice"})
    void aBrokenRowIsNamedByItsLine(String rows) {
        var refusal = assertThrows(
                IllegalArgumentException.class, () -> TwilioErrors.read(new StringReader("# comment\n\n" + rows)));

        var brokenLine = rows.contains("\n") ? "Line 4 " : "Line 3 ";
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(brokenLine), refusal.getMessage());
    }
}
