package dev.sallyport.crypto;

import com.google.crypto.tink.Mac;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Short-lived values that a browser carries and can read but not make: anti-forgery tokens, cookies before a session.
 * There is no expiry in here; a value that must end carries its own.
 */
public final class WebTokens {

    private static final int MAC_BYTES = 37;

    private final LiveKeyset keys;

    public WebTokens(Keyring keyring) {
        this.keys = keyring.get(KeyFile.secret(Keyset.WEB_TOKENS));
    }

    /**
     * Signs a value.
     *
     * @param purpose what the token is for; what it is bound to but must not show, such as a session, belongs in
     *     here too
     * @return base64url: the MAC, then the value
     */
    public String sign(String purpose, byte[] value) {
        try {
            byte[] mac = keys.primitive(Mac.class).computeMac(input(purpose, value));
            byte[] token = Arrays.copyOf(mac, MAC_BYTES + value.length);
            System.arraycopy(value, 0, token, MAC_BYTES, value.length);
            return encode(token);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't compute a MAC", e);
        }
    }

    /** The value, when this platform signed exactly this token for this purpose; nothing for any other text. */
    public Optional<byte[]> verify(String purpose, String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            // Of several spellings of the same bytes only ours counts, so that a used token can be known by its text.
            if (bytes.length < MAC_BYTES || !encode(bytes).equals(token)) {
                return Optional.empty();
            }
            byte[] value = Arrays.copyOfRange(bytes, MAC_BYTES, bytes.length);
            keys.primitive(Mac.class).verifyMac(Arrays.copyOf(bytes, MAC_BYTES), input(purpose, value));
            return Optional.of(value);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] input(String purpose, byte[] value) {
        return Parts.of("web-token:1").and(purpose).and(value).bytes();
    }
}
