package dev.sallyport.crypto;

import com.google.crypto.tink.Mac;
import dev.sallyport.Role;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;

/**
 * What dispatchers tell one another by way of Kafka is theirs if it bears this MAC. A MAC, where web roles sign: who checks
 * it may make it as well, and it costs a hundredth.
 */
public final class DispatchMac {

    private static final int KEY_ID_BYTES = 5;
    private static final int PSEUDONYM_BYTES = 12;

    private final LiveKeyset keys;

    public DispatchMac(Keyring keyring) {
        this.keys = keyring.get(KeyFile.secret(Keyset.DISPATCH_LOG));
    }

    /** The MAC of a record's parts: 37 bytes. */
    public byte[] of(SignedParts parts) {
        return mac(parts.bytes(Role.SMS_DISPATCHER));
    }

    /** False if no dispatcher wrote the parts as they are, or under a key that is retired. Compares in constant time. */
    public boolean matches(SignedParts parts, byte[] mac) {
        try {
            keys.primitive(Mac.class).verifyMac(mac, parts.bytes(Role.SMS_DISPATCHER));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * Stands for a value that must not be readable, such as the beginning of a phone number. Equal for equal values until
     * keys are rotated.
     *
     * @param purpose keeps pseudonyms of different sorts apart
     * @return 16 characters of base64url
     */
    public String pseudonym(String purpose, String value) {
        byte[] mac = mac(Parts.of("pseudonym:1").and(purpose).and(value).bytes());
        byte[] some = Arrays.copyOfRange(mac, KEY_ID_BYTES, KEY_ID_BYTES + PSEUDONYM_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(some);
    }

    private byte[] mac(byte[] input) {
        try {
            return keys.primitive(Mac.class).computeMac(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't compute a MAC", e);
        }
    }
}
