package dev.sallyport.crypto;

import com.google.crypto.tink.Mac;
import java.security.GeneralSecurityException;

/** The only form in which a code is stored: a MAC over its challenge and itself. Compared in constant time. */
public final class CodeMac {

    private final LiveKeyset keys;

    public CodeMac(Keyring keyring) {
        this.keys = keyring.get(KeyFile.secret(Keyset.CODE_PEPPER));
    }

    /** What to store for a code: 37 bytes. */
    public byte[] of(String challengeId, String code) {
        try {
            return keys.primitive(Mac.class).computeMac(input(challengeId, code));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't compute a MAC", e);
        }
    }

    public boolean matches(String challengeId, String code, byte[] stored) {
        try {
            keys.primitive(Mac.class).verifyMac(stored, input(challengeId, code));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] input(String challengeId, String code) {
        return Parts.of("code:1").and(challengeId).and(code).bytes();
    }
}
