package dev.sallyport.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import com.google.crypto.tink.subtle.Ed25519Verify;
import com.google.crypto.tink.util.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A public key that checks {@link SignedNote}s with nothing else at hand. Its text is the verifier key of C2SP's
 * signed-note: {@code name+hash+base64}.
 */
public final class NoteKey {

    private static final byte ED25519 = 1;
    private static final int KEY_BYTES = 32;

    private final String name;
    private final byte[] publicKey;
    private final int hash;

    private NoteKey(String name, byte[] publicKey) {
        this.name = name;
        this.publicKey = publicKey;
        this.hash = hash(name, typed(publicKey));
    }

    @AccessesPartialKey
    static NoteKey of(String name, Ed25519PublicKey key) {
        return new NoteKey(name, key.getPublicKeyBytes().toByteArray());
    }

    /**
     * Reads the form that {@link #toString} gives.
     *
     * @throws IllegalArgumentException if it is none, or its hash does not fit, as after a slip of the pen
     */
    public static NoteKey parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        try {
            byte[] key = Base64.getDecoder().decode(parts[2]);
            if (key.length == KEY_BYTES + 1 && key[0] == ED25519 && !parts[0].isBlank()) {
                NoteKey read = new NoteKey(parts[0], Arrays.copyOfRange(key, 1, key.length));
                if (read.hashText().equals(parts[1])) {
                    return read;
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "This is not a public key of checkpoints, as ./sallyport audit key prints one: name+hash+base64.");
    }

    public String name() {
        return name;
    }

    /** What a signature says of the key that made it. */
    int hash() {
        return hash;
    }

    private String hashText() {
        return "%08x".formatted(hash);
    }

    /** True if this key signed exactly this text. */
    @AccessesPartialKey
    boolean verifies(byte[] text, byte[] signature) {
        NativeCurves.install();
        try {
            Ed25519Verify.create(Ed25519PublicKey.create(Bytes.copyFrom(publicKey)))
                    .verify(signature, text);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] typed(byte[] publicKey) {
        return ByteBuffer.allocate(1 + publicKey.length)
                .put(ED25519)
                .put(publicKey)
                .array();
    }

    private static int hash(String name, byte[] typedKey) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((name + '\n').getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest.digest(typedKey)).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java without SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey key && key.name.equals(name) && Arrays.equals(key.publicKey, publicKey);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return name + '+' + hashText() + '+' + Base64.getEncoder().encodeToString(typed(publicKey));
    }
}
