package dev.sallyport.deploy;

import dev.sallyport.Ids;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.account.UserStore;
import dev.sallyport.account.mongo.MongoUserStore;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.deploy.imports.AccountImport;
import dev.sallyport.deploy.imports.ImportFile;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.phone.PhoneRules;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Operators' commands about accounts. They work on a running platform, found by the same configuration. */
@Command(name = "users", description = "Imports accounts into a running platform.")
final class UsersCommand {

    @ParentCommand
    private Sallyport program;

    @Command(
            name = "import",
            description = "Reads accounts of the original application, one JSON document a line: uid, password_hash"
                    + " (bcrypt), totp_secret, totp_enabled_via_app, totp_enabled_via_sms, phone_number."
                    + " Bad lines are listed, the good ones stand; running it again changes nothing.")
    int importFile(
            @Parameters(paramLabel = "FILE", description = "The file, UTF-8.") Path file,
            @Option(
                            names = "--region",
                            description = "ISO region of numbers without a country code."
                                    + " Default: SALLYPORT_PHONE_DEFAULT_REGION.")
                    @Nullable
                    String region) {
        SallyportConfig config = program.config();
        String home = Optional.ofNullable(region).orElse(config.phone().defaultRegion());
        PhoneRules phones = phoneRules(home, config);
        try (ImportFile lines = ImportFile.open(file)) {
            RunningPlatform platform = RunningPlatform.find(config);
            Keyring keyring = Keyring.openOnly(config.keysFolder(), Keyset.ACCOUNT_DATA);
            return platform.work(database -> importInto(database, keyring, phones, lines));
        }
    }

    private int importInto(MongoDatabase database, Keyring keyring, PhoneRules phones, ImportFile lines) {
        Clock clock = Clock.systemUTC();
        Ids ids = new Ids(clock, new SecureRandom());
        UserStore users = new MongoUserStore(database.documents("accounts"), new AccountCipher(keyring));
        return report(new AccountImport(users, phones, new AuditEvents(clock, ids), clock, ids), lines);
    }

    /** Imports line by line; returns 1 if any line was bad. */
    private int report(AccountImport accounts, ImportFile lines) {
        int added = 0;
        int there = 0;
        int bad = 0;
        for (Optional<ImportFile.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            switch (outcome(accounts, lines.number(), line.get())) {
                case AccountImport.Added one -> added++;
                case AccountImport.AlreadyThere one -> there++;
                case AccountImport.Blank nothing -> {}
                case AccountImport.Bad one -> {
                    bad++;
                    program.out().printf("line %d: %s%n", lines.number(), one.reason());
                }
            }
        }
        program.out().printf("%d imported, %d were there already, %d bad lines.%n", added, there, bad);
        return bad == 0 ? 0 : 1;
    }

    private static AccountImport.Outcome outcome(AccountImport accounts, int number, ImportFile.Line line) {
        try {
            return switch (line) {
                case ImportFile.Text text -> accounts.line(number, text.text());
                case ImportFile.Unreadable unreadable -> new AccountImport.Bad(unreadable.reason());
            };
        } catch (StoreUnavailable e) {
            throw new CommandFailed(
                    "MongoDB stopped answering at line " + number + "; what was imported before stands, so run this"
                            + " again when it answers.",
                    e);
        }
    }

    private static PhoneRules phoneRules(String home, SallyportConfig config) {
        try {
            return new PhoneRules(home, config.phone().regions());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        }
    }
}
