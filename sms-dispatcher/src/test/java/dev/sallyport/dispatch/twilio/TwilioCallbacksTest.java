package dev.sallyport.dispatch.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.callback.CallbackReader.Malformed;
import dev.sallyport.dispatch.callback.CallbackReader.News;
import dev.sallyport.dispatch.callback.CallbackReader.NotGenuine;
import dev.sallyport.dispatch.callback.CallbackReader.NothingNew;
import dev.sallyport.dispatch.callback.CallbackReader.Result;
import dev.sallyport.dispatch.twilio.fake.StatusCallbacks;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.testing.MovableClock;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What counts as a report of Twilio's, and what it says. */
class TwilioCallbacksTest {

    private static final String TOKEN = "present-token";
    private static final String FORMER = "former-token";
    private static final String BASE = "https://news.example.com/callbacks/twilio";
    private static final String CALLED = BASE + "?m=id-1&a=2&k=phone-key";
    private static final String SID = "SM0123456789abcdef0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
    private static final Callback SENT = Callback.of("id-1", 2, "phone-key", "twilio-eu", SID, Status.SENT, NOW);

    private final TwilioCallbacks callbacks = callbacks(BASE, TOKEN);

    private static TwilioCallbacks callbacks(String url, String token) {
        var config = new TwilioConfig(
                "AC0123456789abcdef0123456789abcdef",
                token,
                "+15005550006",
                TwilioConfig.DEFAULT_BASE_URL,
                Optional.of(URI.create(url)));
        return new TwilioCallbacks(
                "twilio-eu", config, Optional.of(FORMER), TwilioErrors.bundled(), new MovableClock(NOW));
    }

    private static SortedMap<String, String> form(String status) {
        return new TreeMap<>(Map.of(
                "AccountSid",
                "AC0123456789abcdef0123456789abcdef",
                "From",
                "+15005550006",
                "MessageSid",
                SID,
                "MessageStatus",
                status,
                "SmsSid",
                SID,
                "SmsStatus",
                status,
                "To",
                "+14155550123"));
    }

    private static SortedMap<String, String> form(String status, String name, String value) {
        var form = form(status);
        form.put(name, value);
        return form;
    }

    private static byte[] body(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(UTF_8);
    }

    private Result read(String url, byte[] body, String signature) {
        return callbacks.read(
                URI.create(url),
                name -> name.equalsIgnoreCase("x-twilio-signature") ? Optional.of(signature) : Optional.empty(),
                body);
    }

    /** As Twilio sends it. */
    private Result report(String url, SortedMap<String, String> form) {
        return read(url, body(form), StatusCallbacks.signature(url, form, TOKEN));
    }

    /** The example of Twilio's own documentation, which is no report of a message. */
    @Test
    void theDocumentedSignatureHolds() {
        var url = URI.create("https://mycompany.com/myapp.php?foo=1&bar=2");
        var body = body(Map.of(
                "CallSid", "CA1234567890ABCDE",
                "Caller", "+12349013030",
                "Digits", "1234",
                "From", "+12349013030",
                "To", "+18005551212"));
        var documented = callbacks("https://mycompany.com/myapp.php", "12345");

        assertEquals(new Malformed(), documented.read(url, _ -> Optional.of("0/KCTR6DLpKmkAf8muzZqo1nDgQ="), body));
        assertEquals(new NotGenuine(), documented.read(url, _ -> Optional.of("1/KCTR6DLpKmkAf8muzZqo1nDgQ="), body));
        assertEquals(new NotGenuine(), callbacks.read(url, _ -> Optional.of("0/KCTR6DLpKmkAf8muzZqo1nDgQ="), body));
    }

    @ParameterizedTest
    @CsvSource({"sent, SENT", "delivered, DELIVERED", "read, DELIVERED"})
    void whatGoesWellIsTold(String word, Status status) {
        var told = Callback.of("id-1", 2, "phone-key", "twilio-eu", SID, status, NOW);

        assertEquals(new News(told), report(CALLED, form(word)));
    }

