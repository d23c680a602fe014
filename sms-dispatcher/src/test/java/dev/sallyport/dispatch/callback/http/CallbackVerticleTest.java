package dev.sallyport.dispatch.callback.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.dispatch.GivenKeys;
import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.callback.CallbackReader;
import dev.sallyport.dispatch.callback.kafka.CallbackRecords;
import dev.sallyport.dispatch.kafka.OwnRecords;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.PublishFailed;
import dev.sallyport.sms.Outcome.Status;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Over real HTTP, with a reader that finds what the body names, and a Kafka of the test's own. */
class CallbackVerticleTest {

    private static final Callback CALLBACK =
            Callback.of("id-1", 1, "phone-key", "twilio", "SM01", Status.SENT, Instant.parse("2026-05-04T12:00:00Z"));

    private static final OwnRecords OWN = GivenKeys.ownRecords();

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Kafka kafka = new Kafka();
    private final List<URI> called = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private int port;

    /** Takes what it is given, or nothing. */
    private static final class Kafka implements EventPublisher {

        private final List<EventRecord> taken = new CopyOnWriteArrayList<>();
        private volatile boolean away;

        @Override
        public void send(EventRecord event) {
            if (away) {
                throw new PublishFailed(event.topic(), null);
            }
            taken.add(event);
        }

        @Override
        public void publish(List<EventRecord> events, Consumer<Boolean> done) {
            throw new IllegalStateException("an answer waits for each");
        }
    }

    @BeforeEach
    void start() {
        log.start();
        logger().addAppender(log);
        logger().setLevel(Level.DEBUG);
        var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
        var verticle = new CallbackVerticle(
                options,
                URI.create("https://example.com/news/callbacks/twilio?site=1#rc=3"),
                Map.of("twilio", this::read, "gateway-2", this::read),
                OWN,
                kafka);
        var onVirtualThread = new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
        vertx.deployVerticle(verticle, onVirtualThread)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        port = verticle.port();
    }

    @AfterEach
    void stop() {
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        logger().detachAppender(log);
        logger().setLevel(null);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(CallbackVerticle.class);
    }

    private CallbackReader.Result read(URI uri, Function<String, Optional<String>> headers, byte[] body) {
        called.add(uri);
        return switch (headers.apply("x-signature").orElse("") + ':' + new String(body, UTF_8)) {
            case "right:news" -> new CallbackReader.News(CALLBACK);
            case "right:queued" -> new CallbackReader.NothingNew();
            case "right:bug" -> throw new IllegalStateException("+14155550123 is not what I thought");
            case "right:" -> new CallbackReader.Malformed();
            default ->
                headers.apply("X-SIGNATURE").equals(Optional.of("right"))
                        ? new CallbackReader.Malformed()
                        : new CallbackReader.NotGenuine();
        };
    }

    @Test
    void newsIsKeptBeforeItIsAnswered() throws Exception {
        var answer = post("/callbacks/twilio?m=id-1&a=1", "news");

        assertEquals(204, answer.statusCode());
        assertEquals("", answer.body());
        assertEquals(
                List.of(Optional.of(CALLBACK)),
                kafka.taken.stream().map(CallbackRecords::decode).toList());
    }

    @Test
    void theReaderIsToldTheAddressAsItIsFromOutside() throws Exception {
        post("/callbacks/gateway-2?m=%20id%2B&x=", "news");
        post("/callbacks/twilio", "news");

        assertEquals(
                List.of(
                        URI.create("https://example.com/news/callbacks/gateway-2?m=%20id%2B&x="),
                        URI.create("https://example.com/news/callbacks/twilio")),
                called);
    }

    @ParameterizedTest
    @CsvSource({"right, queued, 204", "right, nonsense, 400", "right, '', 400", "wrong, news, 403", "right, bug, 500"})
    void whatTellsNothingLeavesNothing(String signature, String body, int status) throws Exception {
        var request =
                request("/callbacks/twilio", BodyPublishers.ofString(body)).header("X-Signature", signature);

        assertEquals(status, send(request).statusCode());
        assertEquals(List.of(), kafka.taken);
    }

