package dev.sallyport.crypto;

import com.google.crypto.tink.HybridDecrypt;
import java.security.GeneralSecurityException;

/** Opens what {@link CodeSeal} sealed; exists in the dispatcher only. */
public final class CodeOpener {

    private final LiveKeyset keys;

    public CodeOpener(Keyring keyring) {
        this.keys = keyring.get(KeyFile.secret(Keyset.SEALING));
    }

    /**
     * Reads a payload.
     *
     * @throws NotGenuine when it was sealed for another context or to another key, or was changed
     */
    public byte[] open(byte[] sealed, SealContext context) {
        try {
            return keys.primitive(HybridDecrypt.class).decrypt(sealed, context.bytes());
        } catch (GeneralSecurityException e) {
            throw new NotGenuine("A sealed code", !keys.hasKeyOf(sealed));
        }
    }
}
