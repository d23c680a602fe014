package dev.sallyport.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyRotation.Stage;
import dev.sallyport.crypto.KeyState.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyRotationTest {

    @TempDir
    Path folder;

    private KeyRotation rotation;

    @BeforeEach
    void init() {
        new KeyFolder(folder).init();
        rotation = new KeyRotation(folder);
    }

    @ParameterizedTest
    @EnumSource
    void everyKeysetGoesThroughAllStages(Keyset keyset) {
        assertEquals(List.of(Use.PRIMARY, Use.WAITING), after(keyset, Stage.ADD));
        assertEquals(List.of(Use.OLD, Use.PRIMARY), after(keyset, Stage.PROMOTE));
        assertEquals(List.of(Use.RETIRED, Use.PRIMARY), after(keyset, Stage.RETIRE));
        assertEquals(List.of(Use.OLD, Use.PRIMARY), after(keyset, Stage.RESTORE));
        assertEquals(List.of(Use.RETIRED, Use.PRIMARY), after(keyset, Stage.RETIRE));
        assertEquals(List.of(Use.PRIMARY), after(keyset, Stage.DESTROY));
        Keyring.open(folder, EnumSet.allOf(Role.class));
    }

    @Test
    void thePublicHalfHasTheKeysOfTheSecretHalfAfterEachStage() {
        for (Stage stage : Stage.values()) {
            if (stage == Stage.DESTROY) {
                rotation.run(Keyset.SEALING, Stage.RETIRE);
            }
            rotation.run(Keyset.SEALING, stage);
            assertEquals(states("sealing"), states("sealing.public"), stage.toString());
        }
    }

    @Test
    void rotateAddsAndPromotes() throws InterruptedException {
        KeyRotation.Change change = rotation.rotate(Keyset.PHONE_KEY, Duration.ZERO);

        assertTrue(
                change.toString()
                        .matches("phone-key: [0-9]+ old, [0-9]+ primary\\. The old keys still read\\."
                                + " Retire the old key after 7 days: .*"),
                change.toString());
    }

    @Test
    void anAddThatWasLeftAloneIsGoneOnWith() throws InterruptedException {
        List<KeyState> added = rotation.run(Keyset.LOOKUP, Stage.ADD).keys();
        assertEquals(added, rotation.run(Keyset.LOOKUP, Stage.ADD).keys());

        List<KeyState> rotated = rotation.rotate(Keyset.LOOKUP, Duration.ZERO).keys();
        assertEquals(
                added.stream().map(KeyState::id).toList(),
                rotated.stream().map(KeyState::id).toList());
    }

    @Test
    void aWaitingKeyIsNeverRetired() {
        rotation.run(Keyset.LOOKUP, Stage.ADD);
        rotation.run(Keyset.LOOKUP, Stage.PROMOTE);
        rotation.run(Keyset.LOOKUP, Stage.ADD);

        assertEquals(List.of(Use.RETIRED, Use.PRIMARY, Use.WAITING), after(Keyset.LOOKUP, Stage.RETIRE));
    }

    @ParameterizedTest
    @EnumSource(names = "ADD", mode = EnumSource.Mode.EXCLUDE)
    void aStageWithoutAKeyForItIsRefusedAndChangesNothing(Stage stage) throws IOException {
        String before = content("lookup.json");

        KeysUnusable refusal = assertThrows(KeysUnusable.class, () -> rotation.run(Keyset.LOOKUP, stage));

        assertTrue(refusal.getMessage().contains("./sallyport keys list"), refusal.getMessage());
        assertEquals(before, content("lookup.json"));
    }

    @ParameterizedTest
    @EnumSource
    void aCopyForARoleIsNotRotated(Role role, @TempDir Path copy) {
        new KeyFolder(folder).export(EnumSet.of(role), copy);
        KeyRotation ofCopy = new KeyRotation(copy);

        for (Keyset keyset : Keyset.values()) {
            assertTrue(assertThrows(KeysUnusable.class, () -> ofCopy.run(keyset, Stage.ADD))
                    .getMessage()
                    .contains("where all keys are"));
        }
        Keyring.open(copy, EnumSet.of(role));
    }

    @Test
    void theOpeningHalfKnowsANewKeyFirst() throws IOException {
        block("sealing.public.json");

        assertThrows(KeysUnusable.class, () -> rotation.run(Keyset.SEALING, Stage.ADD));

        assertEquals(2, states("sealing").size());
        assertEquals(1, states("sealing.public").size());
    }

    @Test
    void theVerifyingHalfKnowsANewKeyFirst() throws IOException {
        block("login-signing.json");

        assertThrows(KeysUnusable.class, () -> rotation.run(Keyset.LOGIN_SIGNING, Stage.ADD));

        assertEquals(1, states("login-signing").size());
        assertEquals(2, states("login-signing.public").size());
    }

    @Test
    void aRotationThatStoppedBetweenTheHalvesIsMendedByTheNext() throws IOException {
        block("sealing.public.json");
        assertThrows(KeysUnusable.class, () -> rotation.run(Keyset.SEALING, Stage.ADD));
        unblock("sealing.public.json");

        rotation.run(Keyset.SEALING, Stage.ADD);

        assertEquals(states("sealing"), states("sealing.public"));
        assertEquals(2, states("sealing").size());
    }

    @Test
    void anInterruptedWriteLeavesTheOldFile() throws IOException {
        String before = content("account-data.json");

        Thread.currentThread().interrupt();
        assertThrows(KeysUnusable.class, () -> rotation.run(Keyset.ACCOUNT_DATA, Stage.ADD));
        assertTrue(Thread.interrupted());

        assertTrue(Files.exists(folder.resolve(".account-data.json.new")), "the interruption hit the write itself");
        assertEquals(before, content("account-data.json"));
        assertEquals(List.of(Use.PRIMARY, Use.WAITING), after(Keyset.ACCOUNT_DATA, Stage.ADD));
        assertFalse(Files.exists(folder.resolve(".account-data.json.new")));
    }

    @Test
    void whatACrashLeftIsNeitherReadNorInTheWay() throws IOException {
        Files.writeString(folder.resolve(".lookup.json.new"), "half a keys");
        Files.setPosixFilePermissions(folder.resolve(".lookup.json.new"), PosixFilePermissions.fromString("rw-rw-rw-"));

        Keyring.open(folder, EnumSet.allOf(Role.class));
        rotation.run(Keyset.LOOKUP, Stage.ADD);

        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("lookup.json"))));
    }

    @Test
    void theTimeOfAFileGrowsEvenWhenTheClockWentBack() throws IOException {
        Path file = folder.resolve("lookup.json");
        FileTime before = FileTime.from(Instant.parse("2100-01-01T00:00:00.0009Z"));
        Files.setLastModifiedTime(file, before);

        rotation.run(Keyset.LOOKUP, Stage.ADD);

        assertTrue(Files.getLastModifiedTime(file).compareTo(before) > 0);
    }

    @Test
    void namesOfKeysetsAndStagesAreReadBack() {
        for (Keyset keyset : Keyset.values()) {
            assertEquals(keyset, Keyset.of(keyset.toString()));
        }
        for (Stage stage : Stage.values()) {
            assertEquals(stage, Stage.of(stage.toString()));
        }
        for (Role role : Role.values()) {
            assertEquals(role, Role.of(role.toString()));
        }
        assertEquals(
                "There is no role \"dispatcher\"; choose from: login, enrollment, sms-dispatcher, audit-sealer.",
                assertThrows(IllegalArgumentException.class, () -> Role.of("dispatcher"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Keyset.of("sealing.public"));
        assertThrows(IllegalArgumentException.class, () -> Stage.of("ADD"));
    }

    private List<Use> after(Keyset keyset, Stage stage) {
        return rotation.run(keyset, stage).keys().stream().map(KeyState::use).toList();
    }

    private List<KeyState> states(String name) {
        return new KeyFolder(folder)
                .list().stream()
                        .filter(row -> row.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .keys();
    }

    private String content(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    /** Nothing can be written to that file from here on, as on a full disk. */
    private void block(String file) throws IOException {
        Files.createDirectories(folder.resolve("." + file + ".new").resolve("in-the-way"));
    }

    private void unblock(String file) throws IOException {
        Path fresh = folder.resolve("." + file + ".new");
        Files.delete(fresh.resolve("in-the-way"));
        Files.delete(fresh);
    }
}
