package dev.sallyport.deploy;

import dev.sallyport.Ids;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.account.Account;
import dev.sallyport.account.UserStore;
import dev.sallyport.account.Username;
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
import dev.sallyport.session.SessionDesk;
import dev.sallyport.session.mongo.MongoSessions;
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
@Command(name = "users", description = "Imports accounts into a running platform, and signs people out of it.")
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

    @Command(
            name = "sign-out",
            description = "Signs somebody out everywhere: ends all sessions of the account within a second.")
    int signOut(@Parameters(paramLabel = "NAME", description = "The user name, in any case.") String name) {
        SallyportConfig config = program.config();
        RunningPlatform platform = RunningPlatform.find(config);
        Keyring keyring = Keyring.openOnly(config.keysFolder(), Keyset.ACCOUNT_DATA);
        return platform.work(database -> signOut(database, keyring, config, name));
    }

    private int signOut(MongoDatabase database, Keyring keyring, SallyportConfig config, String name) {
        Clock clock = Clock.systemUTC();
        Ids ids = new Ids(clock, new SecureRandom());
        UserStore users = new MongoUserStore(database.documents("accounts"), new AccountCipher(keyring));
        Account account = Username.lookup(name)
                .flatMap(users::find)
                .orElseThrow(() -> new CommandFailed(
                        "There is no account with that name; write it as its owner does at sign-in.", null));
        SessionDesk desk = new SessionDesk(
                new MongoSessions(
                        database.documents("sessions"), clock, config.session().idle()),
                new AuditEvents(clock, ids),
                clock,
                ids,
                config.session().absolute());
        int ended = desk.endAll(account.subject());
        program.out().printf("%d %s ended.%n", ended, ended == 1 ? "session" : "sessions");
        return 0;
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
