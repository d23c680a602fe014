package dev.sallyport.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber;
import dev.sallyport.phone.PhoneOutcome.Accepted;
import dev.sallyport.phone.PhoneOutcome.Refused;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneRulesTest {

    private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();
    private static final Set<String> SERVED = Set.of("US", "CA");
    private static final PhoneRules UNLESS_CONFIGURED = new PhoneRules("US", SERVED);
    private static final PhoneRules EVERYWHERE = new PhoneRules("US", LIBRARY.getSupportedRegions());

    /** Territories whose mobile numbers can't be told from those of a neighbour; of the Isle of Man's, some. */
    private static final Map<String, String> COUNTED_AS = Map.of(
            "AX", "FI", "BL", "GP", "CC", "AU", "CX", "AU", "EH", "MA", "IM", "GB", "MF", "GP", "SJ", "NO", "VA", "IT");

    static Stream<String> regionsWithMobiles() {
        return LIBRARY.getSupportedRegions().stream()
                .filter(region -> LIBRARY.getExampleNumberForType(region, PhoneNumberType.MOBILE) != null);
    }

    static Set<String> regions() {
        return LIBRARY.getSupportedRegions();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(415) 555-2671",
                "415-555-2671",
                "415.555.2671",
                "4155552671",
                " 1 415 555 2671 ",
                "+1 (415) 555\u20112671",
                "+14155552671",
                "011 1 415 555 2671",
                "tel:+1-415-555-2671",
                "\u202A+1 415 555 2671\u202C",
                "\uFF0B\uFF11\uFF14\uFF11\uFF15\uFF15\uFF15\uFF15\uFF12\uFF16\uFF17\uFF11"
            })
    void oneNumberMayBeTypedInManyWays(String typed) {
        assertEquals(new Accepted(new PhoneNumber("+14155552671"), "US"), UNLESS_CONFIGURED.parse(typed));
    }

    @ParameterizedTest
    @CsvSource({
        "DE, 0151 12345678, +4915112345678",
        "GB, 07400 123456, +447400123456",
        "IT, 312 345 6789, +393123456789",
        "AR, 011 15-2345-6789, +5491123456789",
        "FR, 06 12 34 56 78, +33612345678"
    })
    void aNationalNumberIsOneOfTheDefaultRegion(String region, String typed, String e164) {
        assertEquals(new Accepted(new PhoneNumber(e164), region), new PhoneRules(region, Set.of(region)).parse(typed));
    }

    @ParameterizedTest
    @CsvSource({
        "+1 604 555 0123, CA",
        "+1 416 555 0123, CA",
        "(604) 555-0123, CA",
        "+1 907 555 0123, US",
        "+1 808 555 0123, US"
    })
    void theRegionIsThatOfTheNumberAndNotOfTheDialCode(String typed, String region) {
        assertEquals(
                region,
                assertInstanceOf(Accepted.class, UNLESS_CONFIGURED.parse(typed)).region());
    }

    @ParameterizedTest
    @CsvSource({
        "+1 876 210 1234, JM",
        "+1 264 235 1234, AI",
        "+1 787 234 5678, PR",
        "876 210 1234, JM",
        "+44 7911 123456, GG",
        "+44 7781 123456, GG",
        "+7 701 234 5678, KZ",
        "+44 7400 123456, GB",
        "01144 7400 123456, GB"
    })
    void aNeighbourUnderTheSameDialCodeIsNotLetInWithIt(String typed, String region) {
        assertEquals(PhoneProblem.REGION_NOT_SERVED, refused(UNLESS_CONFIGURED, typed));
        assertEquals(
                region,
                assertInstanceOf(Accepted.class, EVERYWHERE.parse(typed)).region());
    }

    @Test
    void theUnitedKingdomDoesNotBringItsIslandsAlong() {
        var british = new PhoneRules("GB", Set.of("GB"));
        assertInstanceOf(Accepted.class, british.parse("07400 123456"));
        assertEquals(PhoneProblem.REGION_NOT_SERVED, refused(british, "07911 123456"), "Guernsey");
        assertEquals(PhoneProblem.REGION_NOT_SERVED, refused(british, "07624 123456"), "Isle of Man");
    }

    @Test
    void russiaDoesNotBringKazakhstanAlong() {
        var russian = new PhoneRules("RU", Set.of("RU"));
        assertInstanceOf(Accepted.class, russian.parse("8 (916) 123-45-67"));
        assertEquals(PhoneProblem.REGION_NOT_SERVED, refused(russian, "8 (701) 234-56-78"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+881 612 345 678", "+800 1234 5678", "+870 773 111 632", "+979 123 456 789"})
    void satellitesAndOtherNumbersOfNoCountryAreNeverServed(String typed) {
        assertEquals(PhoneProblem.REGION_NOT_SERVED, refused(EVERYWHERE, typed));
    }

    @ParameterizedTest
    @MethodSource("regionsWithMobiles")
    void theMobileNumbersOfEveryRegionPassWhereItIsAllowedAndOnlyThere(String region) {
        var example = LIBRARY.getExampleNumberForType(region, PhoneNumberType.MOBILE);
        String counted = COUNTED_AS.getOrDefault(region, region);
        var accepted = new Accepted(new PhoneNumber(e164(example)), counted);
        var rules = new PhoneRules(counted, Set.of(counted));
        assertEquals(accepted, rules.parse(LIBRARY.format(example, PhoneNumberFormat.NATIONAL)));
        assertEquals(accepted, EVERYWHERE.parse(e164(example)));
        if (!SERVED.contains(region)) {
            assertEquals(PhoneProblem.REGION_NOT_SERVED, refused(UNLESS_CONFIGURED, e164(example)));
        }
    }

    @Test
    void whatIsCountedAsTheNeighboursDoesNotPassWithTheTerritoryAlone() {
        COUNTED_AS.forEach((territory, neighbour) -> assertEquals(
                PhoneProblem.REGION_NOT_SERVED,
                refused(
                        new PhoneRules(territory, Set.of(territory)),
                        e164(LIBRARY.getExampleNumberForType(territory, PhoneNumberType.MOBILE))),
                territory));
    }

    @ParameterizedTest
    @MethodSource("regions")
    void noOtherKindOfNumberPassesInAnyRegion(String region) {
        var others = EnumSet.complementOf(
                EnumSet.of(PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UNKNOWN));
        for (PhoneNumberType type : others) {
            var example = LIBRARY.getExampleNumberForType(region, type);
            if (example != null && LIBRARY.getNumberType(example) == type) {
                assertInstanceOf(Refused.class, EVERYWHERE.parse(e164(example)), region + " " + type);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1 800 555 1212", // toll-free
                "+1 900 234 5678", // premium
                "+1 500 555 0006", // personal: also Twilio's test numbers
                "+1 522 234 5678",
                "+1 533 234 5678"
            })
    void numbersThatRingWithSomeoneElseAreRefused(String typed) {
        assertEquals(PhoneProblem.NOT_MOBILE, refused(UNLESS_CONFIGURED, typed));
    }

    @Test
    void whereMobilesHaveNumbersOfTheirOwnFixedAndInternetPhonesAreRefused() {
        var british = new PhoneRules("GB", Set.of("GB"));
        assertEquals(PhoneProblem.NOT_MOBILE, refused(british, "020 7946 0018"), "fixed");
        assertEquals(PhoneProblem.NOT_MOBILE, refused(british, "056 1234 5678"), "VoIP");
        assertEquals(PhoneProblem.NOT_MOBILE, refused(british, "070 1234 5678"), "personal");
        assertEquals(PhoneProblem.NOT_MOBILE, refused(british, "076 4012 3456"), "pager");
        assertEquals(PhoneProblem.NOT_MOBILE, refused(british, "09012 345678"), "premium");
    }

    @ParameterizedTest
    @ValueSource(strings = {"415 555 2671 ext. 5", "415 555 2671x5", "+14155552671;ext=5", "415 555 2671 #5"})
    void anExtensionIsRefused(String typed) {
        assertEquals(PhoneProblem.HAS_EXTENSION, refused(UNLESS_CONFIGURED, typed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"12", "911", "112", "2671", "555-555-5555", "+1 555 555 0100", "415 555 26711", "+1 115 555 2671"
            })
    void whatNoPhoneHasIsNotValid(String typed) {
        assertEquals(PhoneProblem.NOT_VALID, refused(UNLESS_CONFIGURED, typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+353 1 234", "+49 12", "+7 000 000 0000", "+52 1 55 1234 5678"})
    void anInvalidNumberFromAnywhereIsNotValidRatherThanNotServed(String typed) {
        assertEquals(PhoneProblem.NOT_VALID, refused(UNLESS_CONFIGURED, typed));
        assertEquals(PhoneProblem.NOT_VALID, refused(EVERYWHERE, typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "+", "none of yours", "alice@example.com", "\uD800", "+0", "+999 1234567"})
    void whatIsNoNumberAtAllSaysSo(String typed) {
        assertEquals(PhoneProblem.NOT_A_NUMBER, refused(UNLESS_CONFIGURED, typed));
    }

    @Test
    void longTextIsNotEvenRead() {
        assertEquals(PhoneProblem.NOT_A_NUMBER, refused(UNLESS_CONFIGURED, " ".repeat(60) + "4155552671"));
        assertEquals(PhoneProblem.NOT_A_NUMBER, refused(UNLESS_CONFIGURED, "1".repeat(16_384)));
    }

    @Test
    void nothingThatCanBeTypedThrows() {
        String pieces = "0123456789 +-().x#;=ext*/\u00A0\u2011\uFF0B\uFF11\u0661abcXYZ~,:tel";
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            var typed = new StringBuilder();
            for (int i = random.nextInt(24); i >= 0; i--) {
                typed.append(pieces.charAt(random.nextInt(pieces.length())));
            }
            EVERYWHERE.parse(typed.toString());
        }
    }

    @Test
    void regionsThatDoNotExistAreAllNamedAtOnce() {
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> new PhoneRules("USA", Set.of("US", "UK", "001", "", "DE")));
        assertTrue(thrown.getMessage().startsWith("Unknown phone regions [, 001, UK, USA]: "), thrown.getMessage());
    }

    @Test
    void theDefaultRegionMustBeServed() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> new PhoneRules("US", Set.of("DE", "AT")));
        assertEquals(
                "The default phone region US is not among SALLYPORT_PHONE_REGIONS [AT, DE]: add it there, or set"
                        + " SALLYPORT_PHONE_DEFAULT_REGION (for an import, --region) to one of those.",
                thrown.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new PhoneRules("US", Set.of()));
    }

    @Test
    void regionsMayBeWrittenInLowerCase() {
        assertInstanceOf(Accepted.class, new PhoneRules("us", Set.of("us")).parse("415 555 2671"));
    }

    @ParameterizedTest
    @EnumSource
    void everyProblemSaysWhatToDoInSentences(PhoneProblem problem) {
        assertTrue(problem.sentence().endsWith("."), problem.sentence());
        assertTrue(problem.sentence().length() < 160, problem.sentence());
        assertFalse(problem.sentence().contains("  "), problem.sentence());
    }

    private static PhoneProblem refused(PhoneRules rules, String typed) {
        return assertInstanceOf(Refused.class, rules.parse(typed)).problem();
    }

    private static String e164(Phonenumber.PhoneNumber number) {
        return LIBRARY.format(number, PhoneNumberFormat.E164);
    }
}
