package dev.sallyport.dispatch.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sallyport.dispatch.webhook.WebhookReports.Malformed;
import dev.sallyport.dispatch.webhook.WebhookReports.NotGenuine;
import dev.sallyport.dispatch.webhook.WebhookReports.Reading;
import dev.sallyport.dispatch.webhook.WebhookReports.Report;
import dev.sallyport.dispatch.webhook.fake.FakeGateway;
import dev.sallyport.dispatch.webhook.fake.StandardSignature;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookReportsTest {

    private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");
    private static final String OTHER_SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    private static final String REFERENCE = "'reference':{'message':'0199a1b2','attempt':2,'key':'phone-key'}";
    private static final String DELIVERED = "{" + REFERENCE + ",'id':'text-1','status':'delivered'}";

    private final MovableClock clock = new MovableClock(NOW);
    private final WebhookReports reports = reports(FakeGateway.SECRET);

    @Test
    void aGenuineReportTellsWhichTextAndWhatBecameOfIt() {
        assertEquals(
                new Report(
                        "0199a1b2",
                        2,
                        "phone-key",
                        "text-1",
                        Status.DELIVERED,
                        Optional.empty(),
                        Optional.empty(),
                        NOW),
                read(DELIVERED));
    }

    @ParameterizedTest
    @CsvSource({
        "sent, '', SENT, , ",
        "delivered, ',\"failure\":\"number\",\"code\":\"7\"', DELIVERED, , ",
        "undelivered, ',\"failure\":\"not_delivered\",\"code\":\"7\"', UNDELIVERED, NOT_DELIVERED, 7",
        "failed, ',\"failure\":\"number\"', FAILED, NUMBER, ",
        "failed, ',\"failure\":\"timeout\",\"code\":\"two words\"', FAILED, UNCLASSIFIED, ",
        "undelivered, '', UNDELIVERED, UNCLASSIFIED, "
    })
    void aReasonBelongsToWhatDidNotArrive(String word, String more, Status status, FailureClass failure, String code) {
        Report report = assertInstanceOf(
                Report.class, read("{" + REFERENCE + ",'id':'text-1','status':'" + word + "'" + more + "}"));

        assertEquals(status, report.status());
        assertEquals(Optional.ofNullable(failure), report.failure());
        assertEquals(Optional.ofNullable(code), report.code());
    }

    @Test
    void fieldsThatThisVersionDoesNotKnowAreNoHindrance() {
        assertInstanceOf(Report.class, read(DELIVERED.replace("{'ref", "{'price':{'usd':1},'ref")));
    }

    @Test
    void aReportWithoutASignatureIsNotGenuine() {
        Map<String, String> headers = headers(FakeGateway.SECRET, "r-1", NOW, DELIVERED);
        for (String name : headers.keySet()) {
            Map<String, String> without = new HashMap<>(headers);
            without.remove(name);
            assertInstanceOf(NotGenuine.class, read(without, DELIVERED), name);
        }
        assertInstanceOf(NotGenuine.class, read(Map.of(), DELIVERED));
    }

    @Test
    void whateverIsTamperedWithIsNotGenuine() {
        Map<String, String> headers = headers(FakeGateway.SECRET, "r-1", NOW, DELIVERED);

        assertInstanceOf(NotGenuine.class, read(headers, DELIVERED.replace("delivered", "failed")));
        assertInstanceOf(NotGenuine.class, read(headers, DELIVERED + " "));
        assertInstanceOf(NotGenuine.class, read(changed(headers, "webhook-id", "r-2"), DELIVERED));
        String later = "" + (NOW.getEpochSecond() + 1);
        assertInstanceOf(NotGenuine.class, read(changed(headers, "webhook-timestamp", later), DELIVERED));
        assertInstanceOf(NotGenuine.class, read(changed(headers, "webhook-signature", "v1,AAAA"), DELIVERED));
        assertInstanceOf(NotGenuine.class, read(headers(OTHER_SECRET, "r-1", NOW, DELIVERED), DELIVERED));
    }

    @ParameterizedTest
    @CsvSource({"-301, false", "-300, true", "0, true", "300, true", "301, false"})
    void aReportIsBelievedForFiveMinutesEitherWay(long seconds, boolean believed) {
        Map<String, String> headers = headers(FakeGateway.SECRET, "r-1", NOW.plusSeconds(seconds), DELIVERED);

        assertEquals(believed, read(headers, DELIVERED) instanceof Report);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1e9", "99999999999999999999", " 1795680000"})
    void aTimeThatIsNoneIsNotGenuine(String time) {
        Map<String, String> headers = headers(FakeGateway.SECRET, "r-1", NOW, DELIVERED);

        assertInstanceOf(NotGenuine.class, read(changed(headers, "webhook-timestamp", time), DELIVERED));
    }

    /** Attack: recording a report and sending it again. Soon, it says nothing new; later, it is not believed. */
    @Test
    void aReplayedReportSaysTheSameAndSoonNothing() {
        Map<String, String> headers = headers(FakeGateway.SECRET, "r-1", NOW, DELIVERED);
        Reading first = read(headers, DELIVERED);

        clock.advance(Duration.ofMinutes(5));
        assertEquals(first, read(headers, DELIVERED));

        clock.advance(Duration.ofSeconds(1));
        assertInstanceOf(NotGenuine.class, read(headers, DELIVERED));
    }

    /** Attack: sending back what we have signed ourselves. */
    @Test
    void whatWeTellAGatewayIsNoReport() {
        String told = "{" + REFERENCE + ",'to':'+14155550123','text':'493028','validity':60}";

        assertInstanceOf(Malformed.class, read(told));
    }

    @Test
    void whileTheSecretIsChangedReportsUnderEitherAreBelieved() {
        WebhookReports changing = reports(OTHER_SECRET, FakeGateway.SECRET);
        for (String secret : List.of(OTHER_SECRET, FakeGateway.SECRET)) {
            Map<String, String> headers = headers(secret, "r-1", NOW, DELIVERED);
            assertInstanceOf(Report.class, read(changing, headers, DELIVERED));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "<html>",
                "{}",
                "{'id':'text-1','status':'delivered'}",
                "{'reference':'0199a1b2','id':'text-1','status':'delivered'}",
                "{'reference':{'message':'0199a1b2','attempt':'2','key':'k'},'id':'text-1','status':'delivered'}",
                "{'reference':{'message':'0199a1b2','attempt':0,'key':'k'},'id':'text-1','status':'delivered'}",
                "{'reference':{'message':'','attempt':1,'key':'k'},'id':'text-1','status':'delivered'}",
                "{'reference':{'message':'m','attempt':1,'key':'two words'},'id':'text-1','status':'delivered'}",
                "{'reference':{'message':'m','attempt':1,'key':'k'},'status':'delivered'}",
                "{'reference':{'message':'m','attempt':1,'key':'k'},'id':17,'status':'delivered'}",
                "{'reference':{'message':'m','attempt':1,'key':'k'},'id':'text-1'}",
                "{'reference':{'message':'m','attempt':1,'key':'k'},'id':'text-1','status':'queued'}",
                "{'reference':{'message':'m','attempt':1,'key':'k'},'id':'text-1','status':'superseded'}",
                "{'reference':{'message':'m','attempt':1,'key':'k'},'id':'text-1','status':'DELIVERED'}"
            })
    void aSignedReportOfAnotherFormIsMalformed(String body) {
        assertInstanceOf(Malformed.class, read(body));
    }

    @Test
    void reasonsRepeatNothingOfTheRequest() {
        String body = "{'reference':{'message':'hunter2 hunter2'},'id':'hunter2','status':'hunter2'}";
        Map<String, String> foreign = headers(OTHER_SECRET, "hunter2", NOW, body);

        assertFalse((read(body) + " " + read(foreign, body)).contains("hunter2"));
    }

    private WebhookReports reports(String... secrets) {
        return new WebhookReports(new WebhookKeys(List.of(secrets)), clock);
    }

    private Reading read(String body) {
        return read(headers(FakeGateway.SECRET, "r-1", NOW, body), body);
    }

    private Reading read(Map<String, String> headers, String body) {
        return read(reports, headers, body);
    }

    private static Reading read(WebhookReports reports, Map<String, String> headers, String body) {
        return reports.read(name -> Optional.ofNullable(headers.get(name)), bytes(body));
    }

    private static Map<String, String> headers(String secret, String id, Instant at, String body) {
        return Map.of(
                "webhook-id",
                id,
                "webhook-timestamp",
                "" + at.getEpochSecond(),
                "webhook-signature",
                StandardSignature.of(secret, id, at.getEpochSecond(), bytes(body)));
    }

    private static Map<String, String> changed(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new HashMap<>(headers);
        changed.put(name, value);
        return changed;
    }

    private static byte[] bytes(String body) {
        return body.replace('\'', '"').getBytes(UTF_8);
    }
}
