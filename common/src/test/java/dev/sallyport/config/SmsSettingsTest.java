package dev.sallyport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.SallyportConfig.PhoneScreen;
import dev.sallyport.config.SallyportConfig.Twilio;
import dev.sallyport.config.SallyportConfig.Webhook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who delivers text messages, one or several, and the routes between them. */
class SmsSettingsTest {

    private static final String SID = "AC" + "0".repeat(32);
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OLD_SECRET = "whsec_" + "A".repeat(32);
    private static final String NAMED = "SALLYPORT_SMS_PROVIDERS_";

    private static final Map<String, String> TWO = Map.of(
            "SALLYPORT_SMS_PROVIDERS_MAIN_TYPE", "twilio",
            "SALLYPORT_SMS_PROVIDERS_MAIN_ACCOUNT_SID", SID,
            "SALLYPORT_SMS_PROVIDERS_MAIN_AUTH_TOKEN", "hunter2",
            "SALLYPORT_SMS_PROVIDERS_MAIN_FROM", "+15005550006",
            "SALLYPORT_SMS_PROVIDERS_EU_BACKUP_TYPE", "webhook",
            "SALLYPORT_SMS_PROVIDERS_EU_BACKUP_URL", "https://me:hunter2@gateway.example.com/texts",
            "SALLYPORT_SMS_PROVIDERS_EU_BACKUP_SECRET", SECRET);

    @TempDir
    Path folder;

    @Test
    void withNothingSetItIsThePhoneScreen() {
        SallyportConfig config = read(Map.of());

        assertEquals(Map.of("phone-screen", new PhoneScreen()), config.smsInstances());
        assertTrue(config.showsPhoneScreen());
    }

    @Test
    void theOneProviderIsNamedAsItsType() {
        SallyportConfig config = read(Map.of(
                "SALLYPORT_SMS_PROVIDER", "webhook",
                "SALLYPORT_WEBHOOK_URL", "https://gateway.example.com/texts",
                "SALLYPORT_WEBHOOK_SECRET", SECRET + ", " + OLD_SECRET));

        assertEquals(Map.of("webhook", config.webhook()), config.smsInstances());
        assertEquals(
                List.of(new Secret(SECRET), new Secret(OLD_SECRET)),
                config.webhook().secret());
        assertFalse(config.showsPhoneScreen());
    }

    @Test
    void severalHaveNamesAndTheSettingsOfTheirType() {
        SallyportConfig config = read(TWO);

        assertEquals(Set.of("eu-backup", "main"), config.smsInstances().keySet());
        Twilio main = assertInstanceOf(Twilio.class, config.smsInstances().get("main"));
        assertEquals(SID, main.accountSid().orElseThrow());
        assertEquals("https://api.twilio.com", main.baseUrl().toString());
        Webhook backup = assertInstanceOf(Webhook.class, config.smsInstances().get("eu-backup"));
        assertEquals(List.of(new Secret(SECRET)), backup.secret());
    }

    @Test
    void theFileNamesThemAsWellAndTheEnvironmentWins() throws IOException {
        write("""
                sallyport:
                  sms:
                    providers:
                      main: {type: twilio, account-sid: %s, auth-token: t, from: MG%s}
                      eu-backup:
                        type: webhook
                        url: https://gateway.example.com/texts
                        secret: [%s, %s]
                    routes:
                      default: main:80,eu-backup:20
                      CA: [main:1, "eu-backup:0"]
                """.formatted(SID, "0".repeat(32), SECRET, OLD_SECRET));
        SallyportConfig config = read(Map.of(
                "SALLYPORT_SMS_PROVIDERS_EU_BACKUP_URL", "https://other.example.com",
                "SALLYPORT_SMS_ROUTES_CA", "eu-backup:7"));

        Webhook backup = assertInstanceOf(Webhook.class, config.smsInstances().get("eu-backup"));
        assertEquals("https://other.example.com", backup.url().orElseThrow().value());
        assertEquals(2, backup.secret().size());
        assertEquals(
                Map.of("ca", "eu-backup:7", "default", "main:80,eu-backup:20"),
                Map.of(
                        "ca", config.sms().routes().get("ca").toString(),
                        "default", config.sms().routes().get("default").toString()));
    }

