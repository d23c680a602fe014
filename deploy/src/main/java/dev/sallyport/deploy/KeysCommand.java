package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.KeyRotation;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.Keyset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

/** Makes, shows, changes and copies key files. */
@Command(name = "keys", description = "Makes, shows, changes and copies the key files in SALLYPORT_KEYS_DIR.")
final class KeysCommand {

    @ParentCommand
    private Sallyport program;

    @Option(
            names = "--dir",
            scope = ScopeType.INHERIT,
            description = "The folder. Default: SALLYPORT_KEYS_DIR, or keys in the data folder.")
    private @Nullable Path folder;

    @Command(description = "Makes the keys that are missing; touches none that is there.")
    void init() {
        program.out().println(new KeyFolder(folder()).init());
    }

    @Command(description = "Shows which keys there are and which is in use; never a key itself.")
    void list() {
        new KeyFolder(folder()).list().forEach(program.out()::println);
    }

    @Command(
            description =
                    "Gives a keyset a new key: adds it, waits until running nodes have read it, and puts it to use."
                            + " Old keys stay readable until they are retired.")
    void rotate(
            @Parameters(paramLabel = "NAME", description = "The keyset, as keys list names it.") Keyset keyset,
            @Option(
                            names = "--stage",
                            description = "Only one step, for folders that are copied to the nodes: add, promote,"
                                    + " retire, restore or destroy.")
                    KeyRotation.@Nullable Stage stage)
            throws InterruptedException {
        KeyRotation rotation = new KeyRotation(folder());
        if (stage == null) {
            Duration settle = KeyRotation.SETTLE;
            program.out().println("Adding a key; it is used in " + settle.toSeconds() + " s, when nodes have read it.");
            program.out().println(rotation.rotate(keyset, settle));
        } else {
            program.out().println(rotation.run(keyset, stage));
        }
    }

    @Command(
            description =
                    "Encrypts what a running platform has stored anew under the newest key, so that older keys can be"
                            + " retired. Running it again goes on where it was stopped. Exit code 1 if a stored value"
                            + " may still need an older key.")
    int reencrypt(
            @Parameters(paramLabel = "NAME", description = "account-data, the one keyset whose values are stored.")
                    Keyset keyset) {
        if (keyset != Keyset.ACCOUNT_DATA) {
            throw new CommandFailed(
                    "Nothing that is stored for long is under a key of " + keyset
                            + "; ./sallyport keys rotate tells when its old key may go.",
                    null);
        }
        RunningPlatform platform = RunningPlatform.find(program.config());
        AccountCipher cipher = new AccountCipher(Keyring.openOnly(folder(), keyset));
        return platform.work(database -> new AccountDataReencryption(database, cipher, program.out()).run());
    }

    @Command(description = "Copies exactly the files that the roles need into an empty folder, to be given to them.")
    void export(
            @Parameters(
                            paramLabel = "ROLE",
                            index = "0",
                            arity = "1",
                            split = ",",
                            description = "login, enrollment, sms-dispatcher, audit-sealer; several by commas.")
                    List<Role> roles,
            @Option(names = "--to", required = true, description = "The folder to copy to.") Path target) {
        program.out().println(new KeyFolder(folder()).export(EnumSet.copyOf(roles), target));
    }

    private Path folder() {
        return Optional.ofNullable(folder).orElseGet(() -> program.settings().keysFolder());
    }
}
