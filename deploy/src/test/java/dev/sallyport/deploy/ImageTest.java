package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.config.ConfigFiles;
import dev.sallyport.config.SallyportConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Keeps the image and the composed platform true where there is no container engine to try them. */
class ImageTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::-([^}]*)|:\\?[^}]*)}");
    private static final Pattern SETTING = Pattern.compile("SALLYPORT_[A-Z][A-Z_]*[A-Z]");

    /** What an operator puts into {@code .env}. */
    private static final Map<String, String> ENV_FILE = Map.of(
            "SALLYPORT_TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef",
            "SALLYPORT_TWILIO_AUTH_TOKEN", "a token",
            "SALLYPORT_TWILIO_FROM", "+15005550006");

    @TempDir
    Path noFiles;

    @Test
    void everySettingThatIsNamedIsOne() throws IOException {
        Set<String> settings = settings(ConfigFiles.table());
        for (String file :
                List.of("docker-compose.yml", "Dockerfile", "deploy/docker/healthy", "deploy/record-start")) {
            Set<String> named = settings(Files.readString(ROOT.resolve(file)));
            // A pattern of names in a comment.
            named.remove("SALLYPORT_KAFKA_PROPERTIES");
            assertFalse(named.isEmpty(), file);
            named.removeAll(settings);
            assertEquals(Set.of(), named, file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachRolesConfigurationCanBeUsed(Role role) throws IOException {
        Map<String, String> environment = environment(role.toString());
        SallyportConfig config = ConfigFiles.read(environment, noFiles);
        assertEquals(Set.of(role), config.activeRoles());
        assertEquals("0.0.0.0", config.http().host());
        assertFalse(config.runsEmbeddedServers());
        assertEquals(role.isWeb(), config.mongo().uri().isPresent());
        assertEquals(role == Role.SMS_DISPATCHER, config.twilio().authToken().isPresent());
    }

    @Test
    void theTopicsAreMadeForAsManyBrokersAsThereAre() throws IOException {
        SallyportConfig settings = ConfigFiles.readSettings(environment("topics"), noFiles);
        String[] brokers = settings.kafka().bootstrapServers().orElseThrow().split(",", -1);
        assertEquals(settings.kafka().replication(), brokers.length);
        for (String broker : brokers) {
            assertTrue(services().containsKey(broker.replace(":9092", "")), broker);
        }
        assertEquals(List.of("topics", "apply"), service("topics").get("command"));
    }

    @ParameterizedTest
    @EnumSource
    void eachRoleMountsItsOwnKeysOnly(Role role) throws IOException {
        String folder = environment(role.toString()).get("SALLYPORT_KEYS_DIR");
        assertEquals(
                List.of("keys-" + role + ":" + folder), service(role.toString()).get("volumes"));
        List<?> made = (List<?>) service("keys").get("volumes");
        assertTrue(made.contains("keys-" + role + ":" + folder), folder);
        assertTrue(Files.readString(ROOT.resolve("Dockerfile")).contains(folder), folder);
    }

    @Test
    void everyRolesKeysAreExported() throws IOException {
        String command = String.valueOf(service("keys").get("command"));
        String roles = Stream.of(Role.values()).map(Role::toString).collect(Collectors.joining(" "));
        assertTrue(
                command.contains("for role in " + roles + "; do keys export $$role --to /keys/$$role; done"), command);
    }

    @Test
    void theSealerReachesNothingOutside() throws IOException {
        assertEquals(List.of("back"), service("audit-sealer").get("networks"));
        JsonObject back = composition().getJsonObject("networks").getJsonObject("back");
        assertEquals(true, back.getBoolean("internal"));
    }

    @Test
    void onlyTheProxyIsBelievedAndItPassesNoClaimsOn() throws IOException {
        Map<?, ?> networks = (Map<?, ?>) service("proxy").get("networks");
        Object address = ((Map<?, ?>) networks.get("front")).get("ipv4_address");
        assertEquals(address, environment("login").get("SALLYPORT_HTTP_TRUSTED_PROXIES"));
        assertEquals(address, environment("enrollment").get("SALLYPORT_HTTP_TRUSTED_PROXIES"));
        String proxy = Files.readString(ROOT.resolve("deploy/docker/haproxy.cfg"));
        assertTrue(proxy.contains("http-request del-header Forwarded\n"));
        assertTrue(proxy.contains("http-request set-header X-Forwarded-For %[src]\n"));
    }

    /** Docker gives out addresses as containers start, and the proxy starts last. */
    @Test
    void noNodeGetsTheAddressOfTheProxy() throws IOException {
        JsonObject front = composition().getJsonObject("networks").getJsonObject("front");
        JsonObject addresses =
                front.getJsonObject("ipam").getJsonArray("config").getJsonObject(0);
        Object proxy = ((Map<?, ?>) ((Map<?, ?>) service("proxy").get("networks")).get("front")).get("ipv4_address");
        assertTrue(in(addresses.getString("subnet"), String.valueOf(proxy)));
        assertFalse(in(addresses.getString("ip_range"), String.valueOf(proxy)));
    }

    private static boolean in(String network, String address) throws IOException {
        String[] parts = network.split("/", 2);
        int shift = 32 - Integer.parseInt(parts[1]);
        return number(parts[0]) >>> shift == number(address) >>> shift;
    }

    private static int number(String address) throws IOException {
        return ByteBuffer.wrap(InetAddress.getByName(address).getAddress()).getInt();
    }

    @Test
    void theImageIsOfThisVersionAndTakesWhatThereIs() throws IOException {
        Matcher version =
                Pattern.compile("<version>(.+?)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertTrue(version.find());
        for (String name : List.of("keys", "topics", "login", "enrollment", "sms-dispatcher", "audit-sealer")) {
            assertEquals("sallyport:" + version.group(1), service(name).get("image"), name);
        }
        List<String> admitted = Files.readAllLines(ROOT.resolve(".dockerignore"));
        Matcher copies = Pattern.compile("(?m)^COPY (.+) \\S+$").matcher(Files.readString(ROOT.resolve("Dockerfile")));
        List<String> sources = copies.results()
                .flatMap(copy -> List.of(copy.group(1).split(" ")).stream())
                .toList();
        assertEquals(5, sources.size());
        for (String source : sources) {
            assertTrue(admitted.contains("!" + source), source);
            boolean isBuilt = source.startsWith("deploy/target/");
            assertTrue(isBuilt || Files.isRegularFile(ROOT.resolve(source)), source);
        }
    }

    @Test
    void theCompositionIsOneByItsSpecification() {
        JsonObject composition = composition();
        assertEquals(List.of(), Schemas.compositionProblems(composition));
        composition.getJsonObject("services").getJsonObject("login").put("read-only", true);
        assertNotEquals(List.of(), Schemas.compositionProblems(composition));
    }

    @Test
    void nothingRunsAsRootOrWritesWhatItRuns() throws IOException {
        List<String> dockerfile = Files.readAllLines(ROOT.resolve("Dockerfile"));
        List<String> users =
                dockerfile.stream().filter(line -> line.startsWith("USER ")).toList();
        assertEquals(List.of("USER 10001:10001"), users);
        int last = dockerfile.indexOf(users.getFirst());
        assertTrue(dockerfile.subList(last, dockerfile.size()).stream()
                .noneMatch(line -> line.matches("(RUN|COPY|ADD) .*")));
        JsonObject services = composition().getJsonObject("services");
        int ours = 0;
        for (String name : services.fieldNames()) {
            JsonObject service = services.getJsonObject(name);
            boolean isOurs = service.getString("image").startsWith("sallyport:");
            if (isOurs || name.equals("proxy")) {
                ours++;
                assertEquals(true, service.getBoolean("read_only"), name);
                assertEquals(new JsonArray().add("ALL"), service.getJsonArray("cap_drop"), name);
                assertEquals(new JsonArray().add("no-new-privileges:true"), service.getJsonArray("security_opt"), name);
            }
            assertFalse(service.containsKey("privileged") || service.containsKey("user"), name);
        }
        assertEquals(7, ours);
    }

    @Test
    void javaStartsFromARecordedStartWithSmallHeaders() throws IOException {
        String dockerfile = Files.readString(ROOT.resolve("Dockerfile"));
        assertTrue(dockerfile.contains("\nFROM eclipse-temurin:25-jre\n"));
        assertTrue(dockerfile.contains("\nRUN ./record-start java sallyport.jar sallyport.jsa "));
        assertTrue(dockerfile.contains(
                "\"@/opt/sallyport/java.options\", \"-XX:SharedArchiveFile=/opt/sallyport/sallyport.jsa\""));
        List<String> options = Files.readAllLines(Path.of("java.options"));
        assertTrue(options.contains("-XX:+UseCompactObjectHeaders"));
        assertTrue(options.contains("-XX:+ExitOnOutOfMemoryError"));
    }

    @Test
    void everyPortOfTheImageIsOneThatARoleListensOn() throws IOException {
        SallyportConfig defaults = ConfigFiles.readSettings(setByTheImage(), noFiles);
        assertTrue(Files.readString(ROOT.resolve("Dockerfile"))
                .contains("\nEXPOSE %d %d %d %d\n"
                        .formatted(
                                defaults.http().port(),
                                defaults.sms().callbackPort(),
                                defaults.management().port(),
                                defaults.authz().port())));
    }

    private static JsonObject composition() {
        return Manifest.read(ROOT.resolve("docker-compose.yml")).getFirst().json();
    }

    private static Set<String> settings(String text) {
        return SETTING.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    /** What a service's process finds: what the image sets, then what the composition sets. */
    private static Map<String, String> environment(String service) throws IOException {
        Map<String, String> environment = new HashMap<>(setByTheImage());
        ((Map<?, ?>) service(service).get("environment"))
                .forEach((name, value) -> environment.put(String.valueOf(name), filled(String.valueOf(value))));
        return environment;
    }

    /** The variables that the image sets. */
    static Map<String, String> setByTheImage() throws IOException {
        return Pattern.compile("(SALLYPORT_\\w+)=(\\S+)")
                .matcher(Files.readString(ROOT.resolve("Dockerfile")))
                .results()
                .collect(Collectors.toMap(set -> set.group(1), set -> set.group(2)));
    }

    private static String filled(String value) {
        return VARIABLE.matcher(value)
                .replaceAll(variable -> Matcher.quoteReplacement(
                        variable.group(2) == null ? ENV_FILE.get(variable.group(1)) : variable.group(2)));
    }

    private static Map<?, ?> service(String name) throws IOException {
        return (Map<?, ?>) services().get(name);
    }

    private static Map<?, ?> services() throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Map<?, ?> composition = yaml.load(Files.readString(ROOT.resolve("docker-compose.yml")));
        return new TreeMap<>((Map<?, ?>) composition.get("services"));
    }
}
