package dev.sallyport.crypto;

import com.google.crypto.tink.PublicKeySign;
import dev.sallyport.Role;
import java.security.GeneralSecurityException;

/** Signs the events of one role, so that who can merely write to a topic can't make the platform act. */
public final class EventSigner {

    private final Role producer;
    private final LiveKeyset keys;

    /**
     * Signs for one role.
     *
     * @param producer login or enrollment, a role of this process
     */
    public EventSigner(Keyring keyring, Role producer) {
        this.producer = producer;
        this.keys = keyring.get(KeyFile.secret(keysetOf(producer)));
    }

    /** A signature of 69 bytes. */
    public byte[] sign(SignedParts parts) {
        try {
            return keys.primitive(PublicKeySign.class).sign(parts.bytes(producer));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't sign", e);
        }
    }

    static Keyset keysetOf(Role producer) {
        return switch (producer) {
            case LOGIN -> Keyset.LOGIN_SIGNING;
            case ENROLLMENT -> Keyset.ENROLLMENT_SIGNING;
            case SMS_DISPATCHER, AUDIT_SEALER -> throw new IllegalArgumentException(producer + " signs no events");
        };
    }
}
