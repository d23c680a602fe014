package dev.sallyport.crypto;

import com.google.crypto.tink.PublicKeyVerify;
import dev.sallyport.Role;
import java.security.GeneralSecurityException;
import java.util.Map;

/** Checks who produced an event. The producer's name is part of what is signed, and each has a key of its own. */
public final class EventVerifier {

    private final Map<Role, LiveKeyset> keys;

    public EventVerifier(Keyring keyring) {
        this.keys = Map.of(Role.LOGIN, keysOf(Role.LOGIN, keyring), Role.ENROLLMENT, keysOf(Role.ENROLLMENT, keyring));
    }

    /**
     * Returns when {@code claimed} signed exactly these parts.
     *
     * @throws NotGenuine otherwise, also for a role that signs no events
     */
    public void verify(Role claimed, SignedParts parts, byte[] signature) {
        LiveKeyset ofRole = keys.get(claimed);
        try {
            if (ofRole == null) {
                throw new GeneralSecurityException("no keys");
            }
            ofRole.primitive(PublicKeyVerify.class).verify(signature, parts.bytes(claimed));
        } catch (GeneralSecurityException e) {
            throw new NotGenuine("An event's signature", ofRole != null && !ofRole.hasKeyOf(signature));
        }
    }

    private static LiveKeyset keysOf(Role producer, Keyring keyring) {
        return keyring.get(KeyFile.publicHalf(EventSigner.keysetOf(producer)));
    }
}
