package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.config.ConfigFiles;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.deploy.embedded.GuardedKafka;
import dev.sallyport.deploy.embedded.TestServers;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.event.kafka.Grantee;
import dev.sallyport.testing.Folders;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The three roles in this JVM, each with its own keys and as its own user of a broker that lets it do no more than it may.
 * None runs before it is started.
 */
final class GuardedSite implements Site, AutoCloseable {

    private static final String DATABASE = "guarded";

    private final GuardedKafka kafka = GuardedKafka.shared();
    private final FakeTwilio twilio = FakeTwilio.start();
    private final int reports = TestPlatform.PORTS.take();
    private final Path keys = Folders.temporary("sallyport-keys-");
    private final Map<Role, Platform> running = new EnumMap<>(Role.class);
    private final PathProxy proxy = new PathProxy(role -> running.get(role).httpPort());

    GuardedSite() {
        KeyFolder all = new KeyFolder(keys.resolve("all"));
        all.init();
        for (Role role : Role.values()) {
            all.export(EnumSet.of(role), keys.resolve(role.toString()));
        }
    }

    /** What a role's process is told. */
    Map<String, String> environment(Role role) {
        Map<String, String> environment = new HashMap<>(RoleSettings.of(role, url(), twilio));
        environment.put("SALLYPORT_ROLES", role.toString());
        environment.put("SALLYPORT_KEYS_DIR", keys.resolve(role.toString()).toString());
        environment.put("SALLYPORT_HTTP_PORT", "0");
        environment.put("SALLYPORT_MANAGEMENT_PORT", "0");
        environment.putAll(kafka.environment(userOf(role)));
        if (role == Role.SMS_DISPATCHER) {
            environment.put("SALLYPORT_SMS_CALLBACK_URL", "http://127.0.0.1:" + reports + "/callbacks");
            environment.put("SALLYPORT_SMS_CALLBACK_PORT", Integer.toString(reports));
        } else if (role.isWeb()) {
            environment.putAll(store());
        }
        return environment;
    }

    /** What a command about accounts is told. */
    Map<String, String> environmentOfUsers() {
        Map<String, String> environment = new HashMap<>(store());
        environment.put("SALLYPORT_KEYS_DIR", keys.resolve("all").toString());
        environment.putAll(kafka.environment(GuardedKafka.userOf("users")));
        return environment;
    }

    private static Map<String, String> store() {
        return Map.of("SALLYPORT_MONGO_URI", TestServers.mongoUri(DATABASE), "SALLYPORT_MONGO_DATABASE", DATABASE);
    }

    static String userOf(Role role) {
        return Grantee.all().stream()
                .filter(grantee -> grantee.roles().contains(role))
                .map(grantee -> GuardedKafka.userOf(grantee.name()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns when it is ready; does nothing if it runs. */
    void start(Role role) {
        running.computeIfAbsent(role, _ -> start(environment(role)));
    }

    /** One that is told something else, to be stopped by whoever asked for it. */
    Platform start(Map<String, String> environment) {
        return Platform.start(ConfigFiles.read(environment, keys), clock());
    }

    @Override
    public String url() {
        return "http://localhost:" + proxy.port();
    }

    @Override
    public FakeTwilio twilio() {
        return twilio;
    }

    @Override
    public void close() {
        running.values().forEach(Platform::stop);
        proxy.close();
        twilio.close();
        Folders.delete(keys);
    }
}
