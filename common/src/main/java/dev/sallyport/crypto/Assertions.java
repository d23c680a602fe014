package dev.sallyport.crypto;

import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtPublicKeySign;
import com.google.crypto.tink.jwt.RawJwt;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Signed statements about who asks, for applications of others: JSON Web Tokens under ES256, which live for a minute and
 * which anybody can check with the public keys.
 */
public final class Assertions {

    public static final Duration LIFE = Duration.ofMinutes(1);

    /**
     * What is stated.
     *
     * @param subject the account's id
     * @param userName as its owner writes it
     * @param audience whose application may believe it: a host
     * @param session the session's handle
     * @param authTime when the password was last typed
     * @param acr the assurance level
     * @param amr what was proven; letters only
     */
    public record Statement(
            String subject,
            String userName,
            String audience,
            String session,
            Instant authTime,
            String acr,
            List<String> amr) {}

    private final LiveKeyset keys;
    private final LiveKeyset publicKeys;
    private final String issuer;

    /** @param issuer the address of the central site */
    public Assertions(Keyring keyring, String issuer) {
        this.keys = keyring.get(KeyFile.secret(Keyset.ASSERTION));
        this.publicKeys = keyring.get(KeyFile.publicHalf(Keyset.ASSERTION));
        this.issuer = issuer;
    }

    /** A compact JWT; takes a fraction of a millisecond. */
    public String sign(Statement statement, Instant now) {
        try {
            RawJwt token = RawJwt.newBuilder()
                    .setTypeHeader("JWT")
                    .setIssuer(issuer)
                    .setAudience(statement.audience())
                    .setSubject(statement.subject())
                    .setIssuedAt(now)
                    .setExpiration(now.plus(LIFE))
                    .addStringClaim("preferred_username", statement.userName())
                    .addStringClaim("sid", statement.session())
                    .addNumberClaim("auth_time", statement.authTime().getEpochSecond())
                    .addStringClaim("acr", statement.acr())
                    .addJsonArrayClaim("amr", array(statement.amr()))
                    .build();
            return keys.primitive(JwtPublicKeySign.class).signAndEncode(token);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't sign", e);
        }
    }

    private static String array(List<String> words) {
        return words.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }

    /** The keys that check assertions, as a JSON Web Key Set (RFC 7517): also one that waits, and old ones. */
    public String jwks() {
        try {
            return JwkSetConverter.fromPublicKeysetHandle(publicKeys.publicKeys());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Tink can't write public keys", e);
        }
    }
}
