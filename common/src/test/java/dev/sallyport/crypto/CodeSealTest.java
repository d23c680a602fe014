package dev.sallyport.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.Role;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodeSealTest {

    private static final Instant EXPIRY = Instant.parse("2026-03-01T12:05:00.123Z");
    private static final SealContext CONTEXT = new SealContext("send-code", "c1", "phoneKey", EXPIRY);
    private static final byte[] PAYLOAD = "+15005550006 123456".getBytes(UTF_8);

    @TempDir
    Path folder;

    private Keyring keyring;
    private CodeSeal seal;
    private CodeOpener opener;

    @BeforeEach
    void open() {
        new KeyFolder(folder).init();
        keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
        seal = new CodeSeal(keyring);
        opener = new CodeOpener(keyring);
    }

    @Test
    void theDispatcherReadsWhatAWebRoleSealed(@TempDir Path login, @TempDir Path dispatcher) {
        new KeyFolder(folder).export(Set.of(Role.LOGIN), login);
        new KeyFolder(folder).export(Set.of(Role.SMS_DISPATCHER), dispatcher);
        Keyring web = Keyring.open(login, Set.of(Role.LOGIN));

        byte[] sealed = new CodeSeal(web).seal(PAYLOAD, CONTEXT);

        assertEquals(PAYLOAD.length + 53, sealed.length);
        assertFalse(new String(sealed, UTF_8).contains("123456"));
        assertArrayEquals(
                PAYLOAD, new CodeOpener(Keyring.open(dispatcher, Set.of(Role.SMS_DISPATCHER))).open(sealed, CONTEXT));
        assertThrows(IllegalStateException.class, () -> new CodeOpener(web));
    }

    static Stream<SealContext> otherContexts() {
        return Stream.of(
                new SealContext("other", "c1", "phoneKey", EXPIRY),
                new SealContext("send-code", "c2", "phoneKey", EXPIRY),
                new SealContext("send-code", "c1", "otherKey", EXPIRY),
                new SealContext("send-code", "c1p", "honeKey", EXPIRY),
                new SealContext("send-code", "c1", "phoneKey", EXPIRY.plusMillis(1)));
    }

    @ParameterizedTest
    @MethodSource("otherContexts")
    void aSealIsWorthNothingInAnotherContext(SealContext other) {
        byte[] sealed = seal.seal(PAYLOAD, CONTEXT);

        assertThrows(NotGenuine.class, () -> opener.open(sealed, other));
    }

    @Test
    void anExpiryThatCameBackFromTheDatabaseStillFits() {
        byte[] sealed = seal.seal(PAYLOAD, new SealContext("send-code", "c1", "phoneKey", EXPIRY.plusNanos(456)));

        assertArrayEquals(PAYLOAD, opener.open(sealed, CONTEXT));
    }

    @Test
    void aChangedSealDoesNotOpen() {
        byte[] sealed = seal.seal(PAYLOAD, CONTEXT);
        sealed[40] ^= 1;

        assertThrows(NotGenuine.class, () -> opener.open(sealed, CONTEXT));
        assertThrows(NotGenuine.class, () -> opener.open(new byte[0], CONTEXT));
    }
}
