package dev.sallyport.bench;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The product in processes of its own: store, broker, web roles and dispatcher; Twilio's fake runs in the driver. */
final class Site implements AutoCloseable {

    private final Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final FakeTwilio twilio = FakeTwilio.start();
    private final int httpPort = Part.freePort();
    private final int storePort = Part.freePort();
    private final int brokerPort = Part.freePort();
    private final Part store;
    private final Part broker;
    private final Part web;
    private final Part dispatcher;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int people;

    Site() {
        this.folder = temporaryFolder();
        store = Part.java(
                "store",
                Server.class.getName(),
                "store",
                folder.resolve("store").toString(),
                "" + storePort);
        broker = Part.java(
                "broker",
                Server.class.getName(),
                "broker",
                folder.resolve("broker").toString(),
                "" + brokerPort);
        try (TopicAdmin admin = new TopicAdmin("127.0.0.1:" + brokerPort, Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
        KeyFolder keys = new KeyFolder(folder.resolve("keys"));
        keys.init();
        keys.export(EnumSet.of(Role.LOGIN, Role.ENROLLMENT), folder.resolve("web-keys"));
        keys.export(EnumSet.of(Role.SMS_DISPATCHER), folder.resolve("dispatcher-keys"));
        web = Part.product("web", webSettings(httpPort, storePort));
        dispatcher = Part.product("dispatcher", dispatcherSettings());
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("sallyport-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settings of a process with both web roles. */
    Map<String, String> webSettings(int port, int store) {
        Map<String, String> settings = settings(Set.of(Role.LOGIN, Role.ENROLLMENT), "web-keys");
        settings.put("SALLYPORT_HTTP_PORT", "" + port);
        settings.put("SALLYPORT_MONGO_URI", "mongodb://127.0.0.1:" + store + "/");
        return settings;
    }

    private Map<String, String> dispatcherSettings() {
        return settings(Set.of(Role.SMS_DISPATCHER), "dispatcher-keys");
    }

    private Map<String, String> settings(Set<Role> roles, String keys) {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "SALLYPORT_ROLES",
                String.join(",", roles.stream().map(Role::toString).toList()));
        settings.put("SALLYPORT_MANAGEMENT_PORT", "" + Part.freePort());
        settings.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + brokerPort);
        settings.put("SALLYPORT_KAFKA_REPLICATION", "1");
        settings.put("SALLYPORT_KEYS_DIR", folder.resolve(keys).toString());
        settings.put("SALLYPORT_LIMITS_PHONE_MODE", "record-only");
        settings.put("SALLYPORT_LIMITS_MONEY_MODE", "record-only");
        settings.putAll(twilio.environment());
        return settings;
    }

    /** A new visitor. */
    Browser visitor() {
        return visitor(httpPort);
    }

    /** A new visitor of another process. */
    Browser visitor(int port) {
        return new Browser(http, "http://127.0.0.1:" + port);
    }

    /** New people who have signed up. */
    List<Person> signUp(int count) {
        List<Person> signedUp = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            signedUp.add(Person.signUp(visitor(), people++));
        }
        return signedUp;
    }

    String url(String path) {
        return "http://127.0.0.1:" + httpPort + path;
    }

    Part web() {
        return web;
    }

    Part store() {
        return store;
    }

    Part broker() {
        return broker;
    }

    List<Part> parts() {
        return List.of(store, broker, web, dispatcher);
    }

    FakeTwilio twilio() {
        return twilio;
    }

    Vertx vertx() {
        return vertx;
    }

    int storePort() {
        return storePort;
    }

    @Override
    public void close() {
        for (Part part : List.of(dispatcher, web, broker, store)) {
            part.close();
        }
        twilio.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
