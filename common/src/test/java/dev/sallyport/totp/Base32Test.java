package dev.sallyport.totp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base32Test {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "f, MY======",
        "fo, MZXQ====",
        "foo, MZXW6===",
        "foob, MZXW6YQ=",
        "fooba, MZXW6YTB",
        "foobar, MZXW6YTBOI======"
    })
    void theExamplesOfTheStandardHold(String plain, String padded) {
        assertEquals(padded.replace("=", ""), Base32.encode(plain.getBytes(US_ASCII)));
        assertArrayEquals(plain.getBytes(US_ASCII), Base32.decode(padded).orElseThrow());
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var random = new Random(1);
        for (int length = 0; length < 100; length++) {
            var bytes = new byte[length];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, Base32.decode(Base32.encode(bytes)).orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mzxw6ytb", "MZXW 6YTB", "mzxw-6ytb ", "\tMZXW6YTB\n", "M Z X W 6 Y T B"})
    void peopleMayCopyItByHand(String text) {
        assertArrayEquals("fooba".getBytes(US_ASCII), Base32.decode(text).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "M",
                "MZX",
                "MZXW6Y",
                "MZXW6YT1",
                "MZXW6YT0",
                "MZXW6YT8",
                "MZ=W6YTB",
                "=MZXW6YT",
                "MY=======",
                "mzxw6y\u0131b",
                "\uFF2DZXW6YTB",
                "MZXW6YTB!"
            })
    void everythingElseIsRefused(String text) {
        assertTrue(Base32.decode(text).isEmpty());
    }
}