    @Test
    void anUnsignedRequestIsRefusedAndNotedOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    403,
                    send(request("/callbacks/twilio", BodyPublishers.ofString("secret")))
                            .statusCode());
        }

        assertEquals(
                1,
                logged().lines()
                        .filter(line -> line.contains("/callbacks/twilio"))
                        .count(),
                logged());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/callbacks", "/callbacks/", "/callbacks/other", "/callbacks/twilio/", "/callbacks/TWILIO"})
    void anotherPathIsNotThere(String path) throws Exception {
        assertEquals(404, post(path, "news").statusCode());
        assertEquals(List.of(), called);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
    void anotherMethodIsNotAllowed(String method) throws Exception {
        var answer =
                send(request("/callbacks/twilio", BodyPublishers.noBody()).method(method, BodyPublishers.noBody()));

        assertEquals(405, answer.statusCode());
        assertEquals(Optional.of("POST"), answer.headers().firstValue("Allow"));
    }

    @Test
    void tooMuchIsRefusedWhetherItIsAnnouncedOrNot() throws Exception {
        var much = "x".repeat(CallbackVerticle.MAX_BODY_BYTES + 1);
        assertEquals(413, post("/callbacks/twilio", much).statusCode());
        var unannounced = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(much.getBytes(UTF_8)));
        assertEquals(413, send(request("/callbacks/twilio", unannounced)).statusCode());
        assertEquals(List.of(), called);

        var most = "x".repeat(CallbackVerticle.MAX_BODY_BYTES);
        assertEquals(400, post("/callbacks/twilio", most).statusCode());
        assertEquals(204, post("/callbacks/twilio", "news").statusCode());
    }

    @Test
    void whileKafkaIsAwayTheProviderIsToldToComeBack() throws Exception {
        kafka.away = true;
        assertEquals(503, post("/callbacks/twilio", "news").statusCode());
        assertEquals(503, post("/callbacks/twilio", "news").statusCode());
        kafka.away = false;
        assertEquals(204, post("/callbacks/twilio", "news").statusCode());

        assertEquals(1, kafka.taken.size());
        assertEquals(2, logged().lines().filter(line -> line.contains("Kafka")).count(), logged());
    }

    @Test
    void aRequestThatBreaksOffDoesNoHarm() throws Exception {
        try (var client = new Socket("127.0.0.1", port)) {
            client.getOutputStream()
                    .write("POST /callbacks/twilio HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nne".getBytes(UTF_8));
        }

        assertEquals(204, post("/callbacks/twilio", "news").statusCode());
        assertEquals(1, called.size());
    }

    @Test
    void anAddressThatIsNoneIsMalformed() throws Exception {
        try (var client = new Socket("127.0.0.1", port)) {
            client.getOutputStream()
                    .write(("POST /callbacks/twilio?m=<b> HTTP/1.1\r\nHost: x\r\nX-Signature: right\r\n"
                                    + "Connection: close\r\nContent-Length: 4\r\n\r\nnews")
                            .getBytes(UTF_8));
            var answer = new String(client.getInputStream().readAllBytes(), UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        }
        assertEquals(List.of(), called);
    }

    /** Attack: reading logs for what is in reports. */
    @Test
    void nothingOfARequestIsLogged() throws Exception {
        assertEquals(500, post("/callbacks/twilio?m=4155550123", "bug").statusCode());
        assertEquals(
                400, post("/callbacks/twilio?m=4155550123", "To=%2B14155550123").statusCode());
        assertEquals(
                403,
                send(request("/callbacks/twilio?m=4155550123", BodyPublishers.ofString("To=%2B14155550123")))
                        .statusCode());

        assertTrue(logged().contains("IllegalStateException at "), logged());
        assertFalse(logged().contains("4155550123"), logged());
    }

    private String logged() {
        return new ArrayList<>(log.list)
                .stream()
                        .map(event -> event.getFormattedMessage()
                                + (event.getThrowableProxy() == null
                                        ? ""
                                        : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                        .collect(Collectors.joining("\n"));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path, BodyPublishers.ofString(body)).header("X-Signature", "right"));
    }

    private HttpRequest.Builder request(String path, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(body);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForLong() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("POST /callbacks/twilio HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nxx".getBytes(UTF_8));
            String answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
            assertEquals("HTTP/1.1 408 Request Timeout", answer);
        }
        assertEquals(List.of(), called);
    }
}