    @Test
    void routesAreKeptByRegion() {
        Map<String, String> settings = new TreeMap<>(TWO);
        settings.put("SALLYPORT_SMS_ROUTES_CA", " main:80 , eu-backup:0 ");
        settings.put("SALLYPORT_SMS_ROUTES_DEFAULT", "eu-backup:1000");

        assertEquals(
                Map.of(
                        "ca", new Weights(Map.of("main", 80, "eu-backup", 0)),
                        "default", new Weights(Map.of("eu-backup", 1000))),
                read(settings).sms().routes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "main",
                "main:",
                ":1",
                "main:x",
                "main:-1",
                "main:1001",
                "main:1,",
                "main:1,main:2",
                "Main:1",
                "main:0"
            })
    void aRouteIsProvidersWithWeights(String wrong) {
        Map<String, String> settings = new TreeMap<>(TWO);
        settings.put("SALLYPORT_SMS_ROUTES_CA", wrong);

        assertProblems(settings, "SALLYPORT_SMS_ROUTES_CA: \"" + wrong + "\" is not a route such as main:80,backup:20");
    }

    @Test
    void aRouteLeadsFromARegionToProvidersThatThereAre() throws IOException {
        write("sallyport: {sms: {routes: {NO: 'main:1', Norway: 'main:1'}}}");
        Map<String, String> settings = new TreeMap<>(TWO);
        settings.put("SALLYPORT_SMS_ROUTES_CA", "man:1,main:1");

        assertProblems(
                settings,
                "sallyport.sms.routes.ca names man, which is no provider; there are eu-backup, main.",
                "sallyport.sms.routes.false: false is no region of two letters",
                "sallyport.sms.routes.norway: norway is no region of two letters");
    }

    @Test
    void oneAndSeveralAtOnceAreAProblem() {
        Map<String, String> settings = new TreeMap<>(TWO);
        settings.put("SALLYPORT_SMS_PROVIDER", "phone-screen");

        assertProblems(settings, "SALLYPORT_SMS_PROVIDER is set, and so are providers with names");
    }

    @Test
    void whatIsMissingOrWrongIsNamedByItsVariableForEachOfThem() {
        Map<String, String> settings = Map.of(
                NAMED + "MAIN_TYPE", "twilio",
                NAMED + "MAIN_FROM", "me",
                NAMED + "B_2_TYPE", "webhook",
                NAMED + "B_2_URL", "http://gateway.example.com/hunter2",
                NAMED + "B_2_SECRET", "hunter2");

        assertProblems(
                settings,
                NAMED + "MAIN_ACCOUNT_SID must be AC and 32 hex digits",
                NAMED + "MAIN_AUTH_TOKEN is not set",
                NAMED + "MAIN_FROM must be a number",
                NAMED + "B_2_URL must be the gateway's address, beginning with https",
                NAMED + "B_2_SECRET must be whsec_ and 24 to 64 bytes");
    }

