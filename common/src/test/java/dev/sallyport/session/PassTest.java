package dev.sallyport.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sallyport.testing.Given;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassTest {

    private static final Given GIVEN = new Given(Clock.systemUTC());

    @Test
    void aPassIsReadAsItWasWritten() {
        Pass pass = new Pass(GIVEN.id(), GIVEN.token());
        assertEquals(Optional.of(pass), Pass.parse(pass.text()));
    }

    @Test
    void onlyItsTextTellsTheSecret() {
        Pass pass = new Pass(GIVEN.id(), GIVEN.token());
        assertFalse(pass.toString().contains(pass.secret().value()));
        assertFalse(pass.key("wiki.example.com").contains(pass.secret().value()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "019df2dc-0a7b-7d52-9c0e-2f4b8a61d7e3", "019df2dc-0a7b-7d52-9c0e-2f4b8a61d7e3.", "x.y"})
    void whatWasNeverMadeHereIsNoPass(String text) {
        assertEquals(Optional.empty(), Pass.parse(text));
        String whole = new Pass(GIVEN.id(), GIVEN.token()).text();
        assertEquals(Optional.empty(), Pass.parse(whole + text + ' '));
        assertEquals(Optional.empty(), Pass.parse(whole.replace('.', '$')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"g", "A", "é", "/", " "})
    void noOtherLettersMakeAHandle(String letter) {
        String text = new Pass(GIVEN.id(), GIVEN.token()).text();
        assertEquals(Optional.empty(), Pass.parse(letter + text.substring(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "+", "/", "é", ".", "@", "[", "`", "{", ":"})
    void noOtherLettersMakeASecret(String letter) {
        String text = new Pass(GIVEN.id(), GIVEN.token()).text();
        assertEquals(Optional.empty(), Pass.parse(text.substring(0, text.length() - 1) + letter));
    }
}
