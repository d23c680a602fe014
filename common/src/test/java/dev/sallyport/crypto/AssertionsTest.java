package dev.sallyport.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.Assertions.Statement;
import dev.sallyport.crypto.KeyRotation.Stage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Assertions are checked as others check them: with nothing but Java's own algorithms and the published keys. */
class AssertionsTest {

    private static final Instant NOW = Instant.parse("2026-05-04T12:00:00.999Z");
    private static final Statement STATEMENT = new Statement(
            "019df2cc-c7c0-7c11-8e6f-5b1d2c3a4f50",
            "zoë \"quoted\"",
            "wiki.example.com",
            "019df2dc-0a7b-7d52-9c0e-2f4b8a61d7e3",
            NOW.minusSeconds(90),
            "urn:sallyport:aal:2",
            List.of("pwd", "otp", "mfa"));

    @TempDir
    Path folder;

    private Keyring keyring;
    private Assertions assertions;

    @BeforeEach
    void makeKeys() {
        new KeyFolder(folder).init();
        Path exported = folder.resolve("login");
        new KeyFolder(folder).export(Set.of(Role.LOGIN), exported);
        keyring = Keyring.open(exported, Set.of(Role.LOGIN));
        assertions = new Assertions(keyring, "https://login.example.com");
    }

    @Test
    void anApplicationLearnsWhoAsksAndForHowLong() {
        String[] parts = assertions.sign(STATEMENT, NOW).split("\\.", -1);
        assertEquals(3, parts.length);
        JsonObject header = json(parts[0]);
        assertEquals("ES256", header.getString("alg"));
        assertEquals("JWT", header.getString("typ"));
        JsonObject claims = json(parts[1]);
        assertEquals(
                new JsonObject()
                        .put("iss", "https://login.example.com")
                        .put("aud", "wiki.example.com")
                        .put("sub", STATEMENT.subject())
                        .put("iat", NOW.getEpochSecond())
                        .put("exp", NOW.getEpochSecond() + 60)
                        .put("preferred_username", STATEMENT.userName())
                        .put("sid", STATEMENT.session())
                        .put("auth_time", NOW.getEpochSecond() - 90)
                        .put("acr", "urn:sallyport:aal:2")
                        .put("amr", new JsonArray(STATEMENT.amr())),
                claims);
    }

    @Test
    void thePublishedKeysCheckItAndTellNoSecret() throws GeneralSecurityException {
        String assertion = assertions.sign(STATEMENT, NOW);
        assertTrue(holds(assertion, assertions.jwks()));
        String[] parts = assertion.split("\\.", -1);
        String forged = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        json(parts[1]).put("sub", "somebody else").encode().getBytes(StandardCharsets.UTF_8));
        assertFalse(holds(parts[0] + '.' + forged + '.' + parts[2], assertions.jwks()));
        JsonObject key = new JsonObject(assertions.jwks()).getJsonArray("keys").getJsonObject(0);
        assertFalse(key.containsKey("d"), key::encode);
        assertEquals("ES256", key.getString("alg"));
        assertEquals("sig", key.getString("use"));
    }

    @Test
    void whileKeysAreChangedThePublishedOnesCheckAllThatIsSigned() throws GeneralSecurityException {
        String before = assertions.sign(STATEMENT, NOW);
        rotate(Stage.ADD);
        String waiting = assertions.jwks();
        rotate(Stage.PROMOTE);
        String after = assertions.sign(STATEMENT, NOW);
        assertTrue(holds(after, waiting), "known before it signs");
        assertTrue(holds(before, assertions.jwks()) && holds(after, assertions.jwks()));
        rotate(Stage.RETIRE);
        assertFalse(holds(before, assertions.jwks()));
        assertTrue(holds(after, assertions.jwks()));
    }

    private void rotate(Stage stage) {
        new KeyRotation(folder).run(Keyset.ASSERTION, stage);
        new KeyFolder(folder).export(Set.of(Role.LOGIN), folder.resolve("login"));
        keyring.reload();
    }

    @Test
    void noOtherRoleSigns() {
        Path exported = folder.resolve("enrollment");
        new KeyFolder(folder).export(Set.of(Role.ENROLLMENT), exported);
        Keyring enrollment = Keyring.open(exported, Set.of(Role.ENROLLMENT));
        assertThrows(IllegalStateException.class, () -> new Assertions(enrollment, "https://login.example.com"));
    }

    private static boolean holds(String assertion, String jwks) throws GeneralSecurityException {
        String[] parts = assertion.split("\\.", -1);
        Optional<PublicKey> key = key(json(parts[0]).getString("kid"), jwks);
        if (key.isEmpty()) {
            return false;
        }
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format", "SunEC");
        signature.initVerify(key.get());
        signature.update((parts[0] + '.' + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static Optional<PublicKey> key(String kid, String jwks) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC", "SunEC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec parameters = curve.getParameterSpec(ECParameterSpec.class);
        JsonArray keys = new JsonObject(jwks).getJsonArray("keys");
        for (int i = 0; i < keys.size(); i++) {
            JsonObject key = keys.getJsonObject(i);
            if (key.getString("kid").equals(kid)) {
                ECPoint point = new ECPoint(number(key.getString("x")), number(key.getString("y")));
                return Optional.of(
                        KeyFactory.getInstance("EC", "SunEC").generatePublic(new ECPublicKeySpec(point, parameters)));
            }
        }
        return Optional.empty();
    }

    private static BigInteger number(String base64) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64));
    }

    private static JsonObject json(String base64) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8));
    }
}
