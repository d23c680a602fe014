package dev.sallyport.totp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.code.SixDigits;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TotpTest {

    /** The key of the examples in RFC 6238, appendix B. */
    private static final TotpSecret SECRET = TotpSecret.of("12345678901234567890".getBytes(US_ASCII));

    private static final Instant NOW = Instant.ofEpochSecond(1111111111L);
    private static final long STEP = 37037037L;

    @ParameterizedTest
    @CsvSource({
        "59, 1, 94287082",
        "1111111109, 37037036, 07081804",
        "1111111111, 37037037, 14050471",
        "1234567890, 41152263, 89005924",
        "2000000000, 66666666, 69279037",
        "20000000000, 666666666, 65353130"
    })
    void theExamplesOfTheStandardHold(long seconds, long step, String eightDigits) {
        var code = new SixDigits(eightDigits.substring(2));
        assertEquals(step, Totp.step(Instant.ofEpochSecond(seconds)));
        assertEquals(code, Totp.code(SECRET, step));
        assertEquals(OptionalLong.of(step), Totp.matchingStep(SECRET, code, Instant.ofEpochSecond(seconds)));
    }

    /** Computed with oathtool. */
    @ParameterizedTest
    @CsvSource({"4294967295, 117190", "4294967296, 999456", "4294967297, 108930", "9223372036854775807, 181742"})
    void aStepMayHaveMoreThan32Bits(long step, String code) {
        assertEquals(new SixDigits(code), Totp.code(SECRET, step));
    }

    @Test
    void theCodeOfTheStepBeforeIsStillGood() {
        assertEquals(OptionalLong.of(STEP - 1), Totp.matchingStep(SECRET, Totp.code(SECRET, STEP - 1), NOW));
    }

    @ParameterizedTest
    @ValueSource(longs = {-3, -2, 1, 2})
    void noOtherStepCounts(long offset) {
        assertEquals(OptionalLong.empty(), Totp.matchingStep(SECRET, Totp.code(SECRET, STEP + offset), NOW));
    }

    @Test
    void aStepLastsThirtySecondsAndItsCodeThirtyMore() {
        var code = Totp.code(SECRET, 100);
        assertEquals(OptionalLong.empty(), Totp.matchingStep(SECRET, code, Instant.ofEpochMilli(2_999_999)));
        assertEquals(OptionalLong.of(100), Totp.matchingStep(SECRET, code, Instant.ofEpochMilli(3_000_000)));
        assertEquals(OptionalLong.of(100), Totp.matchingStep(SECRET, code, Instant.ofEpochMilli(3_059_999)));
        assertEquals(OptionalLong.empty(), Totp.matchingStep(SECRET, code, Instant.ofEpochMilli(3_060_000)));
    }

    @Test
    void aWrongCodeAndAnotherSecretMatchNothing() {
        assertEquals(OptionalLong.empty(), Totp.matchingStep(SECRET, new SixDigits("000000"), NOW));
        var other = TotpSecret.of("12345678901234567891".getBytes(US_ASCII));
        assertEquals(OptionalLong.empty(), Totp.matchingStep(other, Totp.code(SECRET, STEP), NOW));
    }

    @Test
    void whereTwoStepsInARowHaveOneCodeItIsTheLaterThatIsUsedUp() {
        long later = 910_738;
        assertEquals(Totp.code(SECRET, later), Totp.code(SECRET, later - 1));
        assertEquals(
                OptionalLong.of(later),
                Totp.matchingStep(SECRET, Totp.code(SECRET, later), Instant.ofEpochSecond(later * 30)));
    }

    @Test
    void theDigitsDoNotDependOnTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertEquals(new SixDigits("050471"), Totp.code(SECRET, STEP));
        } finally {
            Locale.setDefault(before);
        }
    }
}
