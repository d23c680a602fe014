package dev.sallyport.password;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class PasswordTest {

    private static final String COMPOSED = "Z\u00fcrich";
    private static final String DECOMPOSED = "Zu\u0308rich";

    @Test
    void bothWaysToTypeAnAccentAreOnePassword() {
        assertEquals(Password.typed(COMPOSED), Password.typed(DECOMPOSED));
        assertArrayEquals(
                Password.typed(COMPOSED).nfc(), Password.typed(DECOMPOSED).nfc());
        assertEquals(6, Password.typed(DECOMPOSED).characters());
    }

    @Test
    void theBytesAsTypedAreKeptForOldHashes() {
        assertArrayEquals(DECOMPOSED.getBytes(UTF_8), Password.typed(DECOMPOSED).asTyped());
    }

    @Test
    void caseAndSpacesAtTheEndsMatter() {
        assertNotEquals(Password.typed("secret"), Password.typed("Secret"));
        assertNotEquals(Password.typed("secret"), Password.typed(" secret "));
    }

    @Test
    void anEmojiOutsideOfTheBasicPlaneIsOneCharacter() {
        assertEquals(3, Password.typed("a🔑b").characters());
    }

    @Test
    void isNeverPrinted() {
        assertEquals("•••", Password.typed("secret").toString());
    }
}
