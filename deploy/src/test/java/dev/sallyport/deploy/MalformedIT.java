package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Requests that no browser sends: the right refusal, nothing changed, and no fuss in the log. */
class MalformedIT {

    private static final String HOST = "Host: localhost\r\nConnection: close\r\n";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String GOOD = "&password1=a+quiet+harbour+at+dawn&password2=a+quiet+harbour+at+dawn";

    private final TestPlatform site = TestPlatform.shared();
    private final int port = site.platform().httpPort();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        loggers().forEach(logger -> logger.addAppender(log));
    }

    @AfterEach
    void aClientsMistakeIsNoErrorOfOurs() {
        loggers().forEach(logger -> logger.detachAppender(log));
        List<String> errors = log.list.stream()
                .filter(event -> event.getLevel() == Level.ERROR)
                .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage())
                .toList();
        assertEquals(List.of(), errors);
    }

    static Stream<Arguments> requests() {
        String post = "POST /sign-up HTTP/1.1\r\n" + HOST + FORM;
        return Stream.of(
                Arguments.of("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200),
                Arguments.of("no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
                Arguments.of("8 KB of cookies", get("Cookie: a=" + "x".repeat(8000) + "\r\n"), 200),
                Arguments.of("2000 cookies", get("Cookie: " + "a=b; ".repeat(2000) + "\r\n"), 431),
                Arguments.of("damaged cookies", get("Cookie: =;;; a; sallyport-session=\u00e9\"\r\n"), 200),
                Arguments.of("5000 headers", get("X-A: b\r\n".repeat(5000)), 431),
                Arguments.of("control character in a header", get("X-A: \u0001\r\n"), 400),
                Arguments.of(
                        "nonsense from a proxy",
                        get("X-Forwarded-For: ;, [::, 999.1.1.1\r\nForwarded: for=\"[\r\n"),
                        200),
                Arguments.of("long address", "GET /" + "a".repeat(5000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
                Arguments.of("bad escape in a path", "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n", 400),
                Arguments.of("NUL in a path", "GET /%00 HTTP/1.1\r\n" + HOST + "\r\n", 404),
                Arguments.of("unknown method", "BREW / HTTP/1.1\r\n" + HOST + "\r\n", 405),
                Arguments.of("length that is none", post + "Content-Length: abc\r\n\r\nxx", 400),
                Arguments.of("negative length", post + "Content-Length: -1\r\n\r\nxx", 400),
                Arguments.of("two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nxxx", 400),
                Arguments.of("huge length", post + "Content-Length: 999999999999\r\n\r\n", 413),
                Arguments.of("17 KB", post + "Content-Length: 17408\r\n\r\n" + "a=b&".repeat(4352), 413),
                Arguments.of(
                        "17 KB in chunks",
                        post + "Transfer-Encoding: chunked\r\n\r\n"
                                + ("1000\r\na=" + "x".repeat(4093) + "&\r\n").repeat(5) + "0\r\n\r\n",
                        413),
                Arguments.of("compressed", post + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx", 403));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void damagedRequestsGetTheRightStatus(String what, String request, int status) throws IOException {
        assertEquals(List.of(status), statuses(request));
        assertEquals(200, site.visitor().get("/").statusCode());
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("no fields", "", 422),
                Arguments.of("names without values", "username&password1&password2", 422),
                Arguments.of("100 fields", "a=b&".repeat(100) + "username=fields-100" + GOOD, 400),
                Arguments.of("a field of 9000 characters", "username=" + "x".repeat(9000) + GOOD, 400),
                Arguments.of("a name of 9000 characters", "x".repeat(9000) + "=1" + GOOD, 400),
                Arguments.of("a repeated field", "username=twice-one&username=twice-two" + GOOD, 400),
                Arguments.of("a bad escape", "username=%zz" + GOOD, 400),
                Arguments.of("half an escape", "username=half%" + GOOD, 400),
                Arguments.of("NUL in a name", "username=nul%00name" + GOOD, 422),
                Arguments.of("half a surrogate pair in a name", "username=half%ED%A0%80pair" + GOOD, 422),
                Arguments.of("bytes that are no UTF-8", "username=%ff%fe%fd" + GOOD, 422),
                Arguments.of("an operator of the store", "username[$ne]=x" + GOOD, 422),
                Arguments.of("NUL in a password", "username=nul-password&" + GOOD.replace("quiet", "qu%00iet"), 422),
                Arguments.of("half a pair in a password", "username=half&" + GOOD.replace("quiet", "%ED%A0%80"), 422),
                Arguments.of(
                        "a password of 5000 characters",
                        "username=long-password&password1=" + "x".repeat(5000) + "&password2=" + "x".repeat(5000),
                        422));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void damagedFormsMakeNoAccount(String what, String body, int status) throws IOException {
        SiteClient browser = site.visitor();
        assertEquals(List.of(status), statuses(form(browser, FORM, body)));
        assertEquals(303, browser.get("/user").statusCode());
    }

    @Test
    void signingInWithWhatNobodyCanTypeIsRefusedLikeAnythingElse() throws IOException {
        for (String password : List.of("%00", "%ED%A0%80", "x".repeat(5000), "")) {
            SiteClient browser = site.visitor();
            String body = "username=nobody" + password.hashCode() + "&password=" + password;
            String request = form(browser, FORM, body).replace("POST /sign-up", "POST /");
            assertEquals(List.of(401), statuses(request), password);
        }
    }

    @Test
    void onlyFormsAreTaken() throws IOException {
        for (String type : List.of("text/plain", "application/json", "multipart/form-data; boundary=x", "garbage")) {
            SiteClient browser = site.visitor();
            assertEquals(List.of(415), statuses(form(browser, "Content-Type: " + type + "\r\n", "username=ab")), type);
        }
        assertEquals(List.of(415), statuses(form(site.visitor(), "", "username=ab")));
    }

    @Test
    void aBodyThatBreaksOffHarmsNobody() throws Exception {
        for (String rest : List.of("Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", "Content-Length: 100\r\n\r\nabc")) {
            try (RawHttp connection = new RawHttp(port)) {
                connection.send("POST /sign-up HTTP/1.1\r\n" + HOST + FORM + rest);
            }
        }
        assertEquals(200, site.visitor().get("/").statusCode());
    }

    @Test
    void headIsAnsweredAsGetIsButWithoutABody() throws IOException {
        List<String> pages = site.platform().routeTable().stream()
                .filter(route -> route.startsWith("GET "))
                .map(route -> route.substring(4))
                .toList();
        assertTrue(pages.contains("/") && pages.contains("/user"), pages.toString());
        for (String page : pages) {
            String asked = " " + page + " HTTP/1.1\r\n" + HOST + "\r\n";
            String headers = answer("HEAD" + asked);
            assertEquals(statuses("GET" + asked), RawHttp.statuses(headers), page);
            assertTrue(headers.endsWith("\r\n\r\n") && headers.indexOf("\r\n\r\n") == headers.length() - 4, headers);
        }
    }

    @Test
    void requestsInARowAreAnsweredInThatOrder() throws IOException {
        try (RawHttp connection = new RawHttp(port)) {
            String host = "Host: localhost\r\n\r\n";
            connection.send("GET / HTTP/1.1\r\n" + host + "GET /no-such-page HTTP/1.1\r\n" + host
                    + "GET /user HTTP/1.1\r\nConnection: close\r\n" + host);
            assertEquals(List.of(200, 404, 303), RawHttp.statuses(connection.readAll(Duration.ofSeconds(5))));
        }
    }

    @Test
    void manyWhoNeverFinishAskingKeepNobodyElseWaiting() throws Exception {
        List<RawHttp> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                RawHttp connection = new RawHttp(port);
                slow.add(connection);
                connection.send(
                        i % 2 == 0
                                ? "GET / HTTP/1.1\r\nX-Slow: "
                                : "POST / HTTP/1.1\r\n" + HOST + FORM + "Content-Length: 1000\r\n\r\nuser");
            }
            for (int i = 0; i < 10; i++) {
                SiteClient browser = site.visitor();
                assertEquals(
                        200,
                        Await.within(Duration.ofSeconds(1), () -> browser.get("/"))
                                .statusCode());
            }
        } finally {
            for (RawHttp connection : slow) {
                connection.close();
            }
        }
    }

    private String form(SiteClient browser, String type, String fields) {
        String csrf = URLEncoder.encode(browser.csrf("/sign-up"), StandardCharsets.UTF_8);
        String body = "csrf=" + csrf + "&" + fields;
        String cookie = "Cookie: sallyport-browser="
                + browser.cookie("sallyport-browser").orElseThrow() + "\r\n";
        return "POST /sign-up HTTP/1.1\r\n" + HOST + cookie + type + "Content-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private List<Integer> statuses(String request) throws IOException {
        return RawHttp.statuses(answer(request));
    }

    private String answer(String request) throws IOException {
        try (RawHttp connection = new RawHttp(port)) {
            connection.send(request);
            return connection.readAll(Duration.ofSeconds(2));
        }
    }

    private static String get(String headers) {
        return "GET / HTTP/1.1\r\n" + HOST + headers + "\r\n";
    }

    /** Of the web toolkit and of Vert.x, which have the requests before any flow. */
    private static List<Logger> loggers() {
        return Stream.of("dev.sallyport.web", "io.vertx")
                .map(name -> (Logger) LoggerFactory.getLogger(name))
                .toList();
    }
}