    @ParameterizedTest
    @CsvSource({
        "undelivered, 30003, UNDELIVERED, NOT_DELIVERED, 30003",
        "undelivered, 30006, UNDELIVERED, NUMBER, 30006",
        "undelivered, 30007, UNDELIVERED, CONTENT, 30007",
        "undelivered, 39999, UNDELIVERED, NOT_DELIVERED, 39999",
        "undelivered, '', UNDELIVERED, NOT_DELIVERED, status-undelivered",
        "undelivered, none, UNDELIVERED, NOT_DELIVERED, status-undelivered",
        "failed, 30008, FAILED, NOT_DELIVERED, 30008",
        "failed, 39999, FAILED, UNCLASSIFIED, 39999",
        "failed, '', FAILED, UNCLASSIFIED, status-failed",
        "canceled, '', FAILED, UNCLASSIFIED, status-canceled"
    })
    void whatFailsIsToldWithItsReason(String word, String reported, Status status, FailureClass failure, String code) {
        var told = Callback.of("id-1", 2, "phone-key", "twilio-eu", SID, status, NOW)
                .because(failure, code);

        assertEquals(new News(told), report(CALLED, form(word, "ErrorCode", reported)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accepted",
                "scheduled",
                "queued",
                "sending",
                "receiving",
                "received",
                "partially_delivered",
                "teleported",
                "SENT",
                "+14155550123"
            })
    void otherWordsTellNothing(String word) {
        assertEquals(new NothingNew(), report(CALLED, form(word)));
    }

    @Test
    void fieldsThatAreNotKnownAreSignedToo() {
        var form = form("sent", "RawDlrDoneDate", "2605041200");
        form.put("Überraschung", "ç+ %&=");

        assertEquals(new News(SENT), report(CALLED, form));
        var signature = StatusCallbacks.signature(CALLED, form, TOKEN);
        form.remove("RawDlrDoneDate");
        assertEquals(new NotGenuine(), read(CALLED, body(form), signature));
    }

    /** Attack: reporting what Twilio has not, or repeating a report for another message or phone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                BASE + "?m=id-2&a=2&k=phone-key",
                BASE + "?m=id-1&a=1&k=phone-key",
                BASE + "?m=id-1&a=2&k=other-key",
                BASE + "?a=2&m=id-1&k=phone-key",
                BASE,
                "https://news.example.com/callbacks/twilio2?m=id-1&a=2&k=phone-key",
                "http://news.example.com/callbacks/twilio?m=id-1&a=2&k=phone-key"
            })
    void aSignatureIsWorthNothingAtAnotherAddress(String url) {
        var signature = StatusCallbacks.signature(CALLED, form("sent"), TOKEN);

        assertEquals(new News(SENT), read(CALLED, body(form("sent")), signature));
        assertEquals(new NotGenuine(), read(url, body(form("sent")), signature));
    }

    @Test
    void aSignatureIsWorthNothingForAnotherForm() {
        var signature = StatusCallbacks.signature(CALLED, form("sent"), TOKEN);

        assertEquals(new NotGenuine(), read(CALLED, body(form("delivered")), signature));
        assertEquals(new NotGenuine(), read(CALLED, body(form("sent", "ErrorCode", "30003")), signature));
        assertEquals(new NotGenuine(), read(CALLED, new byte[0], signature));
    }

    @Test
    void withoutARightSignatureNothingIsBelieved() {
        assertEquals(new NotGenuine(), callbacks.read(URI.create(CALLED), _ -> Optional.empty(), body(form("sent"))));
        for (var signature : new String[] {"", "x", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}) {
            assertEquals(new NotGenuine(), read(CALLED, body(form("sent")), signature));
        }
        var strangers = StatusCallbacks.signature(CALLED, form("sent"), "strangers-token");
        assertEquals(new NotGenuine(), read(CALLED, body(form("sent")), strangers));
    }

    @Test
    void theFormerTokenCountsWhileItIsBeingReplaced() {
        var signature = StatusCallbacks.signature(CALLED, form("sent"), FORMER);

        assertEquals(new News(SENT), read(CALLED, body(form("sent")), signature));
    }

    @Test
    void theDefaultPortMayBeSignedOrNot() {
        var withPort = CALLED.replace("example.com", "example.com:443");

        var signed = StatusCallbacks.signature(withPort, form("sent"), TOKEN);
        assertEquals(new News(SENT), read(CALLED, body(form("sent")), signed));
        var unsigned = StatusCallbacks.signature(CALLED, form("sent"), TOKEN);
        assertEquals(new News(SENT), read(withPort, body(form("sent")), unsigned));
    }

    @Test
    void theFragmentMayBeSignedOrNot() {
        var withFragment = callbacks(BASE + "#rc=3&rp=5xx", TOKEN);
        for (var url : new String[] {CALLED, CALLED + "#rc=3&rp=5xx"}) {
            var signature = StatusCallbacks.signature(url, form("sent"), TOKEN);
            assertEquals(
                    new News(SENT),
                    withFragment.read(URI.create(CALLED), _ -> Optional.of(signature), body(form("sent"))));
        }
        var other = StatusCallbacks.signature(CALLED + "#rc=5", form("sent"), TOKEN);
        assertEquals(
                new NotGenuine(), withFragment.read(URI.create(CALLED), _ -> Optional.of(other), body(form("sent"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "?a=2&k=phone-key",
                "?m=id-1&k=phone-key",
                "?m=id-1&a=2",
                "?m=&a=2&k=phone-key",
                "?m=id-1&a=0&k=phone-key",
                "?m=id-1&a=two&k=phone-key",
                "?m=id-1&a=1000&k=phone-key",
                "?m=id%20&a=2&k=phone-key",
                "?m=id-1&a=2&k=%2B14155550123",
                "?m=id-1&m=id-2&a=2&k=phone-key"
            })
    void aReportThatNamesNoMessageOfOursIsMalformed(String query) {
        assertEquals(new Malformed(), report(BASE + query, form("sent")));
    }

    @Test
    void whatTheOperatorsOwnAddressCarriesIsNoMatter() {
        assertEquals(new News(SENT), report(BASE + "?site=1&m=id-1&a=2&k=phone-key", form("sent")));
    }

    @ParameterizedTest
    @CsvSource({"MessageSid, SM01", "MessageSid, ''", "MessageSid, +14155550123", "MessageStatus, ''"})
    void aReportWithoutItsEssentialsIsMalformed(String name, String value) {
        assertEquals(new Malformed(), report(CALLED, form("sent", name, value)));
    }

    @Test
    void theOlderNamesOfTheFieldsWillDo() {
        var form = form("sent");
        form.remove("MessageSid");
        form.remove("MessageStatus");

        assertEquals(new News(SENT), report(CALLED, form));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MessageStatus=%", "MessageStatus=%zz", "a=1&a=2", "a&a"})
    void aBrokenFormIsMalformed(String body) {
        assertEquals(new Malformed(), read(CALLED, body.getBytes(UTF_8), "any"));
    }

    /** Attack: reading logs for numbers, and filling them. */
    @Test
    void aWordThatIsNotKnownIsLoggedOnceAndANumberNever() {
        var logger = (Logger) LoggerFactory.getLogger(TwilioCallbacks.class);
        var usual = logger.getLevel();
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.DEBUG);
        try {
            report(CALLED, form("teleported"));
            report(CALLED, form("teleported"));
            report(CALLED, form("+14155550123"));
            report(CALLED, form("sent"));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(usual);
        }

        assertEquals(1, log.list.size());
        assertTrue(log.list.getFirst().getFormattedMessage().contains("teleported"));
        assertFalse(log.list.toString().contains("4155550123"));
    }
}
