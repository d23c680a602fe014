package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.Role;
import dev.sallyport.deploy.cluster.Ports;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.deploy.cluster.RoleNodes;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.deploy.embedded.EmbeddedMongo;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The three roles as they run in production: a process each, with its own environment and its own keys, on a broker and
 * a store that are elsewhere, behind a proxy. The broker and the store can be stopped and started.
 */
final class RoleCluster implements Site, AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(40);

    private final Path folder;
    private final EmbeddedKafka kafka;
    private final EmbeddedMongo mongo;
    private final FakeTwilio twilio = FakeTwilio.start();
    private final Ports ports = new Ports();
    private final PathProxy proxy = new PathProxy(this::port);
    private final RoleNodes roles;
    private int commands;

    /** Everything is up when it returns. */
    RoleCluster(Path folder) throws InterruptedException {
        this.folder = folder;
        this.kafka = new EmbeddedKafka(folder.resolve("kafka"), 0);
        this.mongo = new EmbeddedMongo(folder.resolve("mongo"), 0);
        kafka.start();
        mongo.start();
        // Keys as operators make them are there before the processes' own would be made.
        String all = folder.resolve("keys-all").toString();
        command(Map.of(), "keys", "init", "--dir", all);
        for (Role role : Role.values()) {
            String own = folder.resolve("keys-" + role).toString();
            command(Map.of(), "keys", "export", role.toString(), "--to", own, "--dir", all);
        }
        roles = new RoleNodes(
                folder,
                JarProcess.JAR,
                ports,
                new RoleNodes.Servers(kafka.bootstrapServers(), 1, mongo.uri()),
                role -> RoleSettings.of(role, url(), twilio));
        command(
                Map.of(
                        "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS",
                        kafka.bootstrapServers(),
                        "SALLYPORT_KAFKA_REPLICATION",
                        "1"),
                "topics",
                "apply");
        // One after the other: three starts at once are more than a busy machine of two cores does in time.
        for (Role role : Role.values()) {
            roles.add(role).start();
            awaitReady(role);
        }
    }

    private void command(Map<String, String> environment, String... arguments) throws InterruptedException {
        JarProcess.Ended ended = JarProcess.run(newFolder(), environment, arguments);
        assertEquals(0, ended.exitCode(), ended.err());
    }

    /** A process that is not one of the cluster's. */
    JarProcess process(Map<String, String> environment) {
        return JarProcess.start(newFolder(), environment, "up");
    }

    /** One more process of a role that no proxy turns to; with the same environment but for the settings given. */
    RoleNode another(Role role, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(node(role).environment());
        environment.putAll(settings);
        return new RoleNode("another-" + role, newFolder(), JarProcess.JAR, environment, ports);
    }

    RoleNodes roles() {
        return roles;
    }

    RoleNode node(Role role) {
        return roles.of(role).getFirst();
    }

    void awaitReady(Role role) throws InterruptedException {
        node(role).awaitReady(START_LIMIT);
    }

    /** The parts of a role that would work now, and those that would not. */
    Map<String, Object> parts(Role role) {
        return new JsonObject(node(role).body("/health/ready"))
                .getJsonObject("parts")
                .getMap();
    }

    int ready(Role role) {
        return node(role).status("/health/ready");
    }

    int live(Role role) {
        return node(role).status("/health/live");
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    EmbeddedMongo mongo() {
        return mongo;
    }

    /** Where browsers reach it. */
    @Override
    public String url() {
        return "http://localhost:" + proxy.port();
    }

    /** The port of one web role, without the proxy. */
    int port(Role role) {
        return node(role).httpPort();
    }

    @Override
    public FakeTwilio twilio() {
        return twilio;
    }

    private Path newFolder() {
        try {
            return Files.createDirectory(folder.resolve("command-" + commands++));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        roles.close();
        ports.close();
        proxy.close();
        twilio.close();
        kafka.stop();
        mongo.stop();
    }
}
