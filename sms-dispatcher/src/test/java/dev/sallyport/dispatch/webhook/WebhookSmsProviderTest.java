package dev.sallyport.dispatch.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SendResult.Accepted;
import dev.sallyport.dispatch.SendResult.Refused;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.SmsProviderContract;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.webhook.fake.FakeGateway;
import dev.sallyport.dispatch.webhook.fake.FakeGateway.Request;
import dev.sallyport.dispatch.webhook.fake.Fault;
import dev.sallyport.dispatch.webhook.fake.StandardSignature;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.testing.MovableClock;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What a gateway that is in order is told and asked, and what is made of its answer. */
class WebhookSmsProviderTest extends SmsProviderContract {

    private static final String NUMBER = "+14155550123";
    private static final String OTHER_SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    private static final TextMessage MESSAGE =
            new TextMessage("0199a1b2-c3", "phone-key", NUMBER, "493028 is your code", Duration.ofSeconds(270), 2);

    private final FakeGateway gateway = FakeGateway.start();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-26T08:00:00.900Z"));
    private final WebhookSmsProvider provider = new WebhookSmsProvider(gateway.config(), clock);

    @AfterEach
    void stop() {
        provider.close();
        gateway.close();
    }

    @Override
    protected SmsProvider provider() {
        return provider;
    }

    @Override
    protected List<String> textsOf(String number) {
        return gateway.textsTo(number);
    }

    @Test
    void theGatewayIsToldWhatItNeedsAndNoMore() {
        assertEquals(new Accepted("text-1", "accepted", 0), provider.send(MESSAGE));

        Request told = gateway.requests().getFirst();
        assertEquals("POST /texts", told.method() + ' ' + told.uri());
        assertEquals("application/json", told.header("content-type"));
        assertEquals(
                new JsonObject()
                        .put(
                                "reference",
                                new JsonObject()
                                        .put("message", "0199a1b2-c3")
                                        .put("attempt", 2)
                                        .put("key", "phone-key"))
                        .put("to", NUMBER)
                        .put("text", "493028 is your code")
                        .put("validity", 270),
                told.json());
    }

    @Test
    void eachRequestIsSignedWithItsIdAndTime() {
        provider.send(MESSAGE);

        Request told = gateway.requests().getFirst();
        long now = clock.instant().getEpochSecond();
        assertEquals("0199a1b2-c3_2", told.header("webhook-id"));
        assertEquals("" + now, told.header("webhook-timestamp"));
        assertEquals(
                StandardSignature.of(
                        FakeGateway.SECRET, "0199a1b2-c3_2", now, told.body().getBytes()),
                told.header("webhook-signature"));
    }

    @Test
    void whileTheSecretIsChangedTheGatewayMayKnowEither() {
        for (List<String> secrets :
                List.of(List.of(OTHER_SECRET, FakeGateway.SECRET), List.of(FakeGateway.SECRET, OTHER_SECRET))) {
            try (WebhookSmsProvider changing = provider(gateway.url(), secrets)) {
                assertEquals(Accepted.class, changing.send(MESSAGE).getClass());
            }
        }
    }

    @Test
    void aGatewayThatKnowsAnotherSecretIsAMatterOfConfiguration() {
        try (WebhookSmsProvider stranger = provider(gateway.url(), List.of(OTHER_SECRET))) {
            assertEquals(new Refused(FailureClass.CONFIGURATION, "http-401"), stranger.send(MESSAGE));
        }
    }

