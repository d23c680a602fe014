package dev.sallyport.authz;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The path of a request as any application will understand it: decoded once, without dot segments. Of a path that two
 * of them may understand in two ways there is none, since a rule that was found by one meaning guards nothing that is
 * reached by the other.
 */
final class AskedPath {

    /** What some servers take for a slash, for parameters of a segment or for the path's end. */
    private static final String NEVER_PLAIN = "\\;#?";

    /** What means something else than itself once it is decoded; a percent sign asks to be decoded again. */
    private static final String NEVER_ENCODED = "/\\;.%?#";

    /** Windows leaves these out at the end of a name, or takes them for a stream of the file before them. */
    private static final Pattern LEFT_OUT = Pattern.compile("[. ](/|$)|:\\$");

    private final String path;
    private final String inLowerCase;

    private AskedPath(String path) {
        this.path = path;
        this.inLowerCase = lower(path);
    }

    /** @param raw as the client sent it, without the query; empty if it has no one meaning */
    static Optional<AskedPath> parse(String raw) {
        if (!raw.startsWith("/") || raw.contains("//") || !isPlain(raw)) {
            return Optional.empty();
        }
        return decode(raw)
                .flatMap(AskedPath::withoutDots)
                .filter(path -> !LEFT_OUT.matcher(path).find())
                .map(AskedPath::new);
    }

    /** Visible ASCII. No pattern: of a long path one with a choice would need a deep stack. */
    private static boolean isPlain(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char letter = raw.charAt(i);
            if (letter == '%') {
                if (raw.length() < i + 3
                        || !HexFormat.isHexDigit(raw.charAt(i + 1))
                        || !HexFormat.isHexDigit(raw.charAt(i + 2))) {
                    return false;
                }
                i += 2;
            } else if (letter < '!' || letter > '~' || NEVER_PLAIN.indexOf(letter) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** A character that overlong UTF-8 stands for is not found here, nor half of one. */
    private static Optional<String> decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return Optional.of(raw);
        }
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char letter = raw.charAt(i);
            if (letter == '%') {
                letter = (char) HexFormat.fromHexDigits(raw, i + 1, i + 3);
                if (NEVER_ENCODED.indexOf(letter) >= 0) {
                    return Optional.empty();
                }
                i += 2;
            }
            bytes.put((byte) letter);
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            return Optional.of(text).filter(AskedPath::isPlainText);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** No control characters, and nothing that becomes other text, such as a slash of full width does, where it is normalized. */
    private static boolean isPlainText(String text) {
        return text.chars().noneMatch(Character::isISOControl) && Normalizer.isNormalized(text, Normalizer.Form.NFKC);
    }

    /** Empty if the path leads out of the root. */
    private static Optional<String> withoutDots(String path) {
        if (!path.contains("/.")) {
            return Optional.of(path);
        }
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : path.substring(1).split("/", -1)) {
            if (segment.equals("..")) {
                if (kept.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        return Optional.of('/' + String.join("/", kept));
    }

    /** @param prefix without a slash at its end */
    boolean isAtOrBelow(String prefix) {
        return isAtOrBelow(path, prefix);
    }

    /** The same where upper and lower case are one. */
    boolean isAtOrBelowInAnyCase(String prefix) {
        return isAtOrBelow(inLowerCase, lower(prefix));
    }

    private static boolean isAtOrBelow(String path, String prefix) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return path;
    }
}
