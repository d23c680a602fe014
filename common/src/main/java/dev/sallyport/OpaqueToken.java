package dev.sallyport;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * A secret that a browser carries in a cookie: 256 random bits, base64url. Stores keep its {@link #hash()} only, so a
 * copied database opens no door.
 */
public record OpaqueToken(String value) {

    private static final int BYTES = 32;
    private static final int LENGTH = 43;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    public static OpaqueToken random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new OpaqueToken(ENCODER.encodeToString(bytes));
    }

    /** A token as a browser sent it; empty for anything that no {@link #random} ever made, whatever its size. */
    public static Optional<OpaqueToken> parse(String value) {
        return value.length() == LENGTH && isBase64Url(value) ? Optional.of(new OpaqueToken(value)) : Optional.empty();
    }

    /** Asked with each request, of which a regular expression took a tenth. */
    private static boolean isBase64Url(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            boolean alphanumeric = (letter >= 'a' && letter <= 'z')
                    || (letter >= 'A' && letter <= 'Z')
                    || (letter >= '0' && letter <= '9');
            if (!alphanumeric && letter != '-' && letter != '_') {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 of the value, base64url: enough for a secret of 256 random bits, which nobody can guess from it. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
            return ENCODER.encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "•••";
    }
}
