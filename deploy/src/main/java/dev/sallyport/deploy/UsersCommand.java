package dev.sallyport.deploy;

import dev.sallyport.Ids;
import dev.sallyport.Role;
import dev.sallyport.account.mongo.MongoUserStore;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.deploy.imports.AccountImport;
import dev.sallyport.event.kafka.KafkaEventPublisher;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.phone.PhoneRules;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
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
        String home = region == null ? config.phone().defaultRegion() : region;
        PhoneRules phones = phoneRules(home, config.phone().regions());
        Keyring keyring = Keyring.open(config.keysFolder(), rolesWithAccounts(config));
        Vertx vertx = Vertx.vertx();
        try {
            return VirtualThreads.call(vertx, () -> importFile(vertx, config, keyring, phones, file));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private int importFile(Vertx vertx, SallyportConfig config, Keyring keyring, PhoneRules phones, Path file) {
        Clock clock = Clock.systemUTC();
        Ids ids = new Ids(clock, new SecureRandom());
        KafkaEventPublisher publisher = new KafkaEventPublisher(
                vertx, Addresses.kafka(config), config.kafka().properties(), "/sallyport/operator");
        MongoDatabase database = MongoDatabase.open(
                vertx,
                Addresses.mongo(config),
                config.mongo().database(),
                publisher,
                new AuditRecords(Version.text()),
                clock);
        try {
            MongoUserStore users = new MongoUserStore(database.documents("accounts"), new AccountCipher(keyring));
            return report(new AccountImport(users, phones, new AuditEvents(clock, ids), clock, ids), file);
        } finally {
            publisher.close();
            database.close();
        }
    }

    /** Imports line by line; returns 1 if any line was bad. */
    private int report(AccountImport accounts, Path file) {
        PrintWriter out = program.out();
        int added = 0;
        int there = 0;
        int bad = 0;
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                switch (accounts.line(number, line)) {
                    case AccountImport.Added one -> added++;
                    case AccountImport.AlreadyThere one -> there++;
                    case AccountImport.Bad one -> {
                        bad++;
                        out.printf("line %d: %s%n", number, one.reason());
                    }
                }
            }
        } catch (CharacterCodingException e) {
            throw new StartFailed(file + " is not UTF-8 after line " + number + "; convert it and run this again.", e);
        } catch (IOException e) {
            throw new StartFailed(file + " can't be read; check that it is there and readable.", e);
        }
        out.printf("%d imported, %d were there already, %d bad lines.%n", added, there, bad);
        return bad == 0 ? 0 : 1;
    }

    private static PhoneRules phoneRules(String home, Set<String> regions) {
        try {
            return new PhoneRules(home, regions);
        } catch (IllegalArgumentException e) {
            throw new StartFailed(String.valueOf(e.getMessage()), e);
        }
    }

    /** An operator's folder may hold all keys; accounts need those of the enrollment role. */
    private static Set<Role> rolesWithAccounts(SallyportConfig config) {
        return config.activeRoles().contains(Role.SMS_DISPATCHER) ? config.activeRoles() : Set.of(Role.ENROLLMENT);
    }
}
