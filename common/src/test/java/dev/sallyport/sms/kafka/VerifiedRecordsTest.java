package dev.sallyport.sms.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.Role;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.NotGenuine;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.CodeVerified;
import dev.sallyport.sms.SendCode;
import dev.sallyport.testing.Folders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifiedRecordsTest {

    private static final Path KEYS = Folders.temporary("verified-records");
    private static final CodeVerified VERIFIED =
            new CodeVerified("a message", "a challenge", "a key", Instant.parse("2026-05-06T07:08:09.123Z"));

    private static Keyring keyring;
    private static EventVerifier verifier;

    @BeforeAll
    static void makeKeys() {
        new KeyFolder(KEYS).init();
        keyring = Keyring.open(KEYS, EnumSet.allOf(Role.class));
        verifier = new EventVerifier(keyring);
    }

    @AfterAll
    static void deleteKeys() {
        Folders.delete(KEYS);
    }

    private static EventRecord record() {
        return new VerifiedRecords(Role.LOGIN, new EventSigner(keyring, Role.LOGIN)).encode(VERIFIED);
    }

    private static EventRecord with(EventRecord event, String attribute, String value) {
        Map<String, String> attributes = new TreeMap<>(event.attributes());
        attributes.put(attribute, value);
        return new EventRecord(
                event.id(), event.type(), event.time(), event.topic(), event.key(), attributes, event.body());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOGIN", "ENROLLMENT"})
    void whatAWebRoleTellsIsReadAsItWas(Role role) {
        EventRecord record = new VerifiedRecords(role, new EventSigner(keyring, role)).encode(VERIFIED);
        assertEquals(Topics.SMS_VERIFIED, record.topic());
        assertEquals("a message-verified", record.id());
        assertEquals(role.toString(), record.attributes().get("signedby"));
        assertEquals(Optional.of(VERIFIED), VerifiedRecords.decode(record, verifier));
    }

    @Test
    void whatWasChangedIsNotGenuine() {
        EventRecord record = record();
        byte[] other = "{\"message\":\"another\",\"challenge\":\"a challenge\"}".getBytes(StandardCharsets.UTF_8);
        for (EventRecord changed : new EventRecord[] {
            with(record, "signedby", "enrollment"),
            with(record, "signedby", "sms-dispatcher"),
            with(record, "more", "than was signed"),
            new EventRecord(
                    "an id", record.type(), record.time(), record.topic(), record.key(), record.attributes(), other),
            new EventRecord(
                    record.id(),
                    record.type(),
                    record.time(),
                    record.topic(),
                    "another phone",
                    record.attributes(),
                    record.body()),
            new EventRecord(
                    record.id(),
                    record.type(),
                    record.time().plusSeconds(3600),
                    record.topic(),
                    record.key(),
                    record.attributes(),
                    record.body()),
            new EventRecord(
                    record.id(), record.type(), record.time(), record.topic(), record.key(), record.attributes(), other)
        }) {
            assertThrows(NotGenuine.class, () -> VerifiedRecords.decode(changed, verifier), changed::toString);
        }
    }

    @Test
    void aSignedOrderIsNoAcceptedCode() {
        Instant now = VERIFIED.at();
        EventRecord order = new SendCodeRecords(Role.LOGIN, new EventSigner(keyring, Role.LOGIN))
                .encode(new SendCode(
                        "a message", "a challenge", "sign-in", "a key", now, now, now, new byte[] {1, 2, 3}));
        assertEquals(Optional.empty(), VerifiedRecords.decode(order, verifier));
        EventRecord renamed = new EventRecord(
                order.id(),
                CodeVerified.TYPE,
                order.time(),
                order.topic(),
                order.key(),
                order.attributes(),
                order.body());
        assertThrows(NotGenuine.class, () -> VerifiedRecords.decode(renamed, verifier));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "nothing", "{\"message\":1,\"challenge\":\"x\"}", "{\"message\":\"x\"}"})
    void aGenuineRecordOfAnotherShapeIsNone(String body) {
        EventRecord record = new SignedRecords(Role.LOGIN, new EventSigner(keyring, Role.LOGIN))
                .sign(new EventRecord(
                        "an id",
                        CodeVerified.TYPE,
                        VERIFIED.at(),
                        Topics.SMS_VERIFIED,
                        "a key",
                        Map.of(),
                        body.getBytes(StandardCharsets.UTF_8)));
        assertEquals(Optional.empty(), VerifiedRecords.decode(record, verifier));
    }

    @Test
    void withoutASignatureThatCanBeReadItIsNone() {
        Map<String, String> attributes = new TreeMap<>(record().attributes());
        attributes.remove("signature");
        EventRecord unsigned = new EventRecord(
                record().id(),
                CodeVerified.TYPE,
                VERIFIED.at(),
                Topics.SMS_VERIFIED,
                "a key",
                attributes,
                record().body());
        assertEquals(Optional.empty(), VerifiedRecords.decode(unsigned, verifier));
        assertEquals(Optional.empty(), VerifiedRecords.decode(with(record(), "signature", "garbage!"), verifier));
        assertEquals(Optional.empty(), VerifiedRecords.decode(with(record(), "signedby", "garbage"), verifier));
    }
}
