package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.deploy.embedded.Authority;
import dev.sallyport.deploy.embedded.EncryptedMongo;
import dev.sallyport.deploy.embedded.TestServers;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A web role on a store behind TLS, whose authority Java does not know by itself. */
class EncryptedStoreIT {

    @TempDir
    private static Path folder;

    private static Authority authority;
    private static EncryptedMongo store;

    @BeforeAll
    static void start() throws Exception {
        authority = new Authority(Files.createDirectory(folder.resolve("certificates")));
        store = new EncryptedMongo(authority);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Test
    void aRoleThatIsGivenTheAuthorityStarts() throws Exception {
        try (TopicAdmin admin = new TopicAdmin(TestServers.bootstrapServers(), Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
        KeyFolder keys = new KeyFolder(folder.resolve("keys"));
        keys.init();
        keys.export(EnumSet.of(Role.LOGIN), folder.resolve("keys-login"));
        JarProcess.Ended ended = JarProcess.run(
                Files.createDirectory(folder.resolve("login")),
                Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
                                .formatted(authority.trustStore(), Authority.PASSWORD),
                        "SALLYPORT_ROLES",
                        "login",
                        "SALLYPORT_KEYS_DIR",
                        folder.resolve("keys-login").toString(),
                        "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS",
                        TestServers.bootstrapServers(),
                        "SALLYPORT_KAFKA_REPLICATION",
                        "1",
                        "SALLYPORT_HTTP_PORT",
                        "0",
                        "SALLYPORT_MANAGEMENT_PORT",
                        "0",
                        "SALLYPORT_MONGO_URI",
                        store.uri() + "/?tls=true"),
                "up",
                "--until-ready");
        assertEquals(0, ended.exitCode(), ended.err());
    }

    @Test
    void anUnknownAuthorityIsOneSentence() {
        ExpectedFailure failure = assertThrows(ExpectedFailure.class, () -> start("/?tls=true"));
        assertTrue(String.valueOf(failure.getMessage()).contains("javax.net.ssl.trustStore"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/?tls=false"})
    void whoDoesNotEncryptGetsNoAnswer(String options) {
        ExpectedFailure failure = assertThrows(ExpectedFailure.class, () -> start(options));
        assertTrue(String.valueOf(failure.getMessage()).contains("SALLYPORT_MONGO_URI"), failure.getMessage());
    }

    private static void start(String options) {
        TestPlatform.start(Map.of("SALLYPORT_MONGO_URI", store.uri() + options)).close();
    }
}
