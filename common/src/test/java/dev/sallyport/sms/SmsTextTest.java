package dev.sallyport.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.code.SixDigits;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmsTextTest {

    private static final SixDigits CODE = new SixDigits("493028");
    private static final String HOST = "login.example.com";

    /** How many characters brand and host may have together. */
    private static final int ROOM = 99;

    @Test
    void theMessageByteForByte() {
        String message = SmsText.of(CODE, "Acme", HOST);
        assertEquals("""
                493028 is your code for Acme. Don't give it to anyone.

                @login.example.com #493028""", message);
        assertEquals(
                "343933303238" // 493028
                        + "20697320796f757220636f646520666f722041636d652e" // is your code for Acme.
                        + "20446f6e2774206769766520697420746f20616e796f6e652e" // Don't give it to anyone.
                        + "0a0a"
                        + "406c6f67696e2e6578616d706c652e636f6d" // @login.example.com
                        + "2023343933303238", // #493028
                HexFormat.of().formatHex(message.getBytes(UTF_8)));
    }

    @Test
    void theLastLineBindsTheCodeToTheSite() {
        assertEquals(
                "@localhost #000042",
                SmsText.of(new SixDigits("000042"), "Sallyport", "localhost")
                        .lines()
                        .toList()
                        .getLast());
    }

    @Test
    void brandAndHostMayFillTheSegmentToTheLastSeptet() {
        String brand = "B".repeat(ROOM - HOST.length());
        assertEquals(Optional.empty(), SmsText.problem(brand, HOST));
        assertEquals(OptionalInt.of(160), Gsm7.septets(SmsText.of(CODE, brand, HOST)));
        String problem = SmsText.problem(brand + "B", HOST).orElseThrow();
        assertTrue(problem.contains("takes 161 of the 160 characters"), problem);
    }

    @Test
    void theLongestHostLeavesRoomForAShortBrand() {
        String host = "h".repeat(ROOM - 4);
        assertEquals(Optional.empty(), SmsText.problem("Acme", host));
        assertTrue(SmsText.problem("Acme5", host).isPresent());
    }

    @Test
    void anExtensionCharacterInTheBrandCountsTwice() {
        String brand = "B".repeat(ROOM - HOST.length() - 2);
        assertEquals(Optional.empty(), SmsText.problem(brand + "€", HOST));
        assertTrue(SmsText.problem(brand + "€B", HOST).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Acme & Söhne", "O'Reilly", "Ñandù Øre", "¡Olé!", "A", "ΔΣ [24]", "Acme (US), Inc."})
    void brandsInTheAlphabetOfTextMessagesAreFine(String brand) {
        assertEquals(Optional.empty(), SmsText.problem(brand, HOST));
        assertTrue(SmsText.of(CODE, brand, HOST).contains(brand));
    }

    @ParameterizedTest
    @CsvSource({
        "Macy’s, U+2019",
        "François, U+00E7",
        "Café\u0301, U+0301",
        "東京, U+6771",
        "\uD83D\uDE80 Rockets, U+1F680"
    })
    void aForeignCharacterInTheBrandIsNamed(String brand, String codePoint) {
        String problem = SmsText.problem(brand, HOST).orElseThrow();
        assertTrue(problem.startsWith("SALLYPORT_BRAND_NAME contains ") && problem.contains(codePoint), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "Acme\nCorp", "Acme\r", "Acme\f", "Acme\u001B"})
    void theBrandIsOneLineOfText(String brand) {
        assertTrue(SmsText.problem(brand, HOST).orElseThrow().startsWith("Text messages name the site on one line"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "login.example.com:8443",
                "https://login.example.com",
                "bücher.example",
                "[::1]",
                "a b",
                "a#b",
                "a@b",
                "a\n"
            })
    void theHostIsAHostNameAndNothingElse(String host) {
        assertTrue(SmsText.problem("Acme", host).orElseThrow().contains("SALLYPORT_PUBLIC_URL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "xn--bcher-kva.example", "Login.Example.COM"})
    void hostNamesAreFine(String host) {
        assertEquals(Optional.empty(), SmsText.problem("Acme", host));
    }

    @Test
    void noMessageIsMadeOfABadConfiguration() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> SmsText.of(CODE, "Macy’s", HOST));
        assertFalse(thrown.getMessage().contains(CODE.value()));
    }
}
