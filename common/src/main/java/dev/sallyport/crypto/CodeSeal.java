package dev.sallyport.crypto;

import com.google.crypto.tink.HybridEncrypt;
import java.security.GeneralSecurityException;

/** Seals a code and its phone number so that only the dispatcher can read them; who seals can't open again. */
public final class CodeSeal {

    private final LiveKeyset keys;

    public CodeSeal(Keyring keyring) {
        this.keys = keyring.get(KeyFile.publicHalf(Keyset.SEALING));
    }

    /** A seal is 53 bytes longer than its payload. */
    public byte[] seal(byte[] payload, SealContext context) {
        try {
            return keys.primitive(HybridEncrypt.class).encrypt(payload, context.bytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't seal", e);
        }
    }
}
