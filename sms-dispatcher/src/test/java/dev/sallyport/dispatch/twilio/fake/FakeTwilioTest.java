package dev.sallyport.dispatch.twilio.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.twilio.security.RequestValidator;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake is worth what its contract is worth, so that is tested too. */
class FakeTwilioTest {

    private static final String GOOD = "To=%2B14155550123&From=%2B15005550006&Body=493028+is+your+code";
    private static final String SERVICE = "MG0123456789abcdef0123456789abcdef";

    private final FakeTwilio twilio = FakeTwilio.start();
    private final HttpClient http = HttpClient.newHttpClient();
    private final TwilioContract contract = new TwilioContract();

    @AfterEach
    void stop() {
        http.close();
        twilio.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'" + GOOD + "'",
        "'To=%2B14155550123&MessagingServiceSid=" + SERVICE + "&Body=%C3%AA&ValidityPeriod=36000&Attempt=2'"
    })
    void whatIsInOrderIsAnsweredByTwiliosSchema(String form) throws Exception {
        var answer = post(form);

        assertEquals(201, answer.statusCode());
        assertEquals(List.of(), contract.problemsOfMessage(new JsonObject(answer.body())));
        assertEquals(List.of(), twilio.ledger().violations());
        assertEquals(
                1,
                twilio.ledger()
                        .count(
                                "+14155550123",
                                twilio.ledger().messages().getFirst().body()));
    }

    @ParameterizedTest
    @CsvSource({
        "Bdoy=x, 20001",
        "to=%2B14155550124, 20001",
        "To=%2B14155550124, 21211",
        "ValidityPeriod=0, 21624",
        "ValidityPeriod=36001, 21624",
        "ValidityPeriod=soon, 21624",
        "ValidityPeriod=1.5, 21624",
        "Attempt=0, 20001",
        "RiskCheck=maybe, 20001",
        "SmartEncoded=1, 20001",
        "StatusCallback=nowhere, 21609",
        "StatusCallback=https%3A%2F%2Fa_b.example.com%2F, 21609",
        "MessagingServiceSid=MG1, 20001"
    })
    void aParameterAgainstTheContractIsRefusedAndNoted(String parameter, int code) throws Exception {
        assertRefused(post(GOOD + "&" + parameter), 400, code);
        assertEquals(1, twilio.ledger().violations().size());
        assertEquals(List.of(), twilio.ledger().messages());
    }

    @ParameterizedTest
    @CsvSource({
        "'From=%2B15005550006&Body=x', 21604",
        "'To=banana&From=%2B15005550006&Body=x', 21211",
        "'To=%2B14155550123&Body=x', 21603",
        "'To=%2B14155550123&From=%2B15005550006', 21602",
        "'', 21604"
    })
    void aMissingOrWrongPartIsRefusedAndNoted(String form, int code) throws Exception {
        assertRefused(post(form), 400, code);
        assertEquals(1, twilio.ledger().violations().size());
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        assertRefused(post("To=%2B14155550123&From=%2B15005550006&Body=" + "x".repeat(1601)), 400, 21617);
    }

    @Test
    void strangersAndUnknownAccountsAreTurnedAway() throws Exception {
        var path = "/2010-04-01/Accounts/" + FakeTwilio.ACCOUNT_SID + "/Messages.json";
        var other = path.replace("AC0", "AC1");

        assertRefused(send(request(path, "stranger").POST(BodyPublishers.ofString(GOOD))), 401, 20003);
        assertRefused(send(request(other, FakeTwilio.AUTH_TOKEN).POST(BodyPublishers.ofString(GOOD))), 404, 20404);
        assertEquals(List.of(), twilio.ledger().messages());
    }

    @Test
    void aFaultServesOnceOrUntilChanged() throws Exception {
        twilio.next(new Fault.Refuse(400, 21610));
        twilio.always(new Fault.Throttle(Duration.ofSeconds(3)));

        assertRefused(post(GOOD), 400, 21610);
        var throttled = post(GOOD);
        assertRefused(throttled, 429, 20429);
        assertEquals("3", throttled.headers().firstValue("Retry-After").orElseThrow());
        assertRefused(post(GOOD), 429, 20429);
        twilio.behave();
        assertEquals(201, post(GOOD).statusCode());

        assertEquals(
                List.of(400, 429, 429, 201),
                twilio.ledger().attempts().stream()
                        .map(Ledger.Attempt::answered)
                        .toList());
        assertEquals(1, twilio.ledger().messages().size());
    }

    @Test
    void messagesAreListedByNumberAndFetchedOneByOne() throws Exception {
        post(GOOD);
        post(GOOD.replace("0123", "0124"));
        var messages = "/2010-04-01/Accounts/" + FakeTwilio.ACCOUNT_SID + "/Messages";

        var list = new JsonObject(get(messages + ".json?To=%2B14155550124").body());
        assertEquals(List.of(), contract.problemsOfList(list));
        assertEquals(1, list.getJsonArray("messages").size());
        var sid = list.getJsonArray("messages").getJsonObject(0).getString("sid");

        var fetched = new JsonObject(get(messages + "/" + sid + ".json").body());
        assertEquals(List.of(), contract.problemsOfMessage(fetched));
        assertEquals("+14155550124", fetched.getString("to"));
        assertRefused(get(messages + "/SM00.json"), 404, 20404);
    }

    @Test
    void whatIsToBecomeOfAMessageIsReportedByItself() throws Exception {
        var told = new CopyOnWriteArrayList<String>();
        var receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            told.add(form(new String(exchange.getRequestBody().readAllBytes(), UTF_8))
                    .get("MessageStatus"));
            exchange.sendResponseHeaders(told.size() == 2 ? 503 : 204, -1);
            exchange.close();
        });
        receiver.start();
        var url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/callbacks/twilio?m=id-1&a=1#rc=3";
        try {
            twilio.reportAll("delivered", "sent", "sent");
            post(GOOD + "&StatusCallback=" + URLEncoder.encode(url, UTF_8));
            var reported = twilio.ledger().awaitReported(3, Duration.ofSeconds(10));

            assertEquals(List.of("delivered", "sent", "sent"), told);
            assertEquals(
                    List.of(204, 503, 204),
                    reported.stream().map(Ledger.Reported::answered).toList());
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void callbacksAreSignedAsTwilioDoesAndCanRepeat() throws Exception {
        var received = new CopyOnWriteArrayList<Map.Entry<String, String>>();
        var receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            received.add(Map.entry(
                    exchange.getRequestHeaders().getFirst("X-Twilio-Signature"),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        var url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/callbacks/twilio?m=id-1&a=1";
        try {
            post(GOOD + "&StatusCallback=" + URLEncoder.encode(url, UTF_8));
            var message = twilio.ledger().messages().getFirst();

            assertEquals(204, twilio.sendCallback(message, "undelivered", OptionalInt.of(30003)));
            assertEquals(204, twilio.sendCallback(message, "sent"));
            assertEquals(204, twilio.sendCallback(message, "sent"));
        } finally {
            receiver.stop(0);
        }

        var validator = new RequestValidator(FakeTwilio.AUTH_TOKEN);
        var statuses = new ArrayList<String>();
        for (var callback : received) {
            var form = form(callback.getValue());
            assertTrue(validator.validate(url, form, callback.getKey()));
            statuses.add(form.get("MessageStatus") + form.getOrDefault("ErrorCode", ""));
        }
        assertEquals(List.of("undelivered30003", "sent", "sent"), statuses);
        assertEquals("sent", twilio.ledger().messages().getFirst().status());
    }

    /** The example of Twilio's own documentation. */
    @Test
    void theSignatureIsTheDocumentedOne() {
        var form = new TreeMap<>(Map.of(
                "CallSid", "CA1234567890ABCDE",
                "Caller", "+12349013030",
                "Digits", "1234",
                "From", "+12349013030",
                "To", "+18005551212"));

        assertEquals(
                "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
                StatusCallbacks.signature("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345"));
    }

    @Test
    void waitingInVainSaysWhatThereIs() throws Exception {
        post(GOOD);

        var inVain = assertThrows(AssertionError.class, () -> twilio.ledger().awaitMessages(2, Duration.ofMillis(50)));

        assertTrue(String.valueOf(inVain.getMessage()).contains("1 messages of 1 POSTs"), inVain.getMessage());
    }

    private static void assertRefused(HttpResponse<String> answer, int status, int code) {
        assertEquals(status, answer.statusCode(), answer.body());
        var body = new JsonObject(answer.body());
        assertEquals(code, body.getInteger("code"));
        assertEquals(status, body.getInteger("status"));
        assertEquals("https://www.twilio.com/docs/errors/" + code, body.getString("more_info"));
    }

    private HttpResponse<String> post(String form) throws Exception {
        var path = "/2010-04-01/Accounts/" + FakeTwilio.ACCOUNT_SID + "/Messages.json";
        return send(request(path, FakeTwilio.AUTH_TOKEN).POST(BodyPublishers.ofString(form)));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path, FakeTwilio.AUTH_TOKEN).GET());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String authToken) {
        var credentials = FakeTwilio.ACCOUNT_SID + ":" + authToken;
        return HttpRequest.newBuilder(URI.create(twilio.uri() + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> URLDecoder.decode(field[0], UTF_8), field -> URLDecoder.decode(field[1], UTF_8)));
    }
}
