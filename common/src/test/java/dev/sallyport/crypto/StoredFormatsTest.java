package dev.sallyport.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.prf.HmacPrfKey;
import dev.sallyport.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data and topics outlive a release, so what an earlier one stored is read with the keys that it stored. */
class StoredFormatsTest {

    private static final byte[] TEXT = "twenty bytes of seed".getBytes(UTF_8);
    private static final String PHONE = "+15005550006";

    @TempDir
    Path folder;

    private final Properties stored = new Properties();
    private Keyring keyring;

    @BeforeEach
    void open() throws IOException {
        for (KeyFile file : KeyFile.all()) {
            try (InputStream keys = resource(file.fileName())) {
                Files.copy(keys, file.in(folder));
            }
            Files.setPosixFilePermissions(file.in(folder), PosixFilePermissions.fromString("rw-------"));
        }
        try (InputStream made = resource("made.properties")) {
            stored.load(made);
        }
        keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
    }

    @Test
    void whatAnEarlierReleaseStoredIsRead() {
        SealContext context = new SealContext("send-code", "c1", "p1", Instant.parse("2026-03-01T12:05:00.123Z"));
        SignedParts parts = new SignedParts(Map.of("ce_id", "m1", "ce_type", "send-code"), "p1", TEXT);

        assertArrayEquals(TEXT, new AccountCipher(keyring).decrypt("a1", "totp-seed", bytes("field")));
        assertTrue(new CodeMac(keyring).matches("c1", "123456", bytes("code")));
        assertEquals(text("phone"), new PhoneKeys(keyring).of(PHONE));
        assertEquals(text("lookup"), new Lookup(keyring).of("user", "ada"));
        assertArrayEquals(
                TEXT, new WebTokens(keyring).verify("csrf", text("token")).orElseThrow());
        assertArrayEquals(TEXT, new CodeOpener(keyring).open(bytes("sealed"), context));
        DispatchMac mac = new DispatchMac(keyring);
        assertTrue(mac.matches(parts, bytes("mac")));
        assertEquals(text("pseudonym"), mac.pseudonym("prefix", "+1500555"));
        assertTrue(new Assertions(keyring, "https://login.example.com").jwks().contains(text("key")));
        SignedNote note = SignedNote.parse(new String(bytes("note"), UTF_8)).orElseThrow();
        assertTrue(note.signedBy(new NoteKeys(keyring).list()).isPresent());
        assertDoesNotThrow(() -> new EventVerifier(keyring).verify(Role.LOGIN, parts, bytes("signature")));
    }

    @Test
    void aPhoneKeyIsPlainHmacOverTheNumberAndItsUse() throws GeneralSecurityException {
        HmacPrfKey key = (HmacPrfKey)
                KeyFile.secret(Keyset.PHONE_KEY).read(folder).getPrimary().getKey();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()), "HmacSHA256"));
        for (String part : new String[] {"phone:1", PHONE}) {
            mac.update(ByteBuffer.allocate(4).putInt(part.length()).array());
            mac.update(part.getBytes(UTF_8));
        }

        assertEquals(
                Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac.doFinal(), 16)),
                new PhoneKeys(keyring).of(PHONE));
    }

    private byte[] bytes(String name) {
        return Base64.getUrlDecoder().decode(text(name));
    }

    private String text(String name) {
        return Objects.requireNonNull(stored.getProperty(name), name);
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(StoredFormatsTest.class.getResourceAsStream("stored/" + name), name);
    }
}
