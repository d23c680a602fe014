package dev.sallyport.deploy.embedded;

import dev.sallyport.event.kafka.Grantee;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;

/**
 * A broker that encrypts, asks for names and passwords, and lets nobody do what was not allowed. It has all topics, and for
 * each entry of {@code rights.yaml} a user {@code sallyport-…} with exactly its rights. Tests share it.
 */
public final class GuardedKafka {

    /** May do everything. */
    public static final String ADMINISTRATOR = "administrator";

    private static final String BROKER = "broker";
    private static final int ITERATIONS = 4_096;

    /** Ends with the JVM. */
    private static final class Shared {

        static final GuardedKafka INSTANCE = new GuardedKafka();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close, "guarded-kafka-stop"));
        }
    }

    private final Path folder = Folders.temporary("sallyport-guarded-");
    private final Map<String, String> passwords = new HashMap<>();
    private final Authority authority;
    private final EmbeddedKafka kafka;

    private GuardedKafka() {
        try {
            authority = new Authority(Files.createDirectory(folder.resolve("certificates")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kafka = new EmbeddedKafka(folder.resolve("kafka"), 0, settings());
        kafka.start();
        List<String> users = Grantee.all().stream()
                .map(Grantee::name)
                .map(GuardedKafka::userOf)
                .toList();
        try (Admin admin = admin()) {
            List<UserScramCredentialAlteration> credentials = users.stream()
                    .<UserScramCredentialAlteration>map(user -> new UserScramCredentialUpsertion(
                            user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password(user)))
                    .toList();
            admin.alterUserScramCredentials(credentials).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        users.forEach(user -> Eventually.equal(true, () -> isLetIn(user)));
        try (TopicAdmin admin = new TopicAdmin(bootstrapServers(), client(ADMINISTRATOR))) {
            admin.apply(TopicPlan.all(1));
            Grantee.all().forEach(grantee -> admin.rights().give("User:" + userOf(grantee.name()), grantee.rights()));
        }
    }

    public static GuardedKafka shared() {
        return Shared.INSTANCE;
    }

    /** The controller is reached by the broker alone, which nobody has to prove here. */
    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("listener.security.protocol.map", "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", authority.serverStore().toString());
        settings.put("ssl.keystore.password", Authority.PASSWORD);
        settings.put("ssl.key.password", Authority.PASSWORD);
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", authority.certificate().toString());
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        settings.put(
                "listener.name.clients.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\""
                                .formatted(BROKER, password(BROKER))
                        + " user_%s=\"%s\" user_%s=\"%s\";"
                                .formatted(BROKER, password(BROKER), ADMINISTRATOR, password(ADMINISTRATOR)));
        settings.put(
                "listener.name.clients.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put("authorizer.class.name", StandardAuthorizer.class.getName());
        settings.put("super.users", "User:ANONYMOUS;User:%s;User:%s".formatted(BROKER, ADMINISTRATOR));
        return settings;
    }

    /** The user of an entry of {@code rights.yaml}. */
    public static String userOf(String name) {
        return "sallyport-" + name;
    }

    public String password(String user) {
        return passwords.computeIfAbsent(user, _ -> UUID.randomUUID().toString());
    }

    private boolean isLetIn(String user) {
        try (Admin admin = admin(user)) {
            admin.describeCluster().clusterId().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthenticationException) {
                return false;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    public Authority authority() {
        return authority;
    }

    /** Settings of a client of this user, without the address. */
    public Map<String, String> client(String user) {
        boolean scram = !user.equals(ADMINISTRATOR);
        String module = scram
                ? "org.apache.kafka.common.security.scram.ScramLoginModule"
                : "org.apache.kafka.common.security.plain.PlainLoginModule";
        return new TreeMap<>(Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                scram ? "SCRAM-SHA-512" : "PLAIN",
                "sasl.jaas.config",
                "%s required username=\"%s\" password=\"%s\";".formatted(module, user, password(user)),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.certificate().toString()));
    }

    /** The same with the address. */
    public Map<String, Object> connection(String user) {
        Map<String, Object> connection = new HashMap<>(client(user));
        connection.put("bootstrap.servers", bootstrapServers());
        return connection;
    }

    /** What the platform is told in its environment to be this user here. */
    public Map<String, String> environment(String user) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
        environment.put("SALLYPORT_KAFKA_REPLICATION", "1");
        client(user).forEach((name, value) -> environment.put(variable(name), value));
        return environment;
    }

    /** The variable that passes a setting to Kafka's clients. */
    public static String variable(String setting) {
        return "SALLYPORT_KAFKA_PROPERTIES_" + setting.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** The administrator's. */
    public Admin admin() {
        return admin(ADMINISTRATOR);
    }

    public Admin admin(String user) {
        return Admin.create(connection(user));
    }

    private void close() {
        kafka.stop();
        Folders.delete(folder);
    }
}
