package dev.sallyport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {

    @TempDir
    Path folder;

    @Test
    void nothingConfiguredIsTheWholePlatformOnEmbeddedServers() {
        SallyportConfig config = read(Map.of());
        assertEquals(Set.of(Role.values()), config.activeRoles());
        assertTrue(config.runsEmbeddedServers());
        assertEquals(8080, config.http().port());
        assertEquals("http://localhost:8080", config.siteUrl().toString());
        assertEquals(Path.of("./data/keys"), config.keysFolder());
        assertEquals(Duration.ofMinutes(30), config.session().idle());
        assertEquals(Set.of("US", "CA"), config.phone().regions());
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws IOException {
        Files.writeString(
                folder.resolve("sallyport.yaml"), "sallyport:\n  http:\n    port: 1111\n  brand-name: Acme\n");
        SallyportConfig config = read(Map.of("SALLYPORT_HTTP_PORT", "2222"));
        assertEquals(2222, config.http().port());
        assertEquals("Acme", config.brandName());
    }

    @Test
    void listsOfTheFileAndTheEnvironmentAreTheSame() throws IOException {
        Files.writeString(folder.resolve("sallyport.yaml"), "sallyport:\n  phone:\n    regions: [DE, US]\n");
        assertEquals(Set.of("DE", "US"), read(Map.of()).phone().regions());
        assertEquals(
                Set.of("FR", "US"),
                read(Map.of("SALLYPORT_PHONE_REGIONS", "FR, US")).phone().regions());
    }

    @Test
    void kafkaPropertiesPassThrough() throws IOException {
        Files.writeString(
                folder.resolve("sallyport.yaml"), "sallyport:\n  kafka:\n    properties:\n      client.rack: r1\n");
        SallyportConfig config = read(Map.of("SALLYPORT_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SASL_SSL"));
        assertEquals(
                Map.of("client.rack", "r1", "security.protocol", "SASL_SSL"),
                config.kafka().properties());
    }

    @Test
    void everyProblemIsListedAtOnceAndUnknownNamesGetASuggestion() throws IOException {
        Files.writeString(folder.resolve("sallyport.yaml"), "sallyport:\n  http:\n    prot: 1\n");
        List<String> problems = problems(Map.of(
                "SALLYPORT_HTTP_PORTS", "1",
                "SALLYPORT_MANAGEMENT_PORT", "abc",
                "SALLYPORT_SESSION_IDLE", "soon",
                "SALLYPORT_POLICY_SECOND_FACTOR", "maybe"));
        assertEquals(5, problems.size(), problems.toString());
        assertHas(problems, "SALLYPORT_HTTP_PORTS is not a setting; did you mean SALLYPORT_HTTP_PORT?");
        assertHas(problems, "sallyport.http.prot is not a setting; did you mean sallyport.http.port?");
        assertHas(problems, "SALLYPORT_MANAGEMENT_PORT: \"abc\" is not a whole number.");
        assertHas(problems, "SALLYPORT_SESSION_IDLE: \"soon\" is not a duration such as 500ms, 30s, 5m, 12h or 7d.");
        assertHas(problems, "SALLYPORT_POLICY_SECOND_FACTOR: \"maybe\" is not one of optional, required.");
    }

    @Test
    void secretsShowNowhere() {
        SallyportConfig config = read(Map.of(
                "SALLYPORT_MONGO_URI", "mongodb://u:hunter2@db/",
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "k:9092",
                "SALLYPORT_KEYS_DIR", "keys",
                "SALLYPORT_TWILIO_AUTH_TOKEN", "hunter2"));
        assertFalse(config.toString().contains("hunter2"), config.toString());
        assertEquals("hunter2", config.twilio().authToken().orElseThrow().value());
    }

    @Test
    void whatIsPrintedHidesSecretsAndAllThatIsForKafkasClients() throws IOException {
        Files.writeString(
                folder.resolve("sallyport.yaml"),
                "sallyport:\n  kafka:\n    properties:\n      sasl.jaas.config: hunter2\n");
        List<String> lines = ConfigFiles.effective(read(Map.of(
                        "SALLYPORT_MONGO_URI", "mongodb://u:hunter2@db/",
                        "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "k:9092",
                        "SALLYPORT_KAFKA_PROPERTIES_SSL_KEY_PASSWORD", "hunter2",
                        "SALLYPORT_KEYS_DIR", "keys")))
                .lines()
                .toList();
        assertHas(lines, "sallyport.kafka.bootstrap-servers: k:9092");
        assertHas(lines, "sallyport.kafka.properties.sasl.jaas.config: •••");
        assertHas(lines, "sallyport.kafka.properties.ssl.key.password: •••");
        assertHas(lines, "sallyport.mongo.uri: •••");
        assertFalse(lines.toString().contains("hunter2"), lines.toString());
    }

    @Test
    void whatIsShownCanBeReadAgain() {
        List<String> shown = ConfigFiles.effective(read(Map.of(
                        "SALLYPORT_SESSION_IDLE", "90m",
                        "SALLYPORT_SESSION_ABSOLUTE", "7200s",
                        "SALLYPORT_PHONE_REGIONS", "US, CA,GB",
                        "SALLYPORT_SMS_PROVIDER", "phone-screen",
                        "SALLYPORT_POLICY_SECOND_FACTOR", "required")))
                .lines()
                .toList();
        assertHas(shown, "sallyport.session.idle: 90m");
        assertHas(shown, "sallyport.session.absolute: 2h");
        assertHas(shown, "sallyport.phone.regions: US,CA,GB");
        assertHas(shown, "sallyport.policy.second-factor: required");
        assertHas(shown, "sallyport.sms.provider: phone-screen");
        Map<String, String> again = new TreeMap<>();
        shown.stream()
                .map(line -> line.split(": ?", 2))
                .filter(pair -> !pair[1].isEmpty())
                .forEach(pair -> again.put(
                        pair[0].toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), pair[1]));
        assertEquals(shown, ConfigFiles.effective(read(again)).lines().toList());
    }

    @Test
    void oneServerAddressAloneStopsTheStart() {
        assertHas(
                problems(Map.of("SALLYPORT_MONGO_URI", "mongodb://db/", "SALLYPORT_KEYS_DIR", "k")),
                "SALLYPORT_MONGO_URI is set and SALLYPORT_KAFKA_BOOTSTRAP_SERVERS is not");
        assertHas(
                problems(Map.of("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "k:9092", "SALLYPORT_KEYS_DIR", "k")),
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS is set and SALLYPORT_MONGO_URI is not");
    }

    @Test
    void aCommandReadsWhatItNeedsAndNoMore() {
        Map<String, String> kafkaAlone = Map.of("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "k:9092");
        SallyportConfig settings = ConfigFiles.readSettings(kafkaAlone, folder);
        assertEquals("k:9092", settings.kafka().bootstrapServers().orElseThrow());
        Map<String, String> broken = Map.of("SALLYPORT_KAFKA_REPLICATION", "three");
        assertThrows(ConfigProblems.class, () -> ConfigFiles.readSettings(broken, folder));
    }

    @Test
    void theDispatcherNeedsNoMongo() {
        SallyportConfig config = read(Map.of(
                "SALLYPORT_ROLES", "sms-dispatcher",
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "k:9092",
                "SALLYPORT_KEYS_DIR", "k",
                "SALLYPORT_SMS_PROVIDER", "twilio",
                "SALLYPORT_TWILIO_ACCOUNT_SID", "AC" + "0".repeat(32),
                "SALLYPORT_TWILIO_AUTH_TOKEN", "t",
                "SALLYPORT_TWILIO_FROM", "+15005550006"));
        assertEquals(Set.of(Role.SMS_DISPATCHER), config.activeRoles());
    }

    @Test
    void reportsOfProvidersComeToAnAddressAndAPortOfTheirOwn() {
        Map<String, String> twilio = Map.of(
                "SALLYPORT_SMS_PROVIDER", "twilio",
                "SALLYPORT_TWILIO_ACCOUNT_SID", "AC" + "0".repeat(32),
                "SALLYPORT_TWILIO_AUTH_TOKEN", "t",
                "SALLYPORT_TWILIO_OLD_AUTH_TOKEN", "hunter2",
                "SALLYPORT_TWILIO_FROM", "+15005550006");
        Map<String, String> reporting = new TreeMap<>(twilio);
        reporting.put("SALLYPORT_SMS_CALLBACK_URL", "https://news.example.com/x/callbacks?site=1#rc=3");
        SallyportConfig config = read(reporting);
        assertEquals(8081, config.sms().callbackPort());
        assertFalse(config.toString().contains("hunter2"), config.toString());
        for (String taken : List.of("8080", "9000")) {
            reporting.put("SALLYPORT_SMS_CALLBACK_PORT", taken);
            assertHas(problems(reporting), "SALLYPORT_SMS_CALLBACK_PORT is that of the pages or of the management");
        }
        reporting.put("SALLYPORT_SMS_CALLBACK_PORT", "0");
        read(reporting);
        reporting.put("SALLYPORT_SMS_CALLBACK_URL", "https://news.example.com/");
        assertHas(problems(reporting), "SALLYPORT_SMS_CALLBACK_URL must end in /callbacks,");
        reporting.put("SALLYPORT_SMS_CALLBACK_URL", "http://news.example.com/callbacks");
        assertHas(problems(reporting), "SALLYPORT_SMS_CALLBACK_URL is not https,");
        Map<String, String> silent = new TreeMap<>(twilio);
        silent.put("SALLYPORT_HTTP_PORT", "8081");
        read(silent);
    }

    @Test
    void thePhoneScreenIsForLoopbackOnly() {
        assertHas(
                problems(Map.of("SALLYPORT_PUBLIC_URL", "https://login.example.com")),
                "SALLYPORT_SMS_PROVIDER is phone-screen");
        read(Map.of("SALLYPORT_PUBLIC_URL", "http://127.0.0.1:8080"));
    }

    @Test
    void aPublicUrlIsASchemeAndAHost() {
        for (String wrong : List.of("login.example.com", "ftp://localhost", "http://localhost/login", "http:///")) {
            assertHas(problems(Map.of("SALLYPORT_PUBLIC_URL", wrong)), "SALLYPORT_PUBLIC_URL must be");
        }
    }

    @Test
    void regionsPhonesAndMoneyAreLimitedAndTheRestIsRecorded() {
        LimitsConfig limits = read(Map.of()).limits();
        assertEquals(LimitsConfig.Mode.ENFORCE, limits.region().mode());
        assertEquals(
                new LimitsConfig.Phone(LimitsConfig.Mode.ENFORCE, 2, Duration.ofSeconds(25), 5, 8), limits.phone());
        assertEquals(new LimitsConfig.Money(LimitsConfig.Mode.ENFORCE, 25, 150, 5, 30), limits.money());
        assertEquals(new LimitsConfig.Prefix(LimitsConfig.Mode.RECORD_ONLY, 5, 3, 20), limits.prefix());
        assertEquals(new LimitsConfig.Conversion(LimitsConfig.Mode.RECORD_ONLY, 20, 30), limits.conversion());
    }

    @Test
    void limitsThatCantBeMeantStopTheStart() {
        List<String> problems = problems(Map.of(
                "SALLYPORT_LIMITS_PHONE_BURST", "0",
                "SALLYPORT_LIMITS_PHONE_HOUR", "101",
                "SALLYPORT_LIMITS_PHONE_EVERY", "2h",
                "SALLYPORT_LIMITS_PREFIX_PERCENT", "101",
                "SALLYPORT_LIMITS_CONVERSION_SENDS", "0"));
        assertEquals(5, problems.size(), problems.toString());
        assertHas(problems, "SALLYPORT_LIMITS_PHONE_BURST");
        assertHas(problems, "SALLYPORT_LIMITS_PHONE_HOUR must be 100 at most");
        assertHas(problems, "SALLYPORT_LIMITS_PHONE_EVERY must be 1h at most");
        assertHas(problems, "SALLYPORT_LIMITS_PREFIX_PERCENT");
        assertHas(problems, "SALLYPORT_LIMITS_CONVERSION_SENDS");
    }

    @Test
    void aBrokenFileIsNamedWithItsLineAndNotItsContent() throws IOException {
        Files.writeString(folder.resolve("sallyport.yaml"), "sallyport:\n  brand-name: [hunter2\n");
        List<String> problems = problems(Map.of());
        assertHas(problems, "is not YAML (line");
        assertFalse(problems.toString().contains("hunter2"));
    }

    @Test
    void aNamedFileMustBeThere() {
        assertHas(problems(Map.of("SALLYPORT_CONFIG", "/nowhere/sallyport.yaml")), "can't be read");
    }

    @Test
    void otherPeoplesVariablesAreNobodysBusiness() {
        read(Map.of("PATH", "/bin", "SALLY", "x"));
    }

    private SallyportConfig read(Map<String, String> environment) {
        return ConfigFiles.read(environment, folder);
    }

    private List<String> problems(Map<String, String> environment) {
        return assertThrows(ConfigProblems.class, () -> read(environment)).problems();
    }

    private static void assertHas(List<String> problems, String sentence) {
        assertTrue(problems.stream().anyMatch(problem -> problem.contains(sentence)), problems.toString());
    }
}
