package dev.sallyport.dispatch.webhook;

import static dev.sallyport.sms.FailureClass.CONFIGURATION;
import static dev.sallyport.sms.FailureClass.CONNECTION_LOST;
import static dev.sallyport.sms.FailureClass.CONSENT;
import static dev.sallyport.sms.FailureClass.FRAUD;
import static dev.sallyport.sms.FailureClass.NO_CONNECTION;
import static dev.sallyport.sms.FailureClass.NUMBER;
import static dev.sallyport.sms.FailureClass.SERVER_ERROR;
import static dev.sallyport.sms.FailureClass.THROTTLED;
import static dev.sallyport.sms.FailureClass.TIMEOUT;
import static dev.sallyport.sms.FailureClass.UNCLASSIFIED;
import static dev.sallyport.sms.FailureClass.UNREADABLE_ANSWER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SendResult.Accepted;
import dev.sallyport.dispatch.SendResult.Ambiguous;
import dev.sallyport.dispatch.SendResult.NotSent;
import dev.sallyport.dispatch.SendResult.Refused;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.webhook.fake.FakeGateway;
import dev.sallyport.dispatch.webhook.fake.Fault;
import dev.sallyport.sms.FailureClass;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Whatever goes wrong: one POST, in bounded time, and an honest result. */
class WebhookFaultsTest {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** For silences; whatever is answered has the usual time, since a busy machine is no fault of the gateway's. */
    private static final Duration CALL = Duration.ofSeconds(1);

    private static final TextMessage MESSAGE =
            new TextMessage("id-1", "phone-key", "+14155550123", "493028 is your code", Duration.ofMinutes(4), 1);

