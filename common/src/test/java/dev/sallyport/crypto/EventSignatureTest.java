package dev.sallyport.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.Role;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventSignatureTest {

    private static final byte[] BODY = "ciphertext".getBytes(UTF_8);
    private static final SignedParts PARTS =
            new SignedParts(Map.of("ce_id", "m1", "ce_type", "send-code"), "phoneKey", BODY);

    @TempDir
    Path folder;

    private Keyring keyring;
    private EventVerifier verifier;

    @BeforeEach
    void open() {
        new KeyFolder(folder).init();
        keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
        verifier = new EventVerifier(keyring);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOGIN", "ENROLLMENT"})
    void theDispatcherKnowsWhoSigned(Role producer, @TempDir Path web, @TempDir Path dispatcher) {
        new KeyFolder(folder).export(Set.of(producer), web);
        new KeyFolder(folder).export(Set.of(Role.SMS_DISPATCHER), dispatcher);

        byte[] signature = new EventSigner(Keyring.open(web, Set.of(producer)), producer).sign(PARTS);

        assertEquals(69, signature.length);
        EventVerifier there = new EventVerifier(Keyring.open(dispatcher, Set.of(Role.SMS_DISPATCHER)));
        assertDoesNotThrow(() -> there.verify(producer, PARTS, signature));
    }

    @Test
    void oneRoleCannotSignForAnother() {
        byte[] signature = new EventSigner(keyring, Role.LOGIN).sign(PARTS);

        assertThrows(NotGenuine.class, () -> verifier.verify(Role.ENROLLMENT, PARTS, signature));
        assertThrows(NotGenuine.class, () -> verifier.verify(Role.SMS_DISPATCHER, PARTS, signature));
    }

    @Test
    void theOrderOfHeadersDoesNotCount() {
        Map<String, String> turned = new LinkedHashMap<>();
        PARTS.headers().entrySet().stream()
                .sorted(Map.Entry.<String, String>comparingByKey().reversed())
                .forEach(header -> turned.put(header.getKey(), header.getValue()));

        byte[] signature = new EventSigner(keyring, Role.LOGIN).sign(PARTS);

        assertDoesNotThrow(
                () -> verifier.verify(Role.LOGIN, new SignedParts(turned, PARTS.key(), PARTS.body()), signature));
    }

    static Stream<SignedParts> otherParts() {
        return Stream.of(
                new SignedParts(Map.of("ce_id", "m2", "ce_type", "send-code"), "phoneKey", BODY),
                new SignedParts(Map.of("ce_id", "m1"), "phoneKey", BODY),
                new SignedParts(Map.of("ce_id", "m1", "ce_type", "send-code", "x", ""), "phoneKey", BODY),
                new SignedParts(Map.of("ce_type", "m1", "ce_id", "send-code"), "phoneKey", BODY),
                new SignedParts(PARTS.headers(), "otherKey", BODY),
                new SignedParts(PARTS.headers(), "phoneKeyc", "iphertext".getBytes(UTF_8)),
                new SignedParts(PARTS.headers(), "phoneKey", new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("otherParts")
    void everyPartIsSigned(SignedParts other) {
        byte[] signature = new EventSigner(keyring, Role.LOGIN).sign(PARTS);

        assertThrows(NotGenuine.class, () -> verifier.verify(Role.LOGIN, other, signature));
    }

    @Test
    void whatIsNoSignatureIsRefused() {
        assertThrows(NotGenuine.class, () -> verifier.verify(Role.LOGIN, PARTS, new byte[0]));
        assertThrows(NotGenuine.class, () -> verifier.verify(Role.LOGIN, PARTS, new byte[69]));
    }
}
