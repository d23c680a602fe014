package dev.sallyport.phone;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber;
import dev.sallyport.phone.PhoneOutcome.Accepted;
import dev.sallyport.phone.PhoneOutcome.Refused;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which phone numbers may receive codes. Regions are allowed one by one and by ISO code, because dial codes span
 * countries of very different prices: +1 is also Jamaica, +44 Guernsey, +7 Kazakhstan, and criminals who earn from
 * expensive text messages know it. Satellite and other numbers of no country are never allowed, nor are numbers
 * that aren't mobile (in some regions, mobile or fixed can't be told apart; those pass).
 *
 * <p>Where a territory shares its mobile numbers with a larger neighbour, they count as that neighbour's, so that
 * allowing the territory alone lets none of them in: Åland as FI, Svalbard as NO, Christmas and Cocos Islands as AU,
 * Western Sahara as MA, the Vatican as IT, Saint Barthélemy and Saint Martin as GP; of the Isle of Man's, those that
 * begin with +44 7924 count as GB.
 *
 * <p>Safe for many threads at once. The tables of a region are read from the class path when a number of its dial code
 * is first seen; the constructor does that for the allowed ones.
 */
public final class PhoneRules {

    /** Every written form of a number fits; what is longer is no number and not worth the library's patterns. */
    private static final int LONGEST_TYPED = 64;

    private static final Set<PhoneNumberType> MOBILE =
            EnumSet.of(PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE);

    private final PhoneNumberUtil library = PhoneNumberUtil.getInstance();
    private final String defaultRegion;
    private final Set<String> allowed;

    /**
     * @param defaultRegion ISO 3166-1 code of the region whose numbers people type without a country code; one of those
     *     allowed
     * @param allowedRegions ISO 3166-1 codes; upper or lower case
     * @throws IllegalArgumentException naming all regions that don't exist, in one sentence for the operator
     */
    public PhoneRules(String defaultRegion, Set<String> allowedRegions) {
        this.defaultRegion = defaultRegion.toUpperCase(Locale.ROOT);
        this.allowed = allowedRegions.stream()
                .map(region -> region.toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        problem(defaultRegion, allowedRegions).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        allowed.forEach(region -> parse("+" + library.getCountryCodeForRegion(region) + "2000000000"));
    }

    /** What is wrong with regions that the constructor would not take, in one sentence for the operator. */
    public static Optional<String> problem(String defaultRegion, Set<String> allowedRegions) {
        String usual = defaultRegion.toUpperCase(Locale.ROOT);
        Set<String> allowed = new TreeSet<>();
        allowedRegions.forEach(region -> allowed.add(region.toUpperCase(Locale.ROOT)));
        Set<String> unknown = new TreeSet<>(allowed);
        unknown.add(usual);
        unknown.removeAll(PhoneNumberUtil.getInstance().getSupportedRegions());
        if (!unknown.isEmpty()) {
            return Optional.of("Unknown phone regions " + unknown
                    + ": write two-letter ISO 3166 country codes, such as US, CA or GB, in SALLYPORT_PHONE_REGIONS and"
                    + " SALLYPORT_PHONE_DEFAULT_REGION (for an import, --region).");
        }
        if (!allowed.contains(usual)) {
            return Optional.of("The default phone region " + usual + " is not among SALLYPORT_PHONE_REGIONS " + allowed
                    + ": add it there, or set SALLYPORT_PHONE_DEFAULT_REGION (for an import, --region) to one of"
                    + " those.");
        }
        return Optional.empty();
    }

    /** What someone typed, in any national format of the default region or any international one. Never throws. */
    public PhoneOutcome parse(String typed) {
        if (typed.length() > LONGEST_TYPED) {
            return new Refused(PhoneProblem.NOT_A_NUMBER);
        }
        Phonenumber.PhoneNumber number;
        try {
            number = library.parse(typed, defaultRegion);
        } catch (NumberParseException e) {
            return new Refused(PhoneProblem.NOT_A_NUMBER);
        }
        if (number.hasExtension()) {
            return new Refused(PhoneProblem.HAS_EXTENSION);
        }
        if (!library.isValidNumber(number)) {
            return new Refused(PhoneProblem.NOT_VALID);
        }
        String region = library.getRegionCodeForNumber(number);
        if (!allowed.contains(region)) {
            return new Refused(PhoneProblem.REGION_NOT_SERVED);
        }
        if (!MOBILE.contains(library.getNumberType(number))) {
            return new Refused(PhoneProblem.NOT_MOBILE);
        }
        return new Accepted(new PhoneNumber(library.format(number, PhoneNumberFormat.E164)), region);
    }
}
