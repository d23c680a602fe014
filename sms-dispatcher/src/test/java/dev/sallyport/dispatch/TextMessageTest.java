package dev.sallyport.dispatch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextMessageTest {

    @Test
    void printedItShowsNeitherNumberNorText() {
        var printed = new TextMessage(
                        "id-1", "phone-key", "+14155550123", "493028 is your code", Duration.ofMinutes(4), 2)
                .toString();

        assertTrue(printed.contains("id-1"));
        assertFalse(printed.contains("4155550123"));
        assertFalse(printed.contains("493028"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4155550123", "+04155550123", "+1 415 555 0123", "+1415555012345678", "+", "banana"})
    void aNumberThatIsNotE164IsRefusedAndNotRepeated(String number) {
        var refusal = assertThrows(
                IllegalArgumentException.class,
                () -> new TextMessage("id-1", "phone-key", number, "text", Duration.ofMinutes(4), 1));

        assertFalse(String.valueOf(refusal.getMessage()).matches(".*(555|banana).*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void aTextThatHasExpiredIsRefused(Duration validity) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TextMessage("id-1", "phone-key", "+14155550123", "text", validity, 1));
    }

    @Test
    void anEmptyTextIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TextMessage("id-1", "phone-key", "+14155550123", " ", Duration.ofMinutes(4), 1));
    }
}
