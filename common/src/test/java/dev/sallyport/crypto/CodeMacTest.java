package dev.sallyport.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeMacTest {

    @TempDir
    Path folder;

    private CodeMac codes;

    @BeforeEach
    void open() {
        new KeyFolder(folder).init();
        codes = new CodeMac(Keyring.open(folder, EnumSet.allOf(Role.class)));
    }

    @Test
    void aCodeMatchesItsChallengeOnly() {
        byte[] stored = codes.of("c1", "123456");

        assertEquals(37, stored.length);
        assertTrue(codes.matches("c1", "123456", stored));
        assertFalse(codes.matches("c1", "123457", stored));
        assertFalse(codes.matches("c2", "123456", stored));
    }

    @Test
    void digitsCannotMoveFromTheCodeToTheChallenge() {
        assertFalse(codes.matches("c11", "23456", codes.of("c1", "123456")));
    }

    @Test
    void whatIsNoMacMatchesNothing() {
        assertFalse(codes.matches("c1", "123456", new byte[0]));
        assertFalse(codes.matches("c1", "123456", new byte[37]));
    }

    @Test
    void anotherPlatformsPepperMatchesNothing(@TempDir Path other) {
        new KeyFolder(other).init();
        CodeMac theirs = new CodeMac(Keyring.open(other, EnumSet.allOf(Role.class)));

        assertFalse(theirs.matches("c1", "123456", codes.of("c1", "123456")));
    }
}
