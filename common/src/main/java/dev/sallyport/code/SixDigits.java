package dev.sallyport.code;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A code of six digits, from a text message or from an authenticator app. A secret while it lives: it does not print.
 *
 * @param value six ASCII digits, zeros at the front kept
 */
public record SixDigits(String value) {

    private static final Pattern SIX_DIGITS = Pattern.compile("[0-9]{6}");

    /** Six digits, each with a space and a mark of direction around it, are shorter. */
    private static final int LONGEST_TYPED = 32;

    /** @throws IllegalArgumentException when it isn't six ASCII digits; the message does not repeat it */
    public SixDigits {
        if (!SIX_DIGITS.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "A code must be six ASCII digits here; run what people type through" + " SixDigits.typed.");
        }
    }

    /** One of a million, all equally likely. */
    public static SixDigits random(SecureRandom random) {
        return new SixDigits(String.format(Locale.ROOT, "%06d", random.nextInt(1_000_000)));
    }

    /**
     * Reads what someone typed or pasted: spaces, dashes and invisible marks between the digits are dropped, and the
     * digits may be those of any script, as phones show and keyboards type them.
     */
    public static Optional<SixDigits> typed(String text) {
        if (text.length() > LONGEST_TYPED) {
            return Optional.empty();
        }
        var digits = new StringBuilder();
        for (int character : text.codePoints().filter(SixDigits::counts).toArray()) {
            int digit = Character.digit(character, 10);
            if (digit < 0) {
                return Optional.empty();
            }
            digits.append(digit);
        }
        return digits.length() == 6 ? Optional.of(new SixDigits(digits.toString())) : Optional.empty();
    }

    @Override
    public String toString() {
        return "SixDigits[••••••]";
    }

    private static boolean counts(int character) {
        int type = Character.getType(character);
        return !Character.isWhitespace(character)
                && type != Character.SPACE_SEPARATOR
                && type != Character.DASH_PUNCTUATION
                && type != Character.FORMAT;
    }
}