    @SuppressWarnings("unused") // by name, below
    private static final List<Arguments> FAULTS = List.of(
            arguments(Fault.json(400, "{'failure':'number','code':'E_7.1'}"), new Refused(NUMBER, "E_7.1")),
            arguments(Fault.json(422, "{'failure':'consent'}"), new Refused(CONSENT, "http-422")),
            arguments(Fault.json(403, "{'failure':'fraud','code':'x'}"), new Refused(FRAUD, "x")),
            arguments(Fault.json(401, "{'failure':'who are you'}"), new Refused(CONFIGURATION, "http-401")),
            arguments(Fault.json(400, "{'code':'17'}"), new Refused(UNCLASSIFIED, "17")),
            arguments(Fault.json(400, "{'code':17}"), new Refused(UNCLASSIFIED, "http-400")),
            arguments(Fault.json(400, "{'failure':['number']}"), new Refused(UNCLASSIFIED, "http-400")),
            arguments(Fault.json(400, "{'failure':'NUMBER'}"), new Refused(UNCLASSIFIED, "http-400")),
            arguments(Fault.json(400, "[]"), new Refused(UNCLASSIFIED, "http-400")),
            arguments(Fault.json(400, ""), new Refused(UNCLASSIFIED, "http-400")),
            arguments(Fault.html(400), new Refused(UNCLASSIFIED, "http-400")),
            arguments(Fault.html(401), new Refused(CONFIGURATION, "http-401")),
            arguments(Fault.html(403), new Refused(CONFIGURATION, "http-403")),
            arguments(Fault.html(404), new Refused(UNCLASSIFIED, "http-404")),
            arguments(Fault.json(200, "{'failure':'number'}"), new Refused(NUMBER, "http-200")),
            arguments(
                    new Fault.Answer(429, Map.of("Retry-After", "7"), "slowly"),
                    new NotSent(THROTTLED, "http-429", Optional.of(Duration.ofSeconds(7)))),
            arguments(
                    Fault.json(429, "{'failure':'number','code':'rate'}"),
                    new NotSent(THROTTLED, "rate", Optional.empty())),
            arguments(
                    new Fault.Answer(429, Map.of("Retry-After", "Fri, 31 Dec 2027 23:59:59 GMT"), ""),
                    new NotSent(THROTTLED, "http-429", Optional.empty())),
            arguments(Fault.json(500, "{'failure':'number','code':'17'}"), new Ambiguous(SERVER_ERROR, "17")),
            arguments(Fault.html(503), new Ambiguous(SERVER_ERROR, "http-503")),
            arguments(Fault.html(200), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(Fault.json(200, "{}"), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(Fault.json(200, "null"), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(Fault.json(200, "{'id':17}"), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(Fault.json(200, "{'id':''}"), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(Fault.json(200, "{'id':'two words'}"), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(
                    Fault.json(200, "{'id':'" + "x".repeat(129) + "'}"), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(Fault.json(200, "{'id':" + "[".repeat(8000)), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(new Fault.Answer(204, Map.of(), ""), new Ambiguous(UNREADABLE_ANSWER, "http-204")),
            arguments(Fault.json(200, " ".repeat(17_000)), new Ambiguous(CONNECTION_LOST, "connection-lost")),
            arguments(redirect(302), new Ambiguous(UNREADABLE_ANSWER, "http-302")),
            arguments(redirect(307), new Ambiguous(UNREADABLE_ANSWER, "http-307")),
            arguments(new Fault.Reset(), new Ambiguous(CONNECTION_LOST, "connection-lost")),
            arguments(new Fault.Stall(), new Ambiguous(TIMEOUT, "response-timeout")),
            arguments(new Fault.Hang(), new Ambiguous(TIMEOUT, "response-timeout")));

    private final FakeGateway gateway = FakeGateway.start();
    private final WebhookSmsProvider provider = new WebhookSmsProvider(gateway.config(), Clock.systemUTC());
    private final WebhookSmsProvider hasty = new WebhookSmsProvider(gateway.config(), Clock.systemUTC(), CONNECT, CALL);

    @AfterEach
    void stop() {
        provider.close();
        hasty.close();
        gateway.close();
    }

    /** Twice, because the JDK treats a connection that has served before in another way than a new one. */
    @ParameterizedTest
    @FieldSource("FAULTS")
    void everyFaultCostsOnePostAndIsToldHonestly(Fault fault, SendResult expected) {
        WebhookSmsProvider sender =
                expected instanceof Ambiguous(var failureClass, var _) && failureClass == TIMEOUT ? hasty : provider;

        gateway.next(fault);
        assertEquals(expected, sender.send(MESSAGE));
        assertEquals(1, gateway.requests().size());

        assertInstanceOf(Accepted.class, sender.send(MESSAGE));

        gateway.next(fault);
        assertEquals(expected, sender.send(MESSAGE));
        assertEquals(3, gateway.requests().size());
    }

    /** A gateway may say for good that it won't send; whether a text may be tried again is not its to say. */
    @ParameterizedTest
    @EnumSource
    void onlyFinalFailuresCanBeTold(FailureClass word) {
        gateway.next(Fault.json(400, "{'failure':'" + word.id() + "'}"));

        boolean isFinal = SendResult.failed(word, "", Optional.empty()) instanceof Refused;
        assertEquals(new Refused(isFinal ? word : UNCLASSIFIED, "http-400"), provider.send(MESSAGE));
    }

    @Test
    void silenceIsCutOffAtTheTimeoutOfTheCall() {
        gateway.next(new Fault.Stall());
        long start = System.nanoTime();

        hasty.send(MESSAGE);

        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(elapsed.compareTo(CALL.minusMillis(20)) >= 0 && elapsed.toSeconds() < 4, elapsed.toString());
    }

    @Test
    void aClosedPortIsSurelyNotSent() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertEquals(
                new NotSent(NO_CONNECTION, "connect", Optional.empty()), sentTo("http://127.0.0.1:" + port + "/texts"));
    }

    @Test
    void anUnknownHostIsSurelyNotSent() {
        assertEquals(
                new NotSent(NO_CONNECTION, "unresolved-host", Optional.empty()), sentTo("https://gateway.invalid/"));
    }

    /** The words of the contract, and of its page. */
    @Test
    void thePageNamesEveryWordThatMayBeTold() throws IOException {
        String page = Files.readString(Path.of("../docs/sms-webhook.md"));
        Stream<FailureClass> told = Arrays.stream(FailureClass.values())
                .filter(word -> SendResult.failed(word, "", Optional.empty()) instanceof Refused);

        assertEquals(
                List.of(),
                told.filter(word -> !page.contains("`" + word.id() + "`")).toList());
    }

    private static SendResult sentTo(String url) {
        WebhookConfig config = new WebhookConfig("lost", URI.create(url), new WebhookKeys(List.of(FakeGateway.SECRET)));
        // Time for a slow resolver: only what happens while connecting is of interest here.
        try (WebhookSmsProvider unlucky =
                new WebhookSmsProvider(config, Clock.systemUTC(), CONNECT, Duration.ofSeconds(20))) {
            return unlucky.send(MESSAGE);
        }
    }

    private static Fault redirect(int status) {
        return new Fault.Answer(status, Map.of("Location", "/elsewhere"), "");
    }
}
