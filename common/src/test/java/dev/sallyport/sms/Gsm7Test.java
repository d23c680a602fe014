package dev.sallyport.sms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Gsm7Test {

    @Test
    void theAlphabetHas127CharactersAndTenInItsExtension() {
        assertEquals(
                137,
                IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .filter(Gsm7::contains)
                        .count());
        assertEquals(127, weighing(1));
        assertEquals(10, weighing(2));
    }

    @Test
    void allOfAsciiThatPrintsIsInItButTheGraveAccent() {
        assertEquals(
                "`",
                IntStream.rangeClosed(' ', '~')
                        .filter(character -> !Gsm7.contains(character))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "@", "£", "¥", "§", "¿", "Ç", "É", "ß", "ñ", "à", "ΔΦΓΛΩΠΨΣΘΞ"})
    void lettersOfTheBasicTableTakeOneSeptet(String text) {
        assertEquals(OptionalInt.of(text.length()), Gsm7.septets(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"^", "{", "}", "[", "]", "~", "|", "\\", "€", "\f"})
    void theExtensionTakesTwo(String text) {
        assertEquals(OptionalInt.of(2), Gsm7.septets(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "’",
                "“",
                "–",
                "…",
                "ç",
                "ê",
                "Á",
                "É\u0301",
                "α",
                "Α",
                "\t",
                "\u001B",
                "\u0000",
                "\u00A0",
                "`",
                "\uD83D\uDE80",
                "\uD800",
                "Ａ"
            })
    void oneForeignCharacterPutsATextOutsideTheAlphabet(String text) {
        assertTrue(Gsm7.septets("abc" + text).isEmpty());
    }

    private static long weighing(int septets) {
        return IntStream.rangeClosed(0, 0xFFFF)
                .filter(character -> Gsm7.septets(Character.toString(character)).equals(OptionalInt.of(septets)))
                .count();
    }
}
