package dev.sallyport.deploy;

import dev.sallyport.Ids;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.account.UserStore;
import dev.sallyport.account.mongo.MongoUserStore;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.deploy.embedded.DataFolder;
import dev.sallyport.deploy.imports.AccountImport;
import dev.sallyport.deploy.imports.ImportFile;
import dev.sallyport.event.kafka.KafkaEventPublisher;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.phone.PhoneRules;
import io.vertx.core.Vertx;
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
            requirePlatform(config);
            Keyring keyring = Keyring.openOnly(config.keysFolder(), Keyset.ACCOUNT_DATA);
            Vertx vertx = Vertx.vertx();
            try {
                return VirtualThreads.call(vertx, () -> importInto(vertx, config, keyring, phones, lines));
            } finally {
                vertx.close().toCompletionStage().toCompletableFuture().join();
            }
        }
    }

    /**
     * Without this check, a folder that no platform uses would be found out only by accounts whose app and phone no
     * platform can decrypt.
     */
    private static void requirePlatform(SallyportConfig config) {
        if (config.runsEmbeddedServers() && !DataFolder.isHeld(config.dataDir())) {
            throw new CommandFailed(
                    "No platform runs on the data folder "
                            + config.dataDir().toAbsolutePath().normalize()
                            + "; start it with ./sallyport up, or name the folder of one that runs with"
                            + " SALLYPORT_DATA_DIR.",
                    null);
        }
        try {
            Platform.agreeOnTopics(config, Addresses.kafka(config));
        } catch (TopicAdmin.TopicProblem e) {
            throw config.runsEmbeddedServers() ? portsDiffer(config, e) : e;
        }
    }

    private int importInto(Vertx vertx, SallyportConfig config, Keyring keyring, PhoneRules phones, ImportFile lines) {
        Clock clock = Clock.systemUTC();
        Ids ids = new Ids(clock, new SecureRandom());
        Lifecycle lifecycle = new Lifecycle();
        try {
            KafkaEventPublisher publisher = new KafkaEventPublisher(
                    vertx, Addresses.kafka(config), config.kafka().properties());
            lifecycle.started("producer", publisher::close);
            MongoDatabase database = open(vertx, config, publisher, clock);
            lifecycle.started("store", database::close);
            UserStore users = new MongoUserStore(database.documents("accounts"), new AccountCipher(keyring));
            return report(new AccountImport(users, phones, new AuditEvents(clock, ids), clock, ids), lines);
        } finally {
            lifecycle.stopAll();
        }
    }

    private static MongoDatabase open(Vertx vertx, SallyportConfig config, KafkaEventPublisher publisher, Clock clock) {
        try {
            return MongoDatabase.open(
                    vertx,
                    Addresses.mongo(config),
                    config.mongo().database(),
                    publisher,
                    new AuditRecords(Version.text()),
                    clock);
        } catch (StoreUnavailable e) {
            throw config.runsEmbeddedServers() ? portsDiffer(config, e) : e;
        }
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

    private static CommandFailed portsDiffer(SallyportConfig config, Throwable cause) {
        return new CommandFailed(
                "The platform on " + config.dataDir().toAbsolutePath().normalize() + " does not answer at "
                        + Addresses.kafka(config) + " and " + Addresses.mongo(config)
                        + "; set SALLYPORT_EMBEDDED_KAFKA_PORT and SALLYPORT_EMBEDDED_MONGO_PORT as they were set for"
                        + " it.",
                cause);
    }

    private static PhoneRules phoneRules(String home, SallyportConfig config) {
        try {
            return new PhoneRules(home, config.phone().regions());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        }
    }
}
