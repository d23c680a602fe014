package dev.sallyport.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.account.UsernameOutcome.Accepted;
import dev.sallyport.account.UsernameOutcome.Refused;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameTest {

    @ParameterizedTest
    @CsvSource({
        "CaseInsensitive, caseinsensitive",
        "\uFF21lice, alice",
        "\uFB01sher, fisher",
        "stra\u00DFe, STRASSE",
        "STRA\u1E9EE, strasse",
        "Ren\u00E9, rene\u0301",
        "\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2, \u03A3\u038A\u03A3\u03A5\u03A6\u039F\u03A3",
        "\u212Aelvin, kelvin",
        "mi\u017Fter, mister",
        "agent\u2460\u2461, AGENT12",
        "\u1E0B\u0323an, \u1E0D\u0307an",
        "ISIK, isik"
    })
    void twoWaysToWriteOneNameAreTheSameName(String one, String other) {
        assertEquals(accepted(one), accepted(other));
        assertEquals(accepted(one).hashCode(), accepted(other).hashCode());
        assertEquals(Optional.of(accepted(one).folded()), Username.lookup(other));
    }

    @ParameterizedTest
    @CsvSource({"\u0130brahim, ibrahim", "\u0131s\u0131k, isik", "p\u0430ul, paul", "ren\u00E9, rene", "alice.b, aliceb"
    })
    void lettersThatOnlyLookAlikeStayDifferent(String one, String other) {
        assertNotEquals(accepted(one), accepted(other));
    }

    @Test
    void theDottedCapitalOfTurkishKeepsItsDot() {
        assertEquals("i\u0307brahim", accepted("\u0130brahim").folded());
    }

    @Test
    void foldingDoesNotDependOnTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.of("tr", "TR"));
        try {
            assertEquals("isik", accepted("ISIK").folded());
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" Alice", "Alice ", "\u00A0Alice\u3000", "\r\n\tAlice\u2028", "Alice"})
    void whatSurroundsANameIsDroppedAndTheRestShownAsTyped(String typed) {
        assertEquals("Alice", accepted(typed).shown());
        assertEquals("alice", accepted(typed).folded());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "first.last+tag_x-y@sub.example.co.uk",
                "O'Brien@example.com",
                "a@b",
                "\u7528\u6237@\u4F8B\u5B50.example",
                "\u05D0\u05D1\u05D2",
                "\u0926\u0947\u0935",
                "\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80"
            })
    void addressesAndNamesOfAnyAlphabetAreFine(String typed) {
        assertEquals(typed, accepted(typed).shown());
    }

    @Test
    void addressesHaveNoLongerLimitThanNames() {
        String domain = "@example.com";
        assertEquals(
                254,
                accepted("a".repeat(254 - domain.length()) + domain).shown().length());
        assertEquals(UsernameProblem.TOO_LONG, refused("a".repeat(255 - domain.length()) + domain));
    }

    @Test
    void lengthIsCountedInCharactersAndNotInHalvesOfThem() {
        assertEquals(508, accepted("\uD83D\uDE80".repeat(254)).shown().length());
        assertEquals(UsernameProblem.TOO_LONG, refused("\uD83D\uDE80".repeat(255)));
        assertEquals(UsernameProblem.TOO_SHORT, refused("\uD83D\uDE80\uD83D\uDE80"));
    }

    @Test
    void bothFormsMustFit() {
        assertEquals(UsernameProblem.TOO_SHORT, refused("\uFB03"), "one character that folds to three");
        assertEquals(UsernameProblem.TOO_SHORT, refused("e\u0301x"), "three characters that fold to two");
        assertEquals(UsernameProblem.TOO_LONG, refused("\uFB03".repeat(85)), "85 characters that fold to 255");
        accepted("\uFB03".repeat(84));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "ab", "  ab  ", "\u3000\u3000\u3000\u3000"})
    void lessThanThreeCharactersIsTooShort(String typed) {
        assertEquals(UsernameProblem.TOO_SHORT, refused(typed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "al ice",
                "al\u00A0ice",
                "al\u2003ice",
                "al\u3000ice",
                "al\u2028ice",
                "al\u00A8ice",
                "\uFDFA" + "abc"
            })
    void aSpaceInsideIsRefusedAlsoWhenItComesOfFolding(String typed) {
        assertEquals(UsernameProblem.SPACE_INSIDE, refused(typed));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x0000, 0x0009, 0x000A, 0x007F, 0x0085, // control
                0x00AD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xE0041, // formats
                0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069, // reading direction
                0x034F, 0x115F, 0x1160, 0x17B4, 0x180B, 0x3164, 0xFE0F, 0xFFA0, 0xE0100, // invisible letters and marks
                0x0378, 0xFFFE, 0x1FFFF, 0xE0FFF, // unassigned
                0xE000, 0xF8FF, 0x10FFFD, // private use
                0xD800, 0xDFFF, // half a pair
                0xFFFD, 0x2800
            })
    void aCharacterThatCannotBeSeenOrTypedIsRefused(int character) {
        assertEquals(UsernameProblem.UNSUITABLE_CHARACTER, refused("ali" + Character.toString(character) + "ce"));
    }

    @Test
    void aPasswordInTheWrongBoxIsPrintedNowhere() {
        String good = "correct-horse-battery";
        assertFalse(Username.parse(good).toString().contains(good));
        String bad = "correct horse battery";
        assertFalse(Username.parse(bad).toString().contains("horse"));
        var thrown = assertThrows(IllegalArgumentException.class, () -> new Username(good, "other-horse"));
        assertFalse(thrown.getMessage().contains("horse"));
    }

    @Test
    void theTwoFormsOfARecordBelongTogether() {
        assertEquals("Alice", new Username("Alice", "alice").shown());
        assertThrows(IllegalArgumentException.class, () -> new Username("Alice", "Alice"));
        assertThrows(IllegalArgumentException.class, () -> new Username("Alice", "bob"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"alice", " ALICE ", "al\u200Bice", "\u202AAlice\u202C", "Alice \uFEFF", "al\u00ADice\uFE0F"})
    void whatComesAlongWithAPastedNameDoesNotKeepAnyoneOut(String typed) {
        assertEquals(Optional.of("alice"), Username.lookup(typed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "  ", "ab", "al ice", "al\u0000ice", "al\uD800ice", "\u200B\u200B\u200B", "al\uFFFDice"})
    void whatNoAccountCanBeCalledIsNotLookedUp(String typed) {
        assertEquals(Optional.empty(), Username.lookup(typed));
    }

    @Test
    void whatIsFarTooLongIsNotEvenFolded() {
        assertEquals(Optional.empty(), Username.lookup("a".repeat(16_384)));
        assertEquals(Optional.empty(), Username.lookup("\uFDFA".repeat(16_384)));
        assertEquals(Optional.empty(), Username.lookup("\u200B".repeat(16_384) + "alice"));
    }

    @Test
    void everyNameThatIsAcceptedIsFoundAgainWhateverCharacterItHolds() {
        int accepted = 0;
        for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
            String typed = "ab" + Character.toString(character) + "cd";
            if (Username.parse(typed) instanceof Accepted(Username name)) {
                accepted++;
                assertEquals(Optional.of(name.folded()), Username.lookup(typed));
                assertEquals(Optional.of(name.folded()), Username.lookup(name.folded()));
            }
        }
        assertTrue(accepted > 140_000, "only " + accepted + " characters fit into names");
    }

    @Test
    void nothingThatCanBeTypedThrows() {
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            var typed = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                int any = random.nextInt(Character.MAX_CODE_POINT + 1);
                typed.appendCodePoint(random.nextBoolean() ? any : any & 0xFFFF);
            }
            Username.parse(typed.toString());
            Username.lookup(typed.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyProblemSaysWhatToDoInSentences(UsernameProblem problem) {
        assertTrue(problem.sentence().endsWith("."), problem.sentence());
        assertTrue(problem.sentence().length() < 160, problem.sentence());
    }

    private static Username accepted(String typed) {
        return assertInstanceOf(Accepted.class, Username.parse(typed)).username();
    }

    private static UsernameProblem refused(String typed) {
        return assertInstanceOf(Refused.class, Username.parse(typed)).problem();
    }
}
