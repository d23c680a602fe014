package dev.sallyport.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyRotation.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountCipherTest {

    private static final byte[] SEED = "twenty bytes of seed".getBytes(UTF_8);

    @TempDir
    Path folder;

    private Keyring keyring;
    private AccountCipher cipher;

    @BeforeEach
    void open() {
        new KeyFolder(folder).init();
        keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
        cipher = new AccountCipher(keyring);
    }

    @Test
    void aFieldComesBackForItsAccount() {
        byte[] stored = cipher.encrypt("a1", "totp-seed", SEED);

        assertEquals(SEED.length + 33, stored.length);
        assertFalse(new String(stored, UTF_8).contains("twenty"));
        assertArrayEquals(SEED, cipher.decrypt("a1", "totp-seed", stored));
    }

    @Test
    void theSameFieldNeverLooksTheSame() {
        assertFalse(Arrays.equals(cipher.encrypt("a1", "phone", SEED), cipher.encrypt("a1", "phone", SEED)));
    }

    @Test
    void aFieldMovedToAnotherAccountOrPlaceDoesNotOpen() {
        byte[] stored = cipher.encrypt("a1", "totp-seed", SEED);

        assertThrows(NotGenuine.class, () -> cipher.decrypt("a2", "totp-seed", stored));
        assertThrows(NotGenuine.class, () -> cipher.decrypt("a1", "phone", stored));
        assertThrows(NotGenuine.class, () -> cipher.decrypt("a1t", "otp-seed", stored));
    }

    @Test
    void aChangedOrCutFieldDoesNotOpen() {
        byte[] stored = cipher.encrypt("a1", "totp-seed", SEED);
        stored[stored.length - 1] ^= 1;

        assertThrows(NotGenuine.class, () -> cipher.decrypt("a1", "totp-seed", stored));
        assertThrows(NotGenuine.class, () -> cipher.decrypt("a1", "totp-seed", new byte[3]));
        assertThrows(NotGenuine.class, () -> cipher.decrypt("a1", "totp-seed", new byte[0]));
    }

    @Test
    void aRefusalTellsNothingOfTheContent() {
        byte[] stored = cipher.encrypt("a1", "totp-seed", SEED);

        NotGenuine refusal = assertThrows(NotGenuine.class, () -> cipher.decrypt("a2", "totp-seed", stored));

        assertNull(refusal.getCause());
        assertEquals(0, refusal.getStackTrace().length);
        assertFalse(refusal.getMessage().contains("a2"));
    }

    @Test
    void aFieldIsRenewedOnceAfterARotationAndOutlivesTheOldKey() throws InterruptedException {
        KeyRotation rotation = new KeyRotation(folder);
        byte[] stored = cipher.encrypt("a1", "totp-seed", SEED);
        assertTrue(cipher.renewed("a1", "totp-seed", stored).isEmpty());

        rotation.rotate(Keyset.ACCOUNT_DATA, Duration.ZERO);
        keyring.reload();
        byte[] renewed = cipher.renewed("a1", "totp-seed", stored).orElseThrow();
        assertTrue(cipher.renewed("a1", "totp-seed", renewed).isEmpty());
        assertThrows(NotGenuine.class, () -> cipher.renewed("a2", "totp-seed", stored));

        rotation.run(Keyset.ACCOUNT_DATA, Stage.RETIRE);
        keyring.reload();
        assertArrayEquals(SEED, cipher.decrypt("a1", "totp-seed", renewed));
        assertThrows(NotGenuine.class, () -> cipher.decrypt("a1", "totp-seed", stored));
    }
}
