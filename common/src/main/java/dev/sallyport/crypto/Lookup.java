package dev.sallyport.crypto;

import java.util.List;

/**
 * Keys of records about addresses and user names that must not be readable in the database, such as throttle records.
 *
 * <p>Write under {@link #of}; read under {@link #all} and let the strictest record count, since until the old key is
 * retired some nodes may still write under it. Then no one gets a new budget from a rotation. Records must not outlive
 * the old key (30 days), so nothing that is meant to last longer may be found by this hash alone.
 */
public final class Lookup {

    private final KeyedHash hash;

    public Lookup(Keyring keyring) {
        this.hash = new KeyedHash(keyring.get(KeyFile.secret(Keyset.LOOKUP)));
    }

    /**
     * The key for a new record.
     *
     * @param purpose keeps records of different sorts apart, so that they can't be joined by value
     * @return 22 characters of base64url
     */
    public String of(String purpose, String value) {
        return hash.primary(input(purpose, value));
    }

    /** Every key under which a record may stand, that of new records first. */
    public List<String> all(String purpose, String value) {
        return hash.all(input(purpose, value));
    }

    private static byte[] input(String purpose, String value) {
        return Parts.of("lookup:1").and(purpose).and(value).bytes();
    }
}
