package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.ExpectedFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
            })
    void aSettingThatCannotBeIsNamed(String setting, String value, String named) {
        ExpectedFailure failure = assertThrows(ExpectedFailure.class, () -> TestPlatform.start(Map.of(setting, value)));
        assertTrue(String.valueOf(failure.getMessage()).contains(named), failure.getMessage());
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
    void healthAndMetricsAreOnAPortOfTheirOwn() throws Exception {
        TestPlatform site = TestPlatform.shared();
        String management = "http://127.0.0.1:" + site.platform().managementPort();
        assertEquals(200, get(management + "/health/live").statusCode());
        // Its group gives the dispatcher its share a moment after the start.
        Await.until(
                Duration.ofSeconds(15), () -> get(management + "/health/ready").statusCode() == 200);
        Person.signedUp(site);
        Await.until(
                Duration.ofSeconds(5),
                () -> get(management + "/metrics").body().contains("type=\"dev.sallyport.account.created\""));
        assertEquals(404, site.visitor().get("/metrics").statusCode());
        assertEquals(404, site.visitor().get("/health/live").statusCode());
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
