package dev.sallyport.dispatch.twilio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SendResult.Refused;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.SmsProviderContract;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.dispatch.twilio.fake.SentMessage;
import dev.sallyport.sms.FailureClass;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Twilio that is in order is sent, and what is made of its answer. */
class TwilioSmsProviderTest extends SmsProviderContract {

    private static final String NUMBER = "+14155550123";

    private final FakeTwilio twilio = FakeTwilio.start();
    private final TwilioSmsProvider provider = new TwilioSmsProvider(twilio.config());

    @AfterEach
    void everyRequestKeptTwiliosContract() {
        provider.close();
        twilio.close();

        assertEquals(List.of(), twilio.ledger().violations());
    }

    @Override
    protected SmsProvider provider() {
        return provider;
    }

    @Override
    protected List<String> textsOf(String number) {
        return twilio.ledger().messagesTo(number).stream()
                .map(SentMessage::body)
                .toList();
    }

    @Test
    void aPhoneNumberSendsAsFrom() {
        var result = provider.send(message(NUMBER, "493028"));

        var sent = twilio.ledger().messages().getFirst();
        assertEquals(FakeTwilio.FROM, sent.sender());
        assertEquals(new SendResult.Accepted(sent.sid(), "queued", 1), result);
    }

    @Test
    void aMessagingServiceSendsUnderItsSid() {
        var service = "MG0123456789abcdef0123456789abcdef";
        try (var serviceProvider = new TwilioSmsProvider(config(service, Optional.empty()))) {
            var result = serviceProvider.send(message(NUMBER, "493028"));

            var sent = twilio.ledger().messages().getFirst();
            assertEquals(service, sent.sender());
            assertEquals(new SendResult.Accepted(sent.sid(), "accepted", 0), result);
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0.2S, 1", "PT1S, 1", "PT4M30.9S, 270", "PT10H, 36000", "P2D, 36000"})
    void theRemainingLifeBecomesTheValidityPeriodWithinTwiliosRange(Duration remaining, long seconds) {
        provider.send(new TextMessage("id-1", "phone-key", NUMBER, "493028", remaining, 1));

        assertEquals(
                Duration.ofSeconds(seconds),
                twilio.ledger().messages().getFirst().validity());
    }

    @Test
    void theAttemptIsTold() {
        provider.send(new TextMessage("id-1", "phone-key", NUMBER, "493028", Duration.ofMinutes(4), 2));

        assertEquals(2, twilio.ledger().messages().getFirst().attempt());
    }

    @ParameterizedTest
    @CsvSource({
        "https://sms.example.com/callbacks/twilio, https://sms.example.com/callbacks/twilio?m=id%261&a=2",
        "https://sms.example.com/cb?site=1, https://sms.example.com/cb?site=1&m=id%261&a=2"
    })
    void theCallbackNamesTheMessageAndTheAttempt(URI configured, URI expected) {
        try (var reporting = new TwilioSmsProvider(config(FakeTwilio.FROM, Optional.of(configured)))) {
            reporting.send(new TextMessage("id&1", "phone-key", NUMBER, "493028", Duration.ofMinutes(4), 2));
        }

        assertEquals(
                Optional.of(expected), twilio.ledger().messages().getFirst().statusCallback());
    }

    @ParameterizedTest
    @CsvSource({
        "+15005550001, NUMBER, 21211",
        "+15005550002, NUMBER, 21612",
        "+15005550003, CONFIGURATION, 21408",
        "+15005550004, CONSENT, 21610",
        "+15005550009, NUMBER, 21614"
    })
    void twiliosMagicNumbersAreRefusedEachForItsReason(String to, FailureClass why, String code) {
        assertEquals(new Refused(why, code), provider.send(message(to, "493028")));
    }

    @ParameterizedTest
    @CsvSource({
        "+15005550001, CONFIGURATION, 21212",
        "+15005550007, CONFIGURATION, 21606",
        "+15005550008, SATURATED, 21611"
    })
    void twiliosMagicSendersAreRefusedEachForItsReason(String from, FailureClass why, String code) {
        try (var misconfigured = new TwilioSmsProvider(config(from, Optional.empty()))) {
            assertEquals(new Refused(why, code), misconfigured.send(message(NUMBER, "493028")));
        }
    }

    /** Were a carrier thread held during each wait, two of them would need 20 s. */
    @Test
    void aSlowTwilioHoldsNoCarrierThread() throws Exception {
        twilio.delayAnswersBy(Duration.ofMillis(200));
        long start = System.nanoTime();
        var results = new ArrayList<Future<SendResult>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                results.add(threads.submit(() -> provider.send(message(NUMBER, "493028"))));
            }
        }
        for (var result : results) {
            assertTrue(result.get() instanceof SendResult.Accepted, result.get().toString());
        }

        var elapsed = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(elapsed.toSeconds() < 5, elapsed.toString());
    }

    private TwilioConfig config(String from, Optional<URI> callback) {
        return new TwilioConfig(FakeTwilio.ACCOUNT_SID, FakeTwilio.AUTH_TOKEN, from, twilio.uri(), callback);
    }
}
