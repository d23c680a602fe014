package dev.sallyport.deploy;

import dev.sallyport.config.ConfigFiles;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.deploy.cluster.Ports;
import dev.sallyport.deploy.embedded.TestServers;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.testing.Folders;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole platform in this JVM: all roles on the test servers, text messages to a fake Twilio, the clock in the test's
 * hands. Each has a database of its own.
 */
public final class TestPlatform implements Site, AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();
    static final Ports PORTS = new Ports();

    private Platform platform;
    private final FakeTwilio twilio;
    private final TestClock clock;
    private final Map<String, String> environment;

    private TestPlatform(Platform platform, FakeTwilio twilio, TestClock clock, Map<String, String> environment) {
        this.platform = platform;
        this.twilio = twilio;
        this.clock = clock;
        this.environment = environment;
    }

    /** The one that most tests share; they use user names of their own. */
    public static TestPlatform shared() {
        return Shared.INSTANCE;
    }

    /** Ends with the JVM. */
    private static final class Shared {
        private static final TestPlatform INSTANCE = start(Map.of());
    }

    /** One with settings of its own; to be closed. */
    public static TestPlatform start(Map<String, String> settings) {
        TestClock clock = new TestClock();
        FakeTwilio twilio = FakeTwilio.start(clock);
        Path keys = newKeys();
        Map<String, String> environment = servers(settings);
        environment.put("SALLYPORT_HTTP_PORT", Integer.toString(PORTS.take()));
        environment.put("SALLYPORT_MANAGEMENT_PORT", "0");
        environment.put("SALLYPORT_AUTHZ_PORT", "0");
        environment.put("SALLYPORT_KAFKA_REPLICATION", "1");
        environment.put("SALLYPORT_KEYS_DIR", keys.toString());
        environment.put("SALLYPORT_BRAND_NAME", "Acme");
        environment.putIfAbsent("SALLYPORT_LIMITS_PHONE_MODE", "record-only");
        environment.putIfAbsent("SALLYPORT_LIMITS_MONEY_MODE", "record-only");
        environment.putAll(twilio.environment());
        environment.putAll(settings);
        return new TestPlatform(start(environment, clock), twilio, clock, environment);
    }

    /** The servers that the settings name, and the shared ones where they name none; a database of its own, all topics. */
    private static Map<String, String> servers(Map<String, String> settings) {
        Map<String, String> servers = new HashMap<>();
        String kafka = settings.get("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS");
        if (kafka == null) {
            kafka = TestServers.bootstrapServers();
            servers.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", kafka);
        }
        try (TopicAdmin admin = new TopicAdmin(kafka, Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
        if (!settings.containsKey("SALLYPORT_MONGO_URI")) {
            String database = "test" + COUNT.incrementAndGet();
            servers.put("SALLYPORT_MONGO_URI", TestServers.mongoUri(database));
            servers.put("SALLYPORT_MONGO_DATABASE", database);
        }
        return servers;
    }

    private static Platform start(Map<String, String> environment, TestClock clock) {
        Path folder = Path.of(environment.get("SALLYPORT_KEYS_DIR"));
        return Platform.start(ConfigFiles.read(environment, folder), clock);
    }

    /** Another node on the same database, broker and keys; to be stopped by whoever asked for it. */
    public Platform anotherNode() {
        Map<String, String> other = new HashMap<>(environment);
        other.put("SALLYPORT_PUBLIC_URL", url());
        other.put("SALLYPORT_HTTP_PORT", Integer.toString(PORTS.take()));
        return start(other, clock);
    }

    /** Stops it and starts it again, as after an update: on its port, with the keys that there are now. */
    public void restart() {
        platform.stop();
        platform = start(environment, clock);
    }

    private static Path newKeys() {
        Path folder = Folders.temporary("sallyport-keys-");
        new KeyFolder(folder).init();
        return folder;
    }

    /** Where its pages are, without a slash at the end. */
    @Override
    public String url() {
        return "http://localhost:" + platform.httpPort();
    }

    /** Its configuration, for operators' commands that work on it. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    public Platform platform() {
        return platform;
    }

    @Override
    public FakeTwilio twilio() {
        return twilio;
    }

    @Override
    public TestClock clock() {
        return clock;
    }

    @Override
    public void close() {
        platform.stop();
        twilio.close();
        Folders.delete(Path.of(environment.get("SALLYPORT_KEYS_DIR")));
    }
}
