package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.dispatch.kafka.KafkaClients;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starting, and refusing to start with one sentence. */
class StartIT {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SALLYPORT_HTTP_TRUSTED_PROXIES | proxy.example.com | SALLYPORT_HTTP_TRUSTED_PROXIES",
                "SALLYPORT_PHONE_REGIONS | XX | XX",
                "SALLYPORT_MONGO_URI | mongodb://127.0.0.1:1/?w=1 | w=majority",
                "SALLYPORT_MONGO_URI | mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200 | SALLYPORT_MONGO_URI",
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS | no-such-host.invalid:9092 | SALLYPORT_KAFKA_BOOTSTRAP_SERVERS",
                "SALLYPORT_KAFKA_PROPERTIES_SECURITY_PROTOCOL | NONE | SALLYPORT_KAFKA_PROPERTIES",
                "SALLYPORT_PASSWORD_BREACHED_FILE | /no/such/file | /no/such/file",
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS | no-such-host.invalid:9092 | bootstrap.servers",
                "SALLYPORT_KAFKA_PROPERTIES_SECURITY_PROTOCOL | HUSH | security.protocol",
            })
    void aSettingThatCannotBeIsNamed(String setting, String value, String named) {
        ExpectedFailure failure = assertThrows(ExpectedFailure.class, () -> TestPlatform.start(Map.of(setting, value)));
        String sentence = String.valueOf(failure.getMessage());
        assertTrue(sentence.contains(named) && !sentence.contains("HUSH"), sentence);
    }

    @Test
    void aTakenPortIsNamedWithTheSettingThatMovesIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            ExpectedFailure failure =
                    assertThrows(ExpectedFailure.class, () -> TestPlatform.start(Map.of("SALLYPORT_HTTP_PORT", port)));
            String sentence = String.valueOf(failure.getMessage());
            assertTrue(sentence.contains(port) && sentence.contains("SALLYPORT_HTTP_PORT"), sentence);
        }
    }

    @Test
    void whoeverStartedWaitsUntilAllWorks() {
        try (TestPlatform site = TestPlatform.start(Map.of())) {
            HttpResponse<String> ready = get(management(site) + "/health/ready");
            assertEquals(200, ready.statusCode(), ready.body());
            assertEquals(
                    Map.of("kafka", "up", "mongo", "up", "dispatcher", "up", "audit-sealer", "up"),
                    new JsonObject(ready.body()).getJsonObject("parts").getMap());
        }
    }

    @Test
    void aStrangerInTheDispatchersGroupStopsTheStart(@TempDir Path folder) {
        EmbeddedKafka broker = new EmbeddedKafka(folder.resolve("kafka"), 0);
        broker.start();
        try (KafkaConsumer<byte[], byte[]> _ = stranger(broker.bootstrapServers())) {
            Map<String, String> settings = Map.of("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
            ExpectedFailure failure = assertThrows(ExpectedFailure.class, () -> TestPlatform.start(settings));
            assertTrue(String.valueOf(failure.getMessage()).contains(KafkaClients.GROUP), failure.getMessage());
        } finally {
            broker.stop();
        }
    }

    /** A member of the dispatchers' group that shares its topic out in a way of its own. */
    private static KafkaConsumer<byte[], byte[]> stranger(String broker) {
        try (TopicAdmin admin = new TopicAdmin(broker, Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker,
                ConsumerConfig.GROUP_ID_CONFIG,
                KafkaClients.GROUP,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                RangeAssignor.class.getName());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(Topics.SMS_SEND));
        while (consumer.assignment().isEmpty()) {
            consumer.poll(Duration.ofMillis(100));
        }
        return consumer;
    }

    @Test
    void healthAndMetricsAreOnAPortOfTheirOwn() throws Exception {
        TestPlatform site = TestPlatform.shared();
        assertEquals(200, get(management(site) + "/health/live").statusCode());
        Person.signedUp(site);
        Await.until(
                Duration.ofSeconds(5),
                () -> get(management(site) + "/metrics").body().contains("type=\"dev.sallyport.account.created\""));
        assertEquals(404, site.visitor().get("/metrics").statusCode());
        assertEquals(404, site.visitor().get("/health/live").statusCode());
    }

    private static String management(TestPlatform site) {
        return "http://127.0.0.1:" + site.platform().managementPort();
    }

    private static HttpResponse<String> get(String url) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
