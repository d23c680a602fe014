package dev.sallyport.dispatch.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SendResult.Accepted;
import dev.sallyport.dispatch.SendResult.Refused;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.webhook.fake.FakeGateway;
import dev.sallyport.sms.FailureClass;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The receiver that gateway authors start from, run as they would run it. */
class ReceiverExampleTest {

    private static final Path RECEIVER = Path.of("../deploy/examples/sms-webhook-receiver/Receiver.java");
    private static final String OTHER_SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

    private final Process process;
    private final BufferedReader printed;
    private final URI url;

    ReceiverExampleTest() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder command = new ProcessBuilder(java, RECEIVER.toString(), "0").redirectErrorStream(true);
        command.environment().put("WEBHOOK_SECRET", FakeGateway.SECRET);
        process = command.start();
        printed = process.inputReader(UTF_8);
        String first = printed.readLine();
        assertTrue(first != null && first.startsWith("http://127.0.0.1:"), String.valueOf(first));
        url = URI.create(first);
    }

    @AfterEach
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    @Test
    void itPrintsWhatItIsToldAndRefusesWhatIsNotSigned() throws IOException {
        assertEquals(new Accepted("0199a1b2_1", "accepted", 0), send(FakeGateway.SECRET, "493028 is \"your\" code"));
        assertEquals(new Refused(FailureClass.CONFIGURATION, "http-401"), send(OTHER_SECRET, "of a stranger"));
        assertEquals(new Accepted("0199a1b2_1", "accepted", 0), send(FakeGateway.SECRET, "the next"));

        assertEquals("493028 is \"your\" code", nextText());
        assertEquals("the next", nextText());
    }

    @Test
    void itClaimsToKnowNoTextThatItIsAskedFor() {
        try (WebhookSmsProvider provider = provider(FakeGateway.SECRET)) {
            assertEquals(
                    Optional.empty(),
                    provider.find(message("x"), Clock.systemUTC().instant(), Set.of()));
        }
    }

    private SendResult send(String secret, String text) {
        try (WebhookSmsProvider provider = provider(secret)) {
            return provider.send(message(text));
        }
    }

    private WebhookSmsProvider provider(String secret) {
        return new WebhookSmsProvider(
                new WebhookConfig("example", url, new WebhookKeys(List.of(secret))), Clock.systemUTC());
    }

    private static TextMessage message(String text) {
        return new TextMessage("0199a1b2", "phone-key", "+14155550123", text, Duration.ofMinutes(4), 1);
    }

    private String nextText() throws IOException {
        String line = printed.readLine();
        assertNotNull(line);
        return new JsonObject(line).getString("text");
    }
}
