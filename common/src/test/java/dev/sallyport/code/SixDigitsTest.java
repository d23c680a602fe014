package dev.sallyport.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SixDigitsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "493028",
                " 493028\r\n",
                "493 028",
                "493-028",
                "4 9 3 0 2 8",
                "493\u00A0028",
                "493\u2013028",
                "\u200E493\u200B028\u202C",
                "\uFF14\uFF19\uFF13\uFF10\uFF12\uFF18",
                "\u0664\u0669\u0663\u0660\u0662\u0668",
                "\uD835\uDFD2\uD835\uDFD7\uD835\uDFD1\uD835\uDFCE\uD835\uDFD0\uD835\uDFD6"
            })
    void aCodeMayBeTypedAsPhonesShowIt(String typed) {
        assertEquals(Optional.of(new SixDigits("493028")), SixDigits.typed(typed));
    }

    @Test
    void zerosAtTheFrontCount() {
        assertEquals("000042", SixDigits.typed("000 042").orElseThrow().value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "49302",
                "4930280",
                "493o28",
                "49302\u2467",
                "493.028",
                "+493028",
                "abcdef",
                "ABCD-EFGH-1234",
                "49302\uD835",
                "4 9 3 0 2 8                             "
            })
    void whatIsNotSixDigitsIsNoCode(String typed) {
        assertEquals(Optional.empty(), SixDigits.typed(typed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "49302", "4930288", "493 028", "49302x", "493028\n", "\uFF14\uFF19\uFF13\uFF10\uFF12\uFF18"})
    void onlyAsciiDigitsAreKeptAndTheMessageDoesNotRepeatThem(String value) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> new SixDigits(value));
        assertFalse(thrown.getMessage().contains("4930"));
    }

    @Test
    void theCodeIsNotPrinted() {
        assertEquals("SixDigits[••••••]", new SixDigits("493028").toString());
    }

    @Test
    void aMillionCodesAreAskedOfTheGenerator() {
        var bounds = new int[1];
        var random = new SecureRandom() {
            @Override
            public int nextInt(int bound) {
                bounds[0] = bound;
                return 42;
            }
        };
        assertEquals("000042", SixDigits.random(random).value());
        assertEquals(1_000_000, bounds[0]);
    }

    @Test
    void everyDigitIsAsLikelyInEveryPlace() throws NoSuchAlgorithmException {
        // With a seed of its own before the first use, this generator repeats itself, and the test with it.
        var random = SecureRandom.getInstance("SHA1PRNG");
        random.setSeed(1);
        int rounds = 100_000;
        var counts = new int[6][10];
        for (int round = 0; round < rounds; round++) {
            String value = SixDigits.random(random).value();
            for (int place = 0; place < 6; place++) {
                counts[place][value.charAt(place) - '0']++;
            }
        }
        // Five standard deviations of a count are 475.
        assertTrue(
                Arrays.stream(counts)
                        .flatMapToInt(Arrays::stream)
                        .allMatch(count -> Math.abs(count - rounds / 10) < 475),
                () -> Arrays.deepToString(counts));
    }

    @Test
    void theDigitsDoNotDependOnTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertTrue(SixDigits.random(new SecureRandom()).value().matches("[0-9]{6}"));
        } finally {
            Locale.setDefault(before);
        }
    }
}
