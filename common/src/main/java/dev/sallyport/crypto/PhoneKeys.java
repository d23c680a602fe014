package dev.sallyport.crypto;

import java.util.List;

/**
 * The key of a phone's records in Kafka: tells that two records are of one phone, but not which.
 *
 * <p>Rotation changes the key of every phone. A challenge keeps the phone key that it was made with and sends again
 * under that one, so its seal stays valid and its messages stay in order. What looks for a phone's records asks for
 * {@link #all}; after 7 days no topic holds an older key.
 */
public final class PhoneKeys {

    private final KeyedHash hash;

    public PhoneKeys(Keyring keyring) {
        this.hash = new KeyedHash(keyring.get(KeyFile.secret(Keyset.PHONE_KEY)));
    }

    /**
     * The key for new records.
     *
     * @param e164 with plus sign and country code
     * @return 22 characters of base64url
     */
    public String of(String e164) {
        return hash.primary(input(e164));
    }

    /** Every key under which records of this phone may stand, that of new records first. */
    public List<String> all(String e164) {
        return hash.all(input(e164));
    }

    private static byte[] input(String e164) {
        return Parts.of("phone:1").and(e164).bytes();
    }
}
