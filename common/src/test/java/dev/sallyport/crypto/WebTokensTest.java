package dev.sallyport.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebTokensTest {

    @TempDir
    Path folder;

    private WebTokens tokens;

    @BeforeEach
    void open() {
        new KeyFolder(folder).init();
        tokens = new WebTokens(Keyring.open(folder, EnumSet.allOf(Role.class)));
    }

    @Test
    void aTokenGivesItsValueBack() {
        String token = tokens.sign("csrf", "nonce".getBytes(UTF_8));

        assertArrayEquals("nonce".getBytes(UTF_8), tokens.verify("csrf", token).orElseThrow());
        assertEquals(0, tokens.verify("csrf", tokens.sign("csrf", new byte[0])).orElseThrow().length);
    }

    @Test
    void aTokenOfOnePurposeIsNoneOfAnother() {
        assertEquals(Optional.empty(), tokens.verify("login", tokens.sign("csrf", new byte[4])));
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String token = tokens.sign("csrf", "nonce".getBytes(UTF_8));
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertTrue(tokens.verify("csrf", changed).isEmpty(), "character " + i);
        }
    }

    @Test
    void anotherSpellingOfTheSameBytesIsRefused() {
        // 38 bytes end in a group of two, whose last character has two bits that count for nothing.
        String token = tokens.sign("csrf", new byte[1]);
        String respelt = token.substring(0, token.length() - 1) + "B";
        assertArrayEquals(
                Base64.getUrlDecoder().decode(token), Base64.getUrlDecoder().decode(respelt));

        assertTrue(tokens.verify("csrf", respelt).isEmpty());
        assertTrue(tokens.verify("csrf", token + "=").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "not base64 !", "AAAA", "ÄÖÜ"})
    void whatIsNoTokenIsRefusedQuietly(String text) {
        assertTrue(tokens.verify("csrf", text).isEmpty());
    }
}