    @Test
    void theOneWebhookNeedsItsAddressAndSecret() {
        assertProblems(
                Map.of("SALLYPORT_SMS_PROVIDER", "webhook"),
                "SALLYPORT_WEBHOOK_URL must be",
                "SALLYPORT_WEBHOOK_SECRET must be");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway.example.com",
                "ftp://gateway.example.com",
                "http://10.0.0.1/",
                "https:///texts",
                "https://a b/",
                "https://gateway.example.com/#here"
            })
    void anAddressThatIsNotConfidentialIsRefusedAndNotRepeated(String url) {
        assertProblems(
                Map.of(
                        "SALLYPORT_SMS_PROVIDER", "webhook",
                        "SALLYPORT_WEBHOOK_SECRET", SECRET,
                        "SALLYPORT_WEBHOOK_URL", url),
                "SALLYPORT_WEBHOOK_URL must be the gateway's address");
    }

    @Test
    void oneWrongWordIsOneProblem() throws IOException {
        write(
                "sallyport: {sms: {providers: {Main: {type: twilio, from: x}, other: {url: 'https://x'}, last: twilio}}}");
        Map<String, String> settings = Map.of(
                NAMED + "MINE_TYPE", "twillio",
                NAMED + "MINE_ACCOUNT_SID", SID,
                NAMED + "SPARE_TYPE", "webhook",
                NAMED + "SPARE_URL", "https://gateway.example.com",
                NAMED + "SPARE_SECRETS", SECRET,
                NAMED + "SPARE_FROM", "+15005550006");

        assertProblems(
                settings,
                "sallyport.sms.providers.Main: a name has lower-case letters, digits and hyphens",
                "sallyport.sms.providers.other.type: \"\" is not one of phone-screen, twilio, webhook.",
                "sallyport.sms.providers.last.type: \"\" is not one of phone-screen, twilio, webhook.",
                NAMED + "MINE_TYPE: \"twillio\" is not one of phone-screen, twilio, webhook.",
                NAMED + "SPARE_SECRETS is not a setting; did you mean " + NAMED + "SPARE_SECRET?",
                NAMED + "SPARE_FROM is not a setting");
    }

    @Test
    void settingsWithoutATypeBelongToNobody() {
        assertProblems(
                Map.of(NAMED + "MAIN_URL", "https://gateway.example.com", "SALLYPORT_SMS_PROVIDERS", "twilio"),
                NAMED + "MAIN_URL is set and " + NAMED + "MAIN_TYPE is not; set that too.",
                "SALLYPORT_SMS_PROVIDERS is not a setting; did you mean SALLYPORT_SMS_PROVIDER?");
    }

    @Test
    void whatIsPrintedHidesSecretsAndCanBeReadAgain() {
        Map<String, String> settings = new TreeMap<>(TWO);
        settings.put("SALLYPORT_SMS_ROUTES_CA", "main:80,eu-backup:20");
        SallyportConfig config = read(settings);
        List<String> shown = ConfigFiles.effective(config).lines().toList();

        assertTrue(shown.contains("sallyport.sms.provider: "), shown.toString());
        assertTrue(shown.contains("sallyport.sms.providers.eu-backup.type: webhook"), shown.toString());
        assertTrue(shown.contains("sallyport.sms.providers.eu-backup.url: •••"), shown.toString());
        assertTrue(shown.contains("sallyport.sms.providers.eu-backup.secret: •••"), shown.toString());
        assertTrue(shown.contains("sallyport.sms.providers.main.account-sid: " + SID), shown.toString());
        assertTrue(shown.contains("sallyport.sms.routes.ca: main:80,eu-backup:20"), shown.toString());
        String printed = shown + config.toString();
        assertFalse(printed.contains("hunter2") || printed.contains(SECRET.substring(6)), printed);

        Map<String, String> again = new TreeMap<>();
        shown.stream()
                .map(line -> line.split(": ?", 2))
                .filter(pair -> !pair[1].isEmpty() && !pair[1].contains("•"))
                .forEach(pair -> again.put(
                        pair[0].toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), pair[1]));
        again.putAll(settings);
        assertEquals(config, read(again));
    }

    /** Who only orders messages needs to know nothing of who delivers them. */
    @Test
    void aProcessThatDoesNotDispatchNeedsNoProvider() {
        SallyportConfig config = read(Map.of(
                "SALLYPORT_ROLES", "login",
                "SALLYPORT_PUBLIC_URL", "https://login.example.com",
                "SALLYPORT_MONGO_URI", "mongodb://db/",
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "k:9092",
                "SALLYPORT_KEYS_DIR", "k"));

        assertFalse(config.showsPhoneScreen());
    }

    @Test
    void amongSeveralThePhoneScreenIsForLoopbackOnlyToo() {
        assertProblems(
                Map.of(NAMED + "TRIAL_TYPE", "phone-screen", "SALLYPORT_PUBLIC_URL", "https://login.example.com"),
                "A provider's type is phone-screen, which shows every code to whoever looks");
        assertTrue(read(Map.of(NAMED + "TRIAL_TYPE", "phone-screen")).showsPhoneScreen());
    }

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("sallyport.yaml"), yaml);
    }

    private SallyportConfig read(Map<String, String> environment) {
        return ConfigFiles.read(environment, folder);
    }

    /** These, in any order, and no others; none of them tells a secret. */
    private void assertProblems(Map<String, String> environment, String... beginnings) {
        List<String> problems =
                assertThrows(ConfigProblems.class, () -> read(environment)).problems();
        assertEquals(beginnings.length, problems.size(), problems.toString());
        for (String beginning : beginnings) {
            assertTrue(problems.stream().anyMatch(problem -> problem.startsWith(beginning)), problems.toString());
        }
        assertFalse(problems.toString().contains("hunter2"), problems.toString());
    }
}
