package dev.sallyport.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {

    private static final Set<Role> ALL = EnumSet.allOf(Role.class);

    @TempDir
    Path folder;

    @TempDir
    Path exported;

    @BeforeEach
    void init() {
        new KeyFolder(folder).init();
    }

    @ParameterizedTest
    @EnumSource
    void everyRoleOpensTheFolderExportedForIt(Role role) {
        new KeyFolder(folder).export(Set.of(role), exported);

        assertDoesNotThrow(() -> Keyring.open(exported, Set.of(role)));
    }

    @Test
    void oneKeysetOpensAloneAndBesideAllOthers() throws IOException {
        byte[] secret = new AccountCipher(Keyring.open(folder, ALL)).encrypt("id", "field", new byte[] {1, 2, 3});
        Files.copy(
                folder.resolve("account-data.json"),
                exported.resolve("account-data.json"),
                StandardCopyOption.COPY_ATTRIBUTES);

        for (Path place : List.of(folder, exported)) {
            Keyring alone = Keyring.openOnly(place, Keyset.ACCOUNT_DATA);
            assertArrayEquals(new byte[] {1, 2, 3}, new AccountCipher(alone).decrypt("id", "field", secret));
            assertThrows(IllegalStateException.class, () -> new WebTokens(alone));
        }
        Files.delete(exported.resolve("account-data.json"));
        String missing = assertThrows(KeysUnusable.class, () -> Keyring.openOnly(exported, Keyset.ACCOUNT_DATA))
                .getMessage();
        assertTrue(missing.startsWith("account-data.json is missing in " + exported), missing);
    }

    @Test
    void allMissingFilesAreListedAtOnceWithTheCommandThatMakesThem() throws IOException {
        Files.delete(folder.resolve("account-data.json"));
        Files.delete(folder.resolve("lookup.json"));
        Files.delete(folder.resolve("sealing.public.json"));

        assertEquals(
                List.of(("Keys are missing in %s: account-data.json, lookup.json, sealing.public.json."
                                + " Make them with ./sallyport keys init, or copy them with"
                                + " ./sallyport keys export login,enrollment,sms-dispatcher,audit-sealer --to %s.")
                        .formatted(folder, folder)),
                problems(folder, ALL));
    }

    @Test
    void aFolderThatIsNotThereLacksAllKeysOfTheRole() {
        String problem =
                problems(folder.resolve("nowhere"), Set.of(Role.SMS_DISPATCHER)).getFirst();

        assertTrue(
                problem.contains("sealing.json, login-signing.public.json, enrollment-signing.public.json"), problem);
        assertTrue(problem.contains("./sallyport keys init"), problem);
    }

    @Test
    void aSecretThatTheRoleMustNotHaveStopsTheStart() {
        assertEquals(
                List.of(
                        ("login must not hold sealing.json, enrollment-signing.json, dispatch-log.json, audit-seal.json, found"
                                        + " in %s: give it a folder of its own with ./sallyport keys export login --to DIR.")
                                .formatted(folder)),
                problems(folder, Set.of(Role.LOGIN)));
        assertTrue(problems(folder, Set.of(Role.SMS_DISPATCHER)).getFirst().contains("account-data.json"));
    }

    @Test
    void allProblemsAreToldAtOnce() throws IOException {
        mode("account-data.json", "rw-r--r--");
        Files.writeString(folder.resolve("lookup.json"), "{");
        Files.delete(folder.resolve("web-tokens.json"));

        assertEquals(4, problems(folder, Set.of(Role.LOGIN)).size(), "one each, and the secrets of other roles");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x", "rwxrwxrwx"})
    void aSecretOpenToOthersIsRefused(String mode) throws IOException {
        mode("account-data.json", mode);

        String problem = problems(folder, ALL).getFirst();
        assertTrue(problem.endsWith("chmod 600 " + folder.resolve("account-data.json")), problem);
    }

    @Test
    void aPublicHalfMayBeReadByAllButWrittenByItsOwnerOnly() throws IOException {
        mode("sealing.public.json", "rw-r--r--");
        assertDoesNotThrow(() -> Keyring.open(folder, ALL));

        mode("sealing.public.json", "rw-rw-r--");
        assertEquals(1, problems(folder, ALL).size());
    }

    @ParameterizedTest
    @CsvSource({"0,sallyport,true", "0,'',true", "0,root,false", "1000,sallyport,false", "1000,root,false"})
    void onlyRootMountsASecretForSomeoneElse(int owner, String user, boolean mounted) {
        assertEquals(mounted, OwnerOnlyFiles.mountedByRoot(owner, user));
    }

    @ParameterizedTest
    @CsvSource({
        "account-data.json, code-pepper.json", // another kind
        "sealing.json, login-signing.json", // another kind of pair
        "sealing.json, sealing.public.json", // the wrong half
        "sealing.public.json, sealing.json", // a secret where all may read
    })
    void aFileWithOtherKeysIsRefused(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), Files.readString(folder.resolve(content)));

        String problem = problems(folder, ALL).getFirst();
        assertTrue(problem.startsWith(folder.resolve(name) + " is not a whole "), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"primaryKeyId\":7,\"key\":[]}", "\0\1\2\u00ff"})
    void aDamagedFileIsNamedWithoutItsContent(String content) throws IOException {
        Files.writeString(folder.resolve("lookup.json"), content);

        assertEquals(
                List.of(folder.resolve("lookup.json")
                        + " is not a whole lookup keyset (HMAC-SHA256, deterministic):"
                        + " restore it from where the keys were made."),
                problems(folder, ALL));
    }

    @Test
    void aCutFileIsNamedWithoutItsContent() throws IOException {
        Path file = folder.resolve("account-data.json");
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() - 20));

        KeysUnusable refusal = assertThrows(KeysUnusable.class, () -> Keyring.open(folder, ALL));
        assertNull(refusal.getCause());
        assertFalse(refusal.getMessage().contains("typeUrl"), refusal.getMessage());
    }

    @Test
    void aNewKeyIsInForceAfterTheNextReread() throws Exception {
        Keyring keyring = Keyring.open(folder, ALL);
        Keyring other = Keyring.open(folder, ALL);
        assertEquals(new Keyring.Reload(List.of(), List.of()), keyring.reload());

        new KeyRotation(folder).rotate(Keyset.SEALING, Duration.ZERO);

        assertEquals(List.of("sealing", "sealing.public"), keyring.reload().reread());
        assertEquals(List.of(), keyring.reload().reread());
        SealContext context = new SealContext("t", "c", "p", Instant.EPOCH);
        byte[] sealed = new CodeSeal(keyring).seal(new byte[1], context);
        assertThrows(NotGenuine.class, () -> new CodeOpener(other).open(sealed, context));
        other.reload();
        assertArrayEquals(new byte[1], new CodeOpener(other).open(sealed, context));
    }

    /** Kubernetes mounts a secret as links into a folder that is behind a link, and changes that one link. */
    @Test
    void aMountedSecretThatIsExchangedAsAWholeIsReread() throws Exception {
        new KeyFolder(folder).export(Set.of(Role.LOGIN), exported.resolve("..first"));
        Path data = Files.createSymbolicLink(exported.resolve("..data"), Path.of("..first"));
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.toList()) {
                Path name = file.getFileName();
                Files.createSymbolicLink(
                        exported.resolve(name), data.getFileName().resolve(name));
            }
        }
        Keyring keyring = Keyring.open(exported, Set.of(Role.LOGIN));

        new KeyRotation(folder).rotate(Keyset.WEB_TOKENS, Duration.ZERO);
        new KeyFolder(folder).export(Set.of(Role.LOGIN), exported.resolve("..second"));
        Path link = Files.createSymbolicLink(exported.resolve("..new"), Path.of("..second"));
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);

        Keyring.Reload reload = keyring.reload();
        assertTrue(reload.reread().contains("web-tokens"), reload::toString);
        assertEquals(List.of(), reload.problems());
    }

    @Test
    void aBadFileKeepsTheOldKeysAndIsReportedOnce() throws IOException {
        Keyring keyring = Keyring.open(folder, ALL);
        AccountCipher cipher = new AccountCipher(keyring);
        byte[] stored = cipher.encrypt("a1", "phone", "+15005550006".getBytes(UTF_8));
        Path file = folder.resolve("account-data.json");
        String whole = Files.readString(file);

        Files.writeString(file, whole.substring(0, 100));
        Keyring.Reload half = keyring.reload();
        assertEquals(List.of(), half.reread());
        assertTrue(half.problems().getFirst().endsWith("The keys read before stay in force."));
        assertEquals(List.of(), keyring.reload().problems());
        assertDoesNotThrow(() -> cipher.decrypt("a1", "phone", stored));

        Files.delete(file);
        assertEquals(1, keyring.reload().problems().size(), "gone is another problem than cut");
        assertEquals(List.of(), keyring.reload().problems());

        Files.writeString(file, whole);
        assertEquals(1, keyring.reload().problems().size(), "written with a mode that lets others read");
        mode("account-data.json", "rw-------");
        assertEquals(new Keyring.Reload(List.of("account-data"), List.of()), keyring.reload());
        assertDoesNotThrow(() -> cipher.decrypt("a1", "phone", stored));
    }

    @Test
    void aUseThatTheRoleMustNotHaveIsAMistakeInTheWiring() {
        new KeyFolder(folder).export(Set.of(Role.SMS_DISPATCHER), exported);
        Keyring dispatcher = Keyring.open(exported, Set.of(Role.SMS_DISPATCHER));

        assertThrows(IllegalStateException.class, () -> new AccountCipher(dispatcher));
        assertThrows(IllegalStateException.class, () -> new PhoneKeys(dispatcher));
        assertThrows(IllegalStateException.class, () -> new EventSigner(dispatcher, Role.LOGIN));
    }

    private List<String> problems(Path keys, Set<Role> roles) {
        return assertThrows(KeysUnusable.class, () -> Keyring.open(keys, roles)).problems();
    }

    private void mode(String file, String mode) throws IOException {
        Files.setPosixFilePermissions(folder.resolve(file), PosixFilePermissions.fromString(mode));
    }
}
