package dev.sallyport.totp;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.regex.Pattern;

/** The base32 of RFC 4648, section 6, which the JDK lacks. */
final class Base32 {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /** At most what RFC 4648 asks for; a pattern without a bound would take quadratic time on a line of them. */
    private static final Pattern PADDING = Pattern.compile("={1,6}$");

    private Base32() {}

    /** Without padding. */
    static String encode(byte[] bytes) {
        var text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte next : bytes) {
            buffer = (buffer << 8) | (next & 0xFF);
            for (bits += 8; bits >= 5; bits -= 5) {
                text.append(ALPHABET.charAt((buffer >>> (bits - 5)) & 31));
            }
        }
        return bits == 0
                ? text.toString()
                : text.append(ALPHABET.charAt((buffer << (5 - bits)) & 31)).toString();
    }

    /** Spaces and hyphens count nowhere, padding not at the end, and letters in either case. */
    static Optional<byte[]> decode(String text) {
        String digits = PADDING.matcher(text.replaceAll("[\\s-]", "")).replaceFirst("");
        var bytes = new ByteArrayOutputStream();
        int buffer = 0;
        int bits = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = ALPHABET.indexOf(upperCase(digits.charAt(i)));
            if (digit < 0) {
                return Optional.empty();
            }
            buffer = (buffer << 5) | digit;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.write(buffer >>> bits);
            }
        }
        // Five bits or more left over: a character is missing or one too many.
        return bits < 5 ? Optional.of(bytes.toByteArray()) : Optional.empty();
    }

    /** Only ASCII: the JDK would also make an I of a dotless ı. */
    private static char upperCase(char letter) {
        return letter >= 'a' && letter <= 'z' ? (char) (letter - 'a' + 'A') : letter;
    }
}
