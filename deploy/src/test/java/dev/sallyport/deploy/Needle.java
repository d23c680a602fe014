package dev.sallyport.deploy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something secret and every form in which it could lie around: as it is, in UTF-16, hexadecimal and base64, the last in
 * all three alignments within longer data.
 */
final class Needle {

    /** A text of so few characters comes up by chance within longer numbers and words. */
    private static final int SHORT = 8;

    private final String what;
    private final boolean alone;
    private final byte[] plain;
    private final List<byte[]> forms;

    private Needle(String what, byte[] plain) {
        this.what = what;
        this.plain = plain;
        this.alone = plain.length < SHORT;
        this.forms = forms(plain);
    }

    static Needle text(String what, String text) {
        return new Needle(what, text.getBytes(StandardCharsets.UTF_8));
    }

    static Needle bytes(String what, byte[] bytes) {
        return new Needle(what, bytes.clone());
    }

    String what() {
        return what;
    }

    /** In which form it is there, if it is. */
    Optional<String> in(byte[] haystack) {
        for (int at = indexOf(haystack, plain, 0); at >= 0; at = indexOf(haystack, plain, at + 1)) {
            if (!alone || (!isWord(haystack, at - 1) && !isWord(haystack, at + plain.length))) {
                return Optional.of(what + " as it is, at " + at);
            }
        }
        for (byte[] form : forms) {
            int at = indexOf(haystack, form, 0);
            if (at >= 0) {
                return Optional.of(what + " as " + new String(form, StandardCharsets.ISO_8859_1) + ", at " + at);
            }
        }
        return Optional.empty();
    }

    private static List<byte[]> forms(byte[] plain) {
        Set<String> forms = new LinkedHashSet<>();
        String text = new String(plain, StandardCharsets.UTF_8);
        forms.add(latin(text.getBytes(StandardCharsets.UTF_16LE)));
        forms.add(latin(text.getBytes(StandardCharsets.UTF_16BE)));
        forms.add(HexFormat.of().formatHex(plain));
        forms.add(HexFormat.of().withUpperCase().formatHex(plain));
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (int shift = 0; shift < 3; shift++) {
                forms.add(unchanging(encoder, plain, shift));
            }
        }
        List<byte[]> all = new ArrayList<>();
        forms.forEach(form -> all.add(form.getBytes(StandardCharsets.ISO_8859_1)));
        return all;
    }

    /** The characters that do not depend on what stands before and after. */
    private static String unchanging(Base64.Encoder encoder, byte[] plain, int shift) {
        byte[] shifted = new byte[shift + plain.length];
        System.arraycopy(plain, 0, shifted, shift, plain.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int from = (shift * 8 + 5) / 6;
        int to = shifted.length * 8 / 6;
        return encoded.substring(from, to);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static boolean isWord(byte[] haystack, int at) {
        return at >= 0 && at < haystack.length && Character.isLetterOrDigit(haystack[at]);
    }

    private static int indexOf(byte[] haystack, byte[] needle, int from) {
        int last = haystack.length - needle.length;
        for (int at = from; at <= last; at++) {
            if (haystack[at] == needle[0]
                    && Arrays.equals(haystack, at, at + needle.length, needle, 0, needle.length)) {
                return at;
            }
        }
        return -1;
    }
}
