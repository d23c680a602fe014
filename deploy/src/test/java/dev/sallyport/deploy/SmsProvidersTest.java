package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.ConfigFiles;
import dev.sallyport.dispatch.SendResult.Accepted;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.dispatch.webhook.fake.FakeGateway;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmsProvidersTest {

    private static final String NUMBER = "+14155550123";

    private final PhoneScreen screen = new PhoneScreen(Clock.systemUTC());

    @TempDir
    Path noFiles;

    @Test
    void eachInstanceSendsItsOwnWayUnderItsName() {
        try (FakeTwilio twilio = FakeTwilio.start();
                FakeGateway gateway = FakeGateway.start()) {
            Map<String, String> settings = new TreeMap<>(Map.of(
                    "SALLYPORT_SMS_PROVIDERS_MAIN_TYPE",
                    "twilio",
                    "SALLYPORT_SMS_PROVIDERS_MAIN_ACCOUNT_SID",
                    FakeTwilio.ACCOUNT_SID,
                    "SALLYPORT_SMS_PROVIDERS_MAIN_AUTH_TOKEN",
                    FakeTwilio.AUTH_TOKEN,
                    "SALLYPORT_SMS_PROVIDERS_MAIN_FROM",
                    FakeTwilio.FROM,
                    "SALLYPORT_SMS_PROVIDERS_MAIN_BASE_URL",
                    twilio.uri().toString(),
                    "SALLYPORT_SMS_PROVIDERS_BACKUP_TYPE",
                    "webhook",
                    "SALLYPORT_SMS_PROVIDERS_BACKUP_URL",
                    gateway.url().toString(),
                    "SALLYPORT_SMS_PROVIDERS_BACKUP_SECRET",
                    FakeGateway.SECRET,
                    "SALLYPORT_SMS_PROVIDERS_TRIAL_TYPE",
                    "phone-screen",
                    "SALLYPORT_SMS_ROUTES_CA",
                    "main:1,backup:0"));
            SmsProviders providers = providers(settings);

            assertEquals(
                    List.of("backup", "main", "trial"),
                    List.copyOf(providers.byName().keySet()));
            providers.byName().forEach((name, provider) -> {
                assertEquals(name, provider.name());
                assertInstanceOf(Accepted.class, provider.send(message("by " + name)));
            });
            assertEquals(List.of("by backup"), gateway.textsTo(NUMBER));
            assertEquals(
                    "by main", twilio.ledger().messagesTo(NUMBER).getFirst().body());
            assertEquals("by trial", screen.texts(NUMBER).getFirst().text());
            assertEquals(List.of("main", "backup"), order(providers, "CA"));
            assertEquals(Set.of("backup", "main", "trial"), Set.copyOf(order(providers, "US")));
            providers.close();
        }
    }

    @Test
    void theOneProviderIsTheOnlyInstance() {
        SmsProviders providers = providers(Map.of());

        assertEquals(Set.of("phone-screen"), providers.byName().keySet());
        assertEquals(List.of("phone-screen"), order(providers, "US"));
        providers.close();
    }

    @Test
    void whatOnlyAProviderCanJudgeStopsTheStartWithItsName() {
        StartFailed failure = assertThrows(
                StartFailed.class,
                () -> providers(Map.of(
                        "SALLYPORT_SMS_PROVIDERS_MAIN_TYPE", "webhook",
                        "SALLYPORT_SMS_PROVIDERS_MAIN_URL", "https://gateway.example.com/texts",
                        // 33 digits are no whole number of bytes.
                        "SALLYPORT_SMS_PROVIDERS_MAIN_SECRET", "whsec_" + "A".repeat(33))));

        String sentence = String.valueOf(failure.getMessage());
        assertTrue(sentence.startsWith("The SMS provider main can't be used: A webhook's secret must be"), sentence);
    }

    private SmsProviders providers(Map<String, String> settings) {
        return new SmsProviders(ConfigFiles.read(settings, noFiles), screen, Clock.systemUTC(), new SecureRandom());
    }

    private static List<String> order(SmsProviders providers, String region) {
        return providers.router().order(region, Set.of(), name -> true);
    }

    private static TextMessage message(String text) {
        return new TextMessage("id-1", "phone-key", NUMBER, text, Duration.ofMinutes(4), 1);
    }
}