    @Test
    void credentialsOfTheAddressBecomeBasicAuthorizationAndItsQueryStays() {
        URI url = URI.create(gateway.url().toString().replace("://", "://me:p%40ss@") + "/?tenant=7");
        try (WebhookSmsProvider fussy = provider(url, List.of(FakeGateway.SECRET))) {
            fussy.send(MESSAGE);
            fussy.find(MESSAGE, clock.instant(), Set.of());
        }

        String basic = "Basic " + Base64.getEncoder().encodeToString("me:p@ss".getBytes());
        assertEquals(
                List.of("/texts/?tenant=7", "/texts/0199a1b2-c3_2?tenant=7"),
                gateway.requests().stream().map(Request::uri).toList());
        assertEquals(
                List.of(basic, basic),
                gateway.requests().stream()
                        .map(request -> request.header("authorization"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"PT0.2S, 1", "PT1S, 1", "PT4M30.9S, 270", "P2D, 172800"})
    void theRemainingLifeIsToldInWholeSeconds(Duration remaining, int seconds) {
        provider.send(new TextMessage("id-1", "phone-key", NUMBER, "493028", remaining, 1));

        assertEquals(seconds, gateway.requests().getFirst().json().getInteger("validity"));
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "1, 1", "0, 0", "-1, 0", "100, 0", "'\"2\"', 0", "2.5, 0"})
    void whatItCountsAsIsTakenInReason(String told, int segments) {
        gateway.next(Fault.json(200, "{'id':'a','segments':" + told + "}"));

        assertEquals(new Accepted("a", "accepted", segments), provider.send(MESSAGE));
    }

    @Test
    void aTextWhoseAnswerWasLostIsFoundByItsAttempt() {
        provider.send(MESSAGE);

        assertEquals(Optional.of(new Accepted("text-1", "accepted", 0)), found());
        Request asked = gateway.requests().getLast();
        assertEquals("GET /texts/0199a1b2-c3_2", asked.method() + ' ' + asked.uri());
        assertEquals(0, asked.body().length());
        assertEquals(1, gateway.textsTo(NUMBER).size());
    }

    @Test
    void aTextThatNeverCameIsNotFound() {
        assertEquals(Optional.empty(), found());
    }

    @SuppressWarnings("unused") // by name, below
    private static final List<Arguments> KNOWN = List.of(
            Arguments.of("{'id':'a','failure':'number','code':'E7'}", new Refused(FailureClass.NUMBER, "E7")),
            Arguments.of("{'id':'a','failure':'bad mood'}", new Refused(FailureClass.UNCLASSIFIED, "http-200")),
            Arguments.of("{'id':'a','segments':2}", new Accepted("a", "accepted", 2)));

    @ParameterizedTest
    @FieldSource("KNOWN")
    void aLookUpTellsWhatIsKnownOfATextByThen(String answer, SendResult expected) {
        gateway.next(Fault.json(200, answer));

        assertEquals(Optional.of(expected), found());
    }

    @SuppressWarnings("unused") // by name, below
    private static final List<Fault> UNKNOWN = List.of(
            Fault.html(404),
            Fault.html(405),
            Fault.html(200),
            Fault.html(500),
            Fault.json(200, "{}"),
            Fault.json(202, "{'id':'a'}"),
            Fault.json(404, "{'id':'a','failure':'number'}"),
            new Fault.Reset());

    @ParameterizedTest
    @FieldSource("UNKNOWN")
    void anyOtherAnswerToALookUpTellsNothing(Fault answer) {
        gateway.next(answer);

        assertEquals(Optional.empty(), found());
    }

    @Test
    void aLookUpThatIsNotAnsweredTellsNothing() {
        try (WebhookSmsProvider hasty =
                new WebhookSmsProvider(gateway.config(), clock, Duration.ofSeconds(2), Duration.ofMillis(300))) {
            gateway.next(new Fault.Hang(), new Fault.Stall());

            assertEquals(Optional.empty(), hasty.find(MESSAGE, clock.instant(), Set.of()));
            assertEquals(Optional.empty(), hasty.find(MESSAGE, clock.instant(), Set.of()));
        }
    }

    @Test
    void idsThatAreNoUrlsAreWrittenAsOne() {
        TextMessage odd = new TextMessage("a/b ä\n", "phone-key", NUMBER, "493028", Duration.ofMinutes(4), 1);

        assertEquals(Accepted.class, provider.send(odd).getClass());
        assertEquals(Optional.of(new Accepted("text-1", "accepted", 0)), provider.find(odd, clock.instant(), Set.of()));
    }

    private Optional<SendResult> found() {
        return provider.find(MESSAGE, clock.instant(), Set.of());
    }

    private WebhookSmsProvider provider(URI url, List<String> secrets) {
        return new WebhookSmsProvider(new WebhookConfig("gateway", url, new WebhookKeys(secrets)), clock);
    }
}
