package dev.sallyport.crypto;

import com.google.crypto.tink.Aead;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * Encrypts single fields of accounts at rest. A ciphertext opens only for the account and field that it was made for,
 * so that who can write to the database can't move a factor from one account to another. 33 bytes longer than the text.
 */
public final class AccountCipher {

    private static final byte TINK_PREFIX = 1;

    private final LiveKeyset keys;

    public AccountCipher(Keyring keyring) {
        this.keys = keyring.get(KeyFile.secret(Keyset.ACCOUNT_DATA));
    }

    /**
     * Encrypts one field.
     *
     * @param accountId the id that never changes, not the user name
     */
    public byte[] encrypt(String accountId, String field, byte[] plaintext) {
        try {
            return keys.primitive(Aead.class).encrypt(plaintext, context(accountId, field));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't encrypt", e);
        }
    }

    /**
     * Reads one field.
     *
     * @throws NotGenuine when it was not encrypted for this account and field, or its key is retired
     */
    public byte[] decrypt(String accountId, String field, byte[] ciphertext) {
        try {
            return keys.primitive(Aead.class).decrypt(ciphertext, context(accountId, field));
        } catch (GeneralSecurityException e) {
            throw new NotGenuine("A stored account field");
        }
    }

    /**
     * The same text under the newest key, or nothing when it is under that key already. The old key of account data may
     * be retired only when every stored value has been through here, which is what {@code keys reencrypt} does.
     *
     * @throws NotGenuine as {@link #decrypt}
     */
    public Optional<byte[]> renewed(String accountId, String field, byte[] ciphertext) {
        byte[] primary = ByteBuffer.allocate(1 + Integer.BYTES)
                .put(TINK_PREFIX)
                .putInt(keys.primaryId())
                .array();
        if (ByteBuffer.wrap(ciphertext).mismatch(ByteBuffer.wrap(primary)) >= primary.length) {
            return Optional.empty();
        }
        return Optional.of(encrypt(accountId, field, decrypt(accountId, field, ciphertext)));
    }

    private static byte[] context(String accountId, String field) {
        return Parts.of("account-data:1").and(accountId).and(field).bytes();
    }
}
