package dev.sallyport.dispatch.twilio;

import static dev.sallyport.sms.FailureClass.CONFIGURATION;
import static dev.sallyport.sms.FailureClass.CONNECTION_LOST;
import static dev.sallyport.sms.FailureClass.CONSENT;
import static dev.sallyport.sms.FailureClass.NOT_DELIVERED;
import static dev.sallyport.sms.FailureClass.NO_CONNECTION;
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
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.dispatch.twilio.fake.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** Whatever goes wrong: one POST, in bounded time, and an honest result. */
class TwilioFaultsTest {

    private static final Duration CONNECT = Duration.ofMillis(500);
    /** For silences; whatever is answered has the usual time, since a busy machine is no fault of Twilio's. */
    private static final Duration RESPONSE = Duration.ofSeconds(1);

    private static final TextMessage MESSAGE =
            new TextMessage("id-1", "phone-key", "+14155550123", "493028 is your code", Duration.ofMinutes(4), 1);
    private static final String SID = "SM0123456789abcdef0123456789abcdef";

    @SuppressWarnings("unused") // by name, below
    private static final List<Arguments> FAULTS = List.of(
            arguments(new Fault.Refuse(400, 21610), new Refused(CONSENT, "21610")),
            arguments(new Fault.Refuse(400, 12345), new Refused(UNCLASSIFIED, "12345")),
            arguments(new Fault.Refuse(401, 20003), new Refused(CONFIGURATION, "20003")),
            arguments(html(401), new Refused(CONFIGURATION, "http-401")),
            arguments(html(403), new Refused(CONFIGURATION, "http-403")),
            arguments(html(404), new Refused(UNCLASSIFIED, "http-404")),
            arguments(
                    new Fault.Throttle(Duration.ofSeconds(7)),
                    new NotSent(THROTTLED, "20429", Optional.of(Duration.ofSeconds(7)))),
            arguments(html(429), new NotSent(THROTTLED, "http-429", Optional.empty())),
            arguments(new Fault.AcceptThenFail(), new Ambiguous(SERVER_ERROR, "20500")),
            arguments(new Fault.Refuse(502, 12345), new Ambiguous(SERVER_ERROR, "12345")),
            arguments(Fault.html503(), new Ambiguous(SERVER_ERROR, "http-503")),
            arguments(json(500, ""), new Ambiguous(SERVER_ERROR, "http-500")),
            arguments(json(500, "null"), new Ambiguous(SERVER_ERROR, "http-500")),
            arguments(json(400, ""), new Refused(UNCLASSIFIED, "http-400")),
            arguments(html(201), new Ambiguous(UNREADABLE_ANSWER, "http-201")),
            arguments(json(201, ""), new Ambiguous(UNREADABLE_ANSWER, "http-201")),
            arguments(json(201, "null"), new Ambiguous(UNREADABLE_ANSWER, "http-201")),
            arguments(json(200, "{}"), new Ambiguous(UNREADABLE_ANSWER, "http-200")),
            arguments(json(307, ""), new Ambiguous(UNREADABLE_ANSWER, "http-307")),
            arguments(json(201, " ".repeat(100_000)), new Ambiguous(CONNECTION_LOST, "connection-lost")),
            arguments(message("'status':'failed','error_code':30003"), new Refused(NOT_DELIVERED, "30003")),
            arguments(message("'status':'failed'"), new Refused(UNCLASSIFIED, "status-failed")),
            arguments(message("'status':'brand_new','num_segments':'x'"), new Accepted(SID, "unknown", 0)),
            arguments(new Fault.AcceptThenReset(), new Ambiguous(CONNECTION_LOST, "connection-lost")),
            arguments(new Fault.AcceptThenStall(), new Ambiguous(TIMEOUT, "response-timeout")),
            arguments(new Fault.Hang(), new Ambiguous(TIMEOUT, "response-timeout")),
            arguments(new Fault.HangThenAccept(), new Ambiguous(TIMEOUT, "response-timeout")));

    private final FakeTwilio twilio = FakeTwilio.start();
    private final TwilioSmsProvider provider = new TwilioSmsProvider(twilio.config());
    private final TwilioSmsProvider hasty = new TwilioSmsProvider(twilio.config(), CONNECT, RESPONSE);

    @AfterEach
    void stop() {
        provider.close();
        hasty.close();
        twilio.close();
    }

    /** Twice, because the JDK treats a connection that has served before in another way than a new one. */
    @ParameterizedTest
    @FieldSource("FAULTS")
    void everyFaultCostsOnePostAndIsToldHonestly(Fault fault, SendResult expected) {
        var sender =
                expected instanceof Ambiguous(var failureClass, var _) && failureClass == TIMEOUT ? hasty : provider;

        twilio.next(fault);
        assertEquals(expected, sender.send(MESSAGE));
        assertEquals(1, twilio.ledger().attempts().size());

        assertInstanceOf(Accepted.class, sender.send(MESSAGE));

        twilio.next(fault);
        assertEquals(expected, sender.send(MESSAGE));
        assertEquals(3, twilio.ledger().attempts().size());
    }

    @Test
    void aMessageAcceptedAfterTheTimeoutIsTheReasonForCallingItAmbiguous() throws Exception {
        twilio.next(new Fault.HangThenAccept());

        assertInstanceOf(Ambiguous.class, hasty.send(MESSAGE));

        assertEquals(1, twilio.ledger().awaitMessages(1, Duration.ofSeconds(5)).size());
    }

