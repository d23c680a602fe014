package dev.sallyport.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.password.PasswordRefusal.CommonOrBreached;
import dev.sallyport.password.PasswordRefusal.MadeOfSiteName;
import dev.sallyport.password.PasswordRefusal.MadeOfUsername;
import dev.sallyport.password.PasswordRefusal.TooLong;
import dev.sallyport.password.PasswordRefusal.TooShort;
import dev.sallyport.password.PasswordRefusal.UntypableCharacter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {

    private static final String USER = "alice.liddell+shop@example.org";
    private static final Set<String> BREACHED = Set.of("correct horse battery staple");

    private final PasswordRules alone = rules(PasswordRules.MINIMUM_ALONE);
    private final PasswordRules withSecondFactor = rules(PasswordRules.MINIMUM_WITH_SECOND_FACTOR);

    private static PasswordRules rules(int minimum) {
        return new PasswordRules(minimum, List.of("Harbour Bank"), password -> BREACHED.contains(password.folded()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vk3 qx mzt 9bdw", "zürich liegt am", "🌵🎻🐢🧀🚀🎈🔑🍋🦀🌋🧲🪁🦉🥝🎲", "пароль не такой"})
    void fifteenCharactersOfAnyScriptPassWhereThePasswordStandsAlone(String fifteen) {
        accepts(alone, fifteen);
        refuses(new TooShort(15), alone, withoutLast(fifteen));
    }

    @Test
    void eightCharactersPassWhereASecondFactorIsRequired() {
        accepts(withSecondFactor, "vk3 qx🔑z");
        refuses(new TooShort(8), withSecondFactor, "vk3 qx🔑");
    }

    @Test
    void aCombiningMarkDoesNotMakeAPasswordLonger() {
        String decomposed = "vkzu\u0308rqxmztwbdg";
        assertEquals(15, decomposed.length());
        refuses(new TooShort(15), alone, decomposed);
        accepts(alone, decomposed + "y");
    }

    @Test
    void upTo256CharactersPass() {
        for (int length : new int[] {64, 128, 256}) {
            accepts(alone, varied(length));
            accepts(alone, varied(length - 1) + "🔑");
        }
        refuses(new TooLong(256), alone, varied(257));
        refuses(new TooLong(256), alone, varied(256) + "🔑");
    }

    @Test
    void noKindOfCharacterIsDemanded() {
        accepts(alone, "seven lazy walnuts");
        accepts(alone, "748839205718462");
        accepts(alone, "                v");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\t", "\n", "\0", "\u007f", "\u0085", "\ufffd", "\ud83d"})
    void charactersThatKeyboardsCannotTypeAreRefused(String character) {
        refuses(new UntypableCharacter(), alone, "seven lazy wal" + character + "nuts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice.liddell+shop@example.org",
                "ALICE.LIDDELL+SHOP@EXAMPLE.ORG",
                "alice.liddell12",
                "alice.liddell 1985-07-04 !!",
                "AliceLiddell#2025",
                "123 alice liddell xyz",
                "alice liddell alice liddell",
                "llEddiL ecilA 99",
                "alice.liddell lleddil.ecila",
                "Liddell 1985 and Alice",
                "ａｌｉｃｅ ｌｉｄｄｅｌｌ 1985"
            })
    void littleElseThanTheUserNameIsRefused(String password) {
        refuses(new MadeOfUsername(), alone, password);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice liddell eats mushrooms", "alice.liddell🌵🎻🐢🧀", "alice and the rabbit"})
    void aUserNameWithinALongerPasswordPasses(String password) {
        accepts(alone, password);
    }

    @Test
    void aUserNameOfDigitsIsRefusedToo() {
        refused(new MadeOfUsername(), alone.check(Password.typed("4711047110-4711047110"), "4711047110"));
    }

    @Test
    void aNameTooShortToMeanAnythingIsLeftAlone() {
        assertEquals(Optional.empty(), alone.check(Password.typed("a fine mess 21 of oars"), "a@example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HarbourBank2025", "harbour bank harbour bank", "knab ruobrah 1!"})
    void littleElseThanTheNameOfTheSiteIsRefused(String password) {
        refuses(new MadeOfSiteName(), alone, password);
    }

    @Test
    void theUserNameBesideTheNameOfTheSiteIsRefused() {
        refuses(new MadeOfUsername(), alone, "alice.liddell@harbourbank1");
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void simplePatternsAreRefused(String password) {
        refuses(new CommonOrBreached(), alone, password);
    }

    static Stream<String> patterns() {
        return Stream.of(
                "z".repeat(15),
                "Ж".repeat(256),
                "🔑".repeat(20),
                "aA".repeat(8),
                "xyz".repeat(5) + "x",
                "1234".repeat(4),
                "12345678901234567890",
                "98765432109876543210",
                "abcdefghijklmno",
                "ZYXWVUTSRQPONMLKJ",
                "wxyzabcdefghijklm",
                "qwertyuiopasdfgh",
                "QwertyuiopQwertyuiop",
                "1qaz2wsx3edc4rfv");
    }

    @Test
    void aBreachedPasswordIsRefusedInAnyCase() {
        refuses(new CommonOrBreached(), alone, "Correct Horse Battery STAPLE");
        accepts(alone, "Correct Horse Battery STAPLE!");
    }

    @Test
    void everySentenceSaysWhatToDoAndPrintsNoPassword() {
        for (PasswordRefusal refusal : List.of(
                new TooShort(15),
                new TooLong(256),
                new UntypableCharacter(),
                new MadeOfUsername(),
                new MadeOfSiteName(),
                new CommonOrBreached())) {
            assertTrue(refusal.sentence().matches(".*(Use|Choose|Leave).*\\."), refusal.sentence());
            assertFalse(refusal.sentence().contains("!"), refusal.sentence());
        }
        assertTrue(new TooShort(15).sentence().contains("15"));
    }

    private static void accepts(PasswordRules rules, String password) {
        assertEquals(Optional.empty(), rules.check(Password.typed(password), USER));
    }

    private static void refuses(PasswordRefusal reason, PasswordRules rules, String password) {
        refused(reason, rules.check(Password.typed(password), USER));
    }

    private static void refused(PasswordRefusal reason, Optional<PasswordRefusal> answer) {
        assertEquals(Optional.of(reason), answer);
    }

    private static String withoutLast(String text) {
        return text.substring(0, text.offsetByCodePoints(text.length(), -1));
    }

    private static String varied(int length) {
        return "seven lazy walnuts under a piano, ".repeat(10).substring(0, length);
    }
}
