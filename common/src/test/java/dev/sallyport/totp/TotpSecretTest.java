package dev.sallyport.totp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TotpSecretTest {

    private static final String TEXT = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    private static final byte[] BYTES = "12345678901234567890".getBytes(US_ASCII);

    @Test
    void aNewSecretIs160BitsOfTheGeneratorGiven() {
        var sevens = new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) 7);
            }
        };
        var expected = new byte[20];
        Arrays.fill(expected, (byte) 7);
        assertArrayEquals(expected, TotpSecret.random(sevens).bytes());
        assertNotEquals(TotpSecret.random(new SecureRandom()), TotpSecret.random(new SecureRandom()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TEXT,
                "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
                "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ ",
                "gezd-gnbv-gy3t-qojq-gezd-gnbv-gy3t-qojq"
            })
    void theTextFormIsReadHoweverItIsSpaced(String text) {
        assertEquals(Optional.of(TotpSecret.of(BYTES)), TotpSecret.parse(text));
    }

    @Test
    void theTextFormHasNoPaddingAndNoSpaces() {
        assertEquals(TEXT, TotpSecret.of(BYTES).base32());
        assertEquals(
                "GEZDGNBVGY3TQOJQGE", TotpSecret.of(Arrays.copyOf(BYTES, 11)).base32());
    }

    @Test
    void sixteenCharactersAreTheLeastAndABlockTheMost() {
        assertEquals(10, TotpSecret.parse("GEZDGNBVGY3TQOJQ").orElseThrow().bytes().length);
        assertEquals(Optional.empty(), TotpSecret.parse("GEZDGNBVGY3TQOI"));
        assertEquals(Optional.empty(), TotpSecret.parse(""));
        assertEquals(64, TotpSecret.parse("A".repeat(103)).orElseThrow().bytes().length);
        assertEquals(Optional.empty(), TotpSecret.parse("A".repeat(104)));
        assertEquals(Optional.empty(), TotpSecret.parse("A".repeat(1_000_000)));
        assertEquals(Optional.empty(), TotpSecret.parse("=".repeat(1_000_000)));
        assertThrows(IllegalArgumentException.class, () -> TotpSecret.of(new byte[9]));
        assertThrows(IllegalArgumentException.class, () -> TotpSecret.of(new byte[65]));
    }

    @Test
    void nobodyElseCanChangeTheBytes() {
        byte[] given = BYTES.clone();
        var secret = TotpSecret.of(given);
        given[0] = 0;
        secret.bytes()[1] = 0;
        assertArrayEquals(BYTES, secret.bytes());
    }

    @Test
    void secretsAreEqualByTheirBytes() {
        assertEquals(TotpSecret.of(BYTES), TotpSecret.of(BYTES));
        assertEquals(TotpSecret.of(BYTES).hashCode(), TotpSecret.of(BYTES).hashCode());
        assertNotEquals(TotpSecret.of(BYTES), TotpSecret.of(Arrays.copyOf(BYTES, 19)));
    }

    @Test
    void theSecretIsNotPrinted() {
        String printed = Optional.of(TotpSecret.of(BYTES)).toString();
        assertFalse(printed.contains("GEZD") || printed.contains("49"), printed);
    }
}
