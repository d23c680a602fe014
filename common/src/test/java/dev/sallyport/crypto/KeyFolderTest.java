package dev.sallyport.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFolderTest {

    @TempDir
    Path temp;

    private Path folder;
    private KeyFolder keys;

    @BeforeEach
    void choose() {
        folder = temp.resolve("data/keys");
        keys = new KeyFolder(folder);
    }

    @Test
    void initMakesEveryKeysetForItsOwnerOnly() throws IOException {
        KeyFolder.Made made = keys.init();

        assertEquals(
                Set.of(
                        "account-data.json",
                        "code-pepper.json",
                        "phone-key.json",
                        "web-tokens.json",
                        "lookup.json",
                        "dispatch-log.json",
                        "sealing.json",
                        "sealing.public.json",
                        "login-signing.json",
                        "login-signing.public.json",
                        "enrollment-signing.json",
                        "enrollment-signing.public.json",
                        "assertion.json",
                        "assertion.public.json",
                        "audit-seal.json",
                        "audit-seal.public.json"),
                Set.copyOf(made.files()));
        assertEquals("rwx------", mode(folder));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(Set.of("rw-------"), files.map(KeyFolderTest::mode).collect(Collectors.toSet()));
        }
        Keyring.open(folder, EnumSet.allOf(Role.class));
    }

    @Test
    void initNeverTouchesWhatIsThere() throws IOException {
        keys.init();
        Map<String, String> before = contents(folder);
        assertTrue(keys.init().toString().endsWith("none was touched."));
        assertEquals(before, contents(folder));

        Files.delete(folder.resolve("lookup.json"));
        assertEquals("Made in " + folder + ": lookup.json", keys.init().toString());
        Map<String, String> after = contents(folder);
        after.remove("lookup.json");
        before.remove("lookup.json");
        assertEquals(before, after);
    }

    @Test
    void aLostPublicHalfIsMadeFromItsSecretHalf() throws IOException {
        keys.init();
        Map<String, String> before = contents(folder);
        Files.delete(folder.resolve("sealing.public.json"));

        assertEquals(List.of("sealing.public.json"), keys.init().files());
        assertEquals(before, contents(folder));
    }

    @ParameterizedTest
    @CsvSource({"login,sealing.public.json", "sms-dispatcher,login-signing.public.json"})
    void initRefusesAFolderThatWasExportedForARole(String role, String orphan) throws IOException {
        keys.init();
        Path target = temp.resolve("target");
        keys.export(Set.of(Role.of(role)), target);
        Map<String, String> before = contents(target);

        KeysUnusable refusal = assertThrows(KeysUnusable.class, new KeyFolder(target)::init);

        assertTrue(refusal.getMessage().contains(orphan), refusal.getMessage());
        assertEquals(before.keySet(), fileNames(target));
    }

    @ParameterizedTest
    @CsvSource({"rwxrwx---", "rwx---rwx"})
    void aFolderThatOthersCanWriteToIsRefused(String mode) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));

        assertEquals(
                "Others can write to %s: chmod 700 %s".formatted(folder, folder),
                assertThrows(KeysUnusable.class, keys::init).getMessage());
    }

    @Test
    void aFileInPlaceOfTheFolderIsRefused() throws IOException {
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "");

        assertTrue(assertThrows(KeysUnusable.class, keys::init).getMessage().contains("is a file"));
    }

    @Test
    void listShowsEachKeysetWithItsKeys() {
        keys.init();
        new KeyRotation(folder).run(Keyset.LOGIN_SIGNING, KeyRotation.Stage.ADD);

        List<KeyFolder.Listed> listed = keys.list();

        assertEquals(16, listed.size());
        KeyFolder.Listed signing = listed.stream()
                .filter(row -> row.name().equals("login-signing.public"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of(KeyState.Use.PRIMARY, KeyState.Use.WAITING),
                signing.keys().stream().map(KeyState::use).toList());
        assertTrue(
                signing.toString()
                        .matches("login-signing.public +Ed25519 +[0-9]+ primary, [0-9]+ waiting; changed 2.*Z"),
                signing.toString());
    }

    @Test
    void listOfAnEmptyFolderSaysHowToMakeKeys() {
        assertEquals(
                "There are no keys in " + folder + ". Make them with ./sallyport keys init.",
                assertThrows(KeysUnusable.class, keys::list).getMessage());
    }

    @Test
    void listNamesAllDamagedFiles() throws IOException {
        keys.init();
        Files.writeString(folder.resolve("lookup.json"), "{");
        Files.writeString(folder.resolve("sealing.json"), "{");

        assertEquals(2, assertThrows(KeysUnusable.class, keys::list).problems().size());
    }

    @ParameterizedTest
    @CsvSource({
        "login, account-data code-pepper phone-key web-tokens lookup sealing.public login-signing assertion assertion.public",
        "enrollment, account-data code-pepper phone-key web-tokens lookup sealing.public enrollment-signing",
        "sms-dispatcher, sealing login-signing.public enrollment-signing.public dispatch-log",
    })
    void exportCopiesExactlyWhatARoleNeeds(String role, String files) throws IOException {
        keys.init();
        Path target = temp.resolve("target");

        KeyFolder.Made made = keys.export(Set.of(Role.of(role)), target);

        Set<String> expected =
                Stream.of(files.split(" ")).map(name -> name + ".json").collect(Collectors.toSet());
        assertEquals(expected, fileNames(target));
        assertEquals(expected, Set.copyOf(made.files()));
        assertEquals("rwx------", mode(target));
        for (String name : expected) {
            assertEquals("rw-------", mode(target.resolve(name)));
            assertEquals(Files.readString(folder.resolve(name)), Files.readString(target.resolve(name)));
        }
    }

    @Test
    void exportGoesAgainIntoTheSameFolderAfterARotation() throws Exception {
        keys.init();
        Path target = temp.resolve("target");
        keys.export(Set.of(Role.LOGIN), target);
        Keyring login = Keyring.open(target, Set.of(Role.LOGIN));

        new KeyRotation(folder).run(Keyset.LOOKUP, KeyRotation.Stage.ADD);
        keys.export(Set.of(Role.LOGIN), target);

        assertEquals(List.of("lookup"), login.reload().reread(), "and what is the same is not written again");
    }

    @Test
    void exportMendsDamagedFiles() throws IOException {
        keys.init();
        Path target = temp.resolve("target");
        keys.export(Set.of(Role.LOGIN), target);
        Files.writeString(target.resolve("lookup.json"), "{");
        Files.setPosixFilePermissions(target.resolve("web-tokens.json"), PosixFilePermissions.fromString("rw-r--r--"));

        keys.export(Set.of(Role.LOGIN), target);

        Keyring.open(target, Set.of(Role.LOGIN));
    }

    @Test
    void exportRefusesAFolderWithSecretsOfAnotherRole() {
        keys.init();
        Path target = temp.resolve("target");
        keys.export(Set.of(Role.SMS_DISPATCHER), target);

        String refusal = assertThrows(KeysUnusable.class, () -> keys.export(Set.of(Role.LOGIN), target))
                .getMessage();

        assertEquals(
                target + " holds sealing.json, dispatch-log.json, which login must not have: choose an empty folder.",
                refusal);
    }

    @Test
    void exportCopiesNothingWhenAFileIsMissing() throws IOException {
        keys.init();
        Files.delete(folder.resolve("lookup.json"));
        Path target = temp.resolve("target");

        assertThrows(KeysUnusable.class, () -> keys.export(Set.of(Role.LOGIN), target));

        assertEquals(Set.of(), fileNames(target));
    }

    @Test
    void oneCommandAtATimeChangesAFolder() {
        keys.init();
        try (FolderLock _ = FolderLock.take(folder)) {
            assertTrue(assertThrows(KeysUnusable.class, keys::init)
                    .getMessage()
                    .startsWith("Another keys command works in "));
        }
        keys.init();
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> fileNames(Path folder) throws IOException {
        return contents(folder).keySet();
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        contents.remove(".lock");
        return contents;
    }
}
