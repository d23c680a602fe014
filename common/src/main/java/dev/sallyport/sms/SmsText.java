package dev.sallyport.sms;

import dev.sallyport.code.SixDigits;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The text message that carries a code: one segment, because each costs and a second one may arrive late or never. The
 * code stands first, where a lock screen shows it. The last line binds it to the site, so that phones offer it there
 * and nowhere else ("Origin-bound one-time codes delivered via SMS", WICG). Nothing in it comes from the person who
 * asked for it, who could otherwise have the platform send a message of theirs.
 */
public final class SmsText {

    /** What browsers read after the {@code @}; a port would make the line mean nothing to them. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+");

    private static final SixDigits ANY_CODE = new SixDigits("000000");

    private SmsText() {}

    /**
     * The message for this code.
     *
     * @param brand the name of the site
     * @param host of the site's public address, without port
     * @throws IllegalArgumentException with the sentence of {@link #problem} when there is one
     */
    public static String of(SixDigits code, String brand, String host) {
        problem(brand, host).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return text(code, brand, host);
    }

    /** What is wrong with the configuration, in one sentence for the operator; asked at the start. */
    public static Optional<String> problem(String brand, String host) {
        if (!HOST.matcher(host).matches()) {
            return Optional.of("Text messages end with the site's host name, and '" + host
                    + "' isn't one in ASCII without a port: write SALLYPORT_PUBLIC_URL with such a name"
                    + " (non-English ones in their xn-- form).");
        }
        if (brand.isBlank() || brand.codePoints().anyMatch(Character::isISOControl)) {
            return Optional.of("Text messages name the site on one line: set SALLYPORT_BRAND_NAME to its name.");
        }
        OptionalInt foreign = brand.codePoints()
                .filter(character -> !Gsm7.contains(character))
                .findFirst();
        if (foreign.isPresent()) {
            return Optional.of("SALLYPORT_BRAND_NAME contains %s (U+%04X), which is not in the GSM alphabet of text"
                            .formatted(Character.toString(foreign.getAsInt()), foreign.getAsInt())
                    + " messages: write the name without it, or messages would cost double.");
        }
        return tooLong(brand, host);
    }

    private static Optional<String> tooLong(String brand, String host) {
        int septets = Gsm7.septets(text(ANY_CODE, brand, host)).orElseThrow();
        return septets <= Gsm7.SEGMENT
                ? Optional.empty()
                : Optional.of("With this brand name and host, a text message with a code takes " + septets + " of the "
                        + Gsm7.SEGMENT + " characters of one segment: shorten SALLYPORT_BRAND_NAME or the host in"
                        + " SALLYPORT_PUBLIC_URL.");
    }

    private static String text(SixDigits code, String brand, String host) {
        return "%s is your code for %s. Don't give it to anyone.\n\n@%s #%s"
                .formatted(code.value(), brand, host, code.value());
    }
}
