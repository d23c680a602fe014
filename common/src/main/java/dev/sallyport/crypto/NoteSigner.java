package dev.sallyport.crypto;

import com.google.crypto.tink.PublicKeySign;
import dev.sallyport.crypto.SignedNote.Signature;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;

/** Signs the audit sealers' notes with their newest key. */
public final class NoteSigner {

    /** Tink puts its own id of the key before the signature; without that it is a plain one of Ed25519. */
    private static final int TINK_PREFIX_BYTES = 5;

    private final LiveKeyset keys;
    private final NoteKeys publicKeys;

    public NoteSigner(Keyring keyring) {
        this.keys = keyring.get(KeyFile.secret(Keyset.AUDIT_SEAL));
        this.publicKeys = new NoteKeys(keyring);
    }

    /**
     * Signs a text.
     *
     * @param text lines that each end with a line feed, none of them empty
     * @throws KeysUnusable if the public half lacks the key that signs
     */
    public SignedNote sign(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] signature = raw(bytes);
        NoteKey key = publicKeys.list().stream()
                .filter(candidate -> candidate.verifies(bytes, signature))
                .findFirst()
                .orElseThrow(() ->
                        new KeysUnusable("The public half of %s lacks the key that signs: copy both halves of it here."
                                .formatted(Keyset.AUDIT_SEAL)));
        return new SignedNote(text, List.of(Signature.of(key, signature)));
    }

    private byte[] raw(byte[] text) {
        try {
            byte[] signature = keys.primitive(PublicKeySign.class).sign(text);
            return Arrays.copyOfRange(signature, TINK_PREFIX_BYTES, signature.length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't sign", e);
        }
    }
}
