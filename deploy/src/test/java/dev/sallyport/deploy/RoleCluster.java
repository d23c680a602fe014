package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.Role;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.deploy.embedded.EmbeddedMongo;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Role, Integer> ports = new EnumMap<>(Role.class);
    private final Map<Role, Integer> managementPorts = new EnumMap<>(Role.class);
    private final Map<Role, JarProcess> nodes = new EnumMap<>(Role.class);
    private final PathProxy proxy;
    private int starts;

    /** Everything is up when it returns. */
    RoleCluster(Path folder) throws InterruptedException {
        this.folder = folder;
        this.kafka = new EmbeddedKafka(folder.resolve("kafka"), 0);
        this.mongo = new EmbeddedMongo(folder.resolve("mongo"), 0);
        kafka.start();
        mongo.start();
        for (Role role : Role.values()) {
            ports.put(role, freePort());
            managementPorts.put(role, freePort());
        }
        proxy = new PathProxy(ports);
        command(Map.of(), "keys", "init", "--dir", keys("all").toString());
        for (Role role : Role.values()) {
            String own = keys(role.toString()).toString();
            command(
                    Map.of(),
                    "keys",
                    "export",
                    role.toString(),
                    "--to",
                    own,
                    "--dir",
                    keys("all").toString());
        }
        command(onKafka(), "topics", "apply");
        // One after the other: three starts at once are more than a busy machine of two cores does in time.
        for (Role role : Role.values()) {
            start(role);
            awaitReady(role);
        }
    }

    /** Where one role's keys are. */
    Path keys(String name) {
        return folder.resolve("keys-" + name);
    }

    /** What a role's process is told; the dispatcher hears nothing of MongoDB, the web roles nothing of Twilio. */
    Map<String, String> environment(Role role) {
        Map<String, String> environment = new HashMap<>(onKafka());
        environment.put("SALLYPORT_ROLES", role.toString());
        environment.put("SALLYPORT_KEYS_DIR", keys(role.toString()).toString());
        environment.put("SALLYPORT_PUBLIC_URL", url());
        environment.put("SALLYPORT_BRAND_NAME", "Acme");
        environment.put("SALLYPORT_MANAGEMENT_PORT", managementPorts.get(role).toString());
        environment.put("SALLYPORT_SMS_PROVIDER", "twilio");
        if (role == Role.SMS_DISPATCHER) {
            environment.put("SALLYPORT_TWILIO_ACCOUNT_SID", twilio.config().accountSid());
            environment.put("SALLYPORT_TWILIO_AUTH_TOKEN", twilio.config().authToken());
            environment.put("SALLYPORT_TWILIO_FROM", twilio.config().from());
            environment.put("SALLYPORT_TWILIO_BASE_URL", twilio.uri().toString());
        } else {
            environment.put("SALLYPORT_MONGO_URI", mongo.uri());
            environment.put("SALLYPORT_HTTP_PORT", ports.get(role).toString());
            environment.put("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1");
        }
        return environment;
    }

    private Map<String, String> onKafka() {
        return Map.of(
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "SALLYPORT_KAFKA_REPLICATION", "1");
    }

    private void command(Map<String, String> environment, String... arguments) throws InterruptedException {
        JarProcess.Ended ended = JarProcess.run(newFolder(), environment, arguments);
        assertEquals(0, ended.exitCode(), ended.err());
    }

    /** A process that is not one of the cluster's. */
    JarProcess process(Map<String, String> environment) {
        return JarProcess.start(newFolder(), environment, "up");
    }

    JarProcess node(Role role) {
        return nodes.get(role);
    }

    void start(Role role) {
        nodes.put(role, process(environment(role)));
    }

    void awaitReady(Role role) throws InterruptedException {
        JarProcess node = node(role);
        Await.until(START_LIMIT, () -> {
            if (!node.isAlive()) {
                throw new AssertionError(role + " ended: " + node.log());
            }
            return ready(role) == 200;
        });
    }

    /** The parts of a role that would work now, and those that would not. */
    Map<String, Object> parts(Role role) {
        return health(role, "ready")
                .map(answer ->
                        new JsonObject(answer.body()).getJsonObject("parts").getMap())
                .orElse(Map.of());
    }

    int ready(Role role) {
        return health(role, "ready").map(HttpResponse::statusCode).orElse(0);
    }

    int live(Role role) {
        return health(role, "live").map(HttpResponse::statusCode).orElse(0);
    }

    private Optional<HttpResponse<String>> health(Role role, String question) {
        URI uri = URI.create("http://127.0.0.1:" + managementPorts.get(role) + "/health/" + question);
        try {
            return Optional.of(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    EmbeddedMongo mongo() {
        return mongo;
    }

    /** Where browsers reach it. */
    String url() {
        return "http://localhost:" + proxy.port();
    }

    /** The port of one web role, without the proxy. */
    int port(Role role) {
        return ports.get(role);
    }

    @Override
    public SiteClient visitor() {
        return new SiteClient(url());
    }

    @Override
    public FakeTwilio twilio() {
        return twilio;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    private Path newFolder() {
        try {
            return Files.createDirectory(folder.resolve("process-" + starts++));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(JarProcess::close);
        proxy.close();
        twilio.close();
        kafka.stop();
        mongo.stop();
    }
}
