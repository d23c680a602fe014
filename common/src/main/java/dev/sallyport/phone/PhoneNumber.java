package dev.sallyport.phone;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A phone number that can be dialled from anywhere.
 *
 * @param e164 {@code +}, country calling code and the rest, at most 15 digits (ITU-T E.164); personal data, encrypted
 *     at rest and never logged: show {@link #masked} instead
 */
public record PhoneNumber(String e164) {

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

    /** Country calling codes of two digits; 1 and 7 have one digit, all others three (ITU-T E.164 assignments). */
    private static final Set<String> TWO_DIGIT_CODES = Set.of(
            "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
            "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
            "86", "90", "91", "92", "93", "94", "95", "98");

    /** @throws IllegalArgumentException when it does not have the form of E.164; the message does not repeat it */
    public PhoneNumber {
        if (!E164.matcher(e164).matches()) {
            throw new IllegalArgumentException(
                    "A phone number must have the form +14155550123 here; run what people type through PhoneRules.");
        }
    }

    /** Country calling code and last two digits, always with as many dots: {@code +1 ••• ••• ••12}. */
    public String masked() {
        return "+" + countryCallingCode() + " ••• ••• ••" + e164.substring(e164.length() - 2);
    }

    /** Without the last three digits, E.164: 1,000 numbers share it. */
    public String block() {
        return e164.substring(0, e164.length() - 3);
    }

    @Override
    public String toString() {
        return "PhoneNumber[" + masked() + "]";
    }

    private String countryCallingCode() {
        if (e164.startsWith("+1") || e164.startsWith("+7")) {
            return e164.substring(1, 2);
        }
        String two = e164.substring(1, 3);
        return TWO_DIGIT_CODES.contains(two) ? two : e164.substring(1, 4);
    }
}