    @Test
    void wrongCredentialsAreAMatterOfConfiguration() {
        var config = new TwilioConfig(
                FakeTwilio.ACCOUNT_SID, "another-token", FakeTwilio.FROM, twilio.uri(), Optional.empty());
        try (var stranger = new TwilioSmsProvider(config)) {
            assertEquals(new Refused(CONFIGURATION, "20003"), stranger.send(MESSAGE));
        }
    }

    @ParameterizedTest
    @FieldSource("SILENCES")
    void silenceIsCutOffAtTheResponseTimeout(Fault silence) {
        twilio.next(silence);

        var elapsed = timeOf(hasty, new Ambiguous(TIMEOUT, "response-timeout"));

        assertBetween(RESPONSE, elapsed, Duration.ofSeconds(4));
    }

    @SuppressWarnings("unused") // by name, above
    private static final List<Fault> SILENCES = List.of(new Fault.Hang(), new Fault.AcceptThenStall());

    @Test
    void byDefaultTheTimeoutsAreTwoAndFiveSeconds() {
        assertEquals(Duration.ofSeconds(2), TwilioSmsProvider.CONNECT_TIMEOUT);
        assertEquals(Duration.ofSeconds(5), TwilioSmsProvider.RESPONSE_TIMEOUT);

        twilio.next(new Fault.Hang());
        try (var byDefault = new TwilioSmsProvider(twilio.config())) {
            var elapsed = timeOf(byDefault, new Ambiguous(TIMEOUT, "response-timeout"));

            assertBetween(Duration.ofSeconds(5), elapsed, Duration.ofSeconds(7));
        }
    }

    @Test
    void aFullBacklogIsCutOffAtTheConnectTimeout() throws Exception {
        var clients = new ArrayList<SocketChannel>();
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var unlucky = provider(URI.create("http://127.0.0.1:" + server.getLocalPort()))) {
            // Nobody accepts: the kernel takes as many as fit the backlog and lets the others knock.
            for (int i = 0; i < 8; i++) {
                var client = SocketChannel.open();
                client.configureBlocking(false);
                client.connect(server.getLocalSocketAddress());
                clients.add(client);
            }

            var elapsed = timeOf(unlucky, new NotSent(NO_CONNECTION, "connect-timeout", Optional.empty()));

            assertBetween(CONNECT, elapsed, Duration.ofSeconds(4));
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aClosedPortIsSurelyNotSent() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        try (var unlucky = provider(URI.create("http://127.0.0.1:" + port))) {
            assertEquals(new NotSent(NO_CONNECTION, "connect", Optional.empty()), unlucky.send(MESSAGE));
        }
    }

    @Test
    void anUnknownHostIsSurelyNotSent() {
        try (var unlucky = provider(URI.create("https://twilio.invalid"))) {
            assertEquals(new NotSent(NO_CONNECTION, "unresolved-host", Optional.empty()), unlucky.send(MESSAGE));
        }
    }

    @Test
    void aFailedTlsHandshakeIsSurelyNotSent() throws Exception {
        byte[] handshakeFailure = {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28};
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var unlucky = provider(URI.create("https://127.0.0.1:" + server.getLocalPort()))) {
            var served = CompletableFuture.runAsync(() -> {
                try (var client = server.accept()) {
                    client.getInputStream().read();
                    client.getOutputStream().write(handshakeFailure);
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            assertEquals(new NotSent(NO_CONNECTION, "tls-handshake", Optional.empty()), unlucky.send(MESSAGE));
            served.join();
        }
    }

    @Test
    void anInterruptEndsTheWaitAndStays() throws Exception {
        twilio.next(new Fault.Hang());
        var outcome = new CompletableFuture<String>();
        try (var patient = new TwilioSmsProvider(twilio.config())) {
            var sender = Thread.ofVirtual()
                    .start(() -> outcome.complete(
                            patient.send(MESSAGE) + " " + Thread.currentThread().isInterrupted()));
            twilio.ledger().awaitAttempts(1, Duration.ofSeconds(5));
            sender.interrupt();

            assertEquals(new Ambiguous(TIMEOUT, "interrupted") + " true", outcome.join());
        }
    }

    private static Duration timeOf(TwilioSmsProvider provider, SendResult expected) {
        long start = System.nanoTime();
        assertEquals(expected, provider.send(MESSAGE));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void assertBetween(Duration least, Duration elapsed, Duration most) {
        assertTrue(elapsed.compareTo(least.minusMillis(20)) >= 0 && elapsed.compareTo(most) < 0, elapsed.toString());
    }

    private static TwilioSmsProvider provider(URI baseUrl) {
        var config = new TwilioConfig(
                FakeTwilio.ACCOUNT_SID, FakeTwilio.AUTH_TOKEN, FakeTwilio.FROM, baseUrl, Optional.empty());
        // Time for a slow resolver: only what happens while connecting is of interest here.
        return new TwilioSmsProvider(config, CONNECT, Duration.ofSeconds(20));
    }

    private static Fault html(int status) {
        return new Fault.Answer(status, "text/html", "<html>" + status + "</html>");
    }

    private static Fault json(int status, String body) {
        return new Fault.Answer(status, "application/json", body);
    }

    private static Fault message(String fields) {
        return json(201, ("{'sid':'" + SID + "'," + fields + "}").replace('\'', '"'));
    }
}
