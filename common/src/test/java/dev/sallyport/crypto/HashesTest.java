package dev.sallyport.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyRotation.Stage;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashesTest {

    private static final String PHONE = "+15005550006";

    @TempDir
    Path folder;

    private Keyring keyring;
    private PhoneKeys phones;
    private Lookup lookup;

    @BeforeEach
    void open() {
        new KeyFolder(folder).init();
        keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
        phones = new PhoneKeys(keyring);
        lookup = new Lookup(keyring);
    }

    @Test
    void aPhoneHasOneKeyOnAllNodes() {
        PhoneKeys elsewhere = new PhoneKeys(Keyring.open(folder, EnumSet.allOf(Role.class)));

        assertEquals(phones.of(PHONE), elsewhere.of(PHONE));
        assertEquals(List.of(phones.of(PHONE)), phones.all(PHONE));
        assertTrue(phones.of(PHONE).matches("[A-Za-z0-9_-]{22}"));
        assertNotEquals(phones.of(PHONE), phones.of("+15005550007"));
    }

    @Test
    void recordsOfDifferentPurposesCannotBeJoined() {
        assertEquals(lookup.of("address", "192.0.2.1"), lookup.of("address", "192.0.2.1"));
        assertNotEquals(lookup.of("address", "192.0.2.1"), lookup.of("user", "192.0.2.1"));
        assertNotEquals(lookup.of("ab", "c"), lookup.of("a", "bc"));
    }

    @Test
    void aRecordUnderTheOldKeyIsFoundUntilThatIsRetired() {
        KeyRotation rotation = new KeyRotation(folder);
        String before = lookup.of("user", "ada");

        rotation.run(Keyset.LOOKUP, Stage.ADD);
        keyring.reload();
        assertEquals(before, lookup.of("user", "ada"), "an added key must not write yet");
        assertEquals(2, lookup.all("user", "ada").size(), "but it must already read, for nodes that are ahead");

        rotation.run(Keyset.LOOKUP, Stage.PROMOTE);
        keyring.reload();
        String after = lookup.of("user", "ada");
        assertNotEquals(before, after);
        assertEquals(List.of(after, before), lookup.all("user", "ada"));

        rotation.run(Keyset.LOOKUP, Stage.RETIRE);
        keyring.reload();
        assertEquals(List.of(after), lookup.all("user", "ada"));
    }
}
