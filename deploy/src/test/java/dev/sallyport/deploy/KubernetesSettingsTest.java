package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.config.ConfigFiles;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.KeyFolder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a process finds in its pod: settings that it takes, its own keys, and the ports that it listens on. */
class KubernetesSettingsTest {

    private final List<Manifest> example = Kustomization.build(Kustomization.EXAMPLE);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void eachRolesConfigurationCanBeUsed(Role role) throws IOException {
        SallyportConfig config = ConfigFiles.read(environment(deployment(role)), folder);
        assertEquals(Set.of(role), config.activeRoles());
        assertFalse(config.runsEmbeddedServers());
        assertEquals("https", config.siteUrl().getScheme());
        assertEquals("SASL_SSL", config.kafka().properties().get("security.protocol"));
        assertEquals(role.isWeb(), config.mongo().uri().isPresent());
        assertEquals(role == Role.SMS_DISPATCHER, config.twilio().authToken().isPresent());
        assertEquals(role.isWeb(), !config.http().trustedProxies().isEmpty());
    }

    @Test
    void theTopicsAreMadeWithASettingsFileOfTheirOwn() throws IOException {
        Manifest topics = Manifest.find(example, "CronJob", "sallyport-topics");
        SallyportConfig settings = ConfigFiles.readSettings(environment(topics), folder);
        assertTrue(settings.kafka().bootstrapServers().isPresent());
        assertTrue(settings.mongo().uri().isEmpty());
        assertEquals(
                List.of("topics", "apply"),
                topics.containers().getFirst().getJsonArray("args").getList());
        assertEquals(true, topics.at("/spec/suspend"));
    }

    @Test
    void noVariableOfKubernetesIsTakenForASetting() {
        for (Manifest document : example) {
            document.podSpec()
                    .ifPresent(pod -> assertEquals(false, pod.getBoolean("enableServiceLinks"), document::toString));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPortIsOneThatTheProcessListensOn(Role role) throws IOException {
        SallyportConfig config = ConfigFiles.read(environment(deployment(role)), folder);
        Map<String, Integer> named =
                Manifest.objects(deployment(role).containers().getFirst().getJsonArray("ports")).stream()
                        .collect(Collectors.toMap(
                                port -> port.getString("name"),
                                port -> port.getInteger("containerPort"),
                                (a, _) -> a,
                                TreeMap::new));
        assertEquals(listened(role, config), named);
        String image = Files.readString(Path.of("..", "Dockerfile"));
        for (Integer port : named.values()) {
            assertTrue(image.lines().anyMatch(line -> line.matches("EXPOSE .*\\b" + port + "\\b.*")), port::toString);
        }
        named.remove("management");
        assertEquals(
                named,
                Manifest.ofKind(example, "Service").stream()
                        .filter(service -> service.name().equals("sallyport-" + role))
                        .flatMap(service -> service.objects("/spec/ports").stream())
                        .collect(Collectors.toMap(
                                port -> port.getString("targetPort"), port -> port.getInteger("port"))));
    }

    /** The ports of a role by their names, each of which must be open to other hosts. */
    private static Map<String, Integer> listened(Role role, SallyportConfig config) {
        Map<String, Integer> ports = new TreeMap<>();
        ports.put("management", config.management().port());
        assertEquals("0.0.0.0", config.management().host());
        if (role.isWeb()) {
            ports.put("pages", config.http().port());
            assertEquals("0.0.0.0", config.http().host());
        }
        if (role == Role.LOGIN) {
            ports.put("forward-auth", config.authz().port());
            assertEquals("0.0.0.0", config.authz().host());
        }
        if (role == Role.SMS_DISPATCHER) {
            ports.put("reports", config.sms().callbackPort());
            assertEquals("0.0.0.0", config.sms().callbackHost());
        }
        return ports;
    }

    @ParameterizedTest
    @EnumSource
    void eachRoleMountsExactlyTheKeysThatExportGivesIt(Role role) {
        Path all = folder.resolve("all");
        new KeyFolder(all).init();
        List<String> exported =
                new KeyFolder(all).export(Set.of(role), folder.resolve("role")).files();

        JsonObject secret = volume(deployment(role), "keys").getJsonObject("secret");
        assertEquals("sallyport-" + role + "-keys", secret.getString("secretName"));
        Map<String, String> mounted = Manifest.objects(secret.getJsonArray("items")).stream()
                .collect(Collectors.toMap(item -> item.getString("path"), item -> item.getString("key")));
        assertEquals(Set.copyOf(exported), mounted.keySet());
        assertEquals(Set.copyOf(exported), Set.copyOf(mounted.values()));
        assertEquals(literal(deployment(role), "SALLYPORT_KEYS_DIR"), mountPath(deployment(role), "keys"));
    }

    @Test
    void secretsCanBeReadByTheGroupOfTheProcessAndByNobodyElse() {
        for (Manifest document : example) {
            document.podSpec().ifPresent(pod -> {
                assertEquals(
                        pod.getJsonObject("securityContext").getInteger("runAsGroup"),
                        pod.getJsonObject("securityContext").getInteger("fsGroup"));
                for (JsonObject volume : Manifest.objects(pod.getJsonArray("volumes"))) {
                    if (volume.containsKey("secret")) {
                        assertEquals(0440, volume.getJsonObject("secret").getInteger("defaultMode"), volume::encode);
                    }
                }
            });
        }
    }

    @Test
    void theHostsOfTheProxyAreThoseOfTheSettings() throws IOException {
        SallyportConfig config = ConfigFiles.read(environment(deployment(Role.SMS_DISPATCHER)), folder);
        assertEquals(config.siteUrl().getHost(), host("sallyport"));
        assertEquals(config.sms().callbackUrl().orElseThrow().getHost(), host("sallyport-reports"));
    }

    private String host(String ingress) {
        Manifest proxy = Manifest.find(example, "Ingress", ingress);
        assertEquals(proxy.text("/spec/rules/0/host"), proxy.text("/spec/tls/0/hosts/0"));
        return proxy.text("/spec/rules/0/host");
    }

    /** What the process finds: what the image sets, what Kubernetes sets, and the file with secrets, laid into the folder. */
    private Map<String, String> environment(Manifest document) throws IOException {
        Map<String, String> environment = new HashMap<>(ImageTest.setByTheImage());
        JsonObject container = document.containers().getFirst();
        for (JsonObject source : Manifest.objects(container.getJsonArray("envFrom"))) {
            String name = source.getJsonObject("configMapRef").getString("name");
            environment.putAll(
                    Manifest.words(Manifest.find(example, "ConfigMap", name).object("/data")));
        }
        for (JsonObject variable : Manifest.objects(container.getJsonArray("env"))) {
            environment.put(variable.getString("name"), variable.getString("value"));
        }
        assertEquals(mountPath(document, "settings") + "/sallyport.yaml", environment.get(ConfigFiles.FILE_VARIABLE));
        Path file = folder.resolve("sallyport.yaml");
        String secret = volume(document, "settings").getJsonObject("secret").getString("secretName");
        String content =
                Manifest.find(example, "Secret", secret).object("/data").getString("sallyport.yaml");
        Files.write(file, Base64.getDecoder().decode(content));
        environment.put(ConfigFiles.FILE_VARIABLE, file.toString());
        return environment;
    }

    private static String literal(Manifest document, String variable) {
        return named(Manifest.objects(document.containers().getFirst().getJsonArray("env")), variable)
                .getString("value");
    }

    private static String mountPath(Manifest document, String volume) {
        return named(Manifest.objects(document.containers().getFirst().getJsonArray("volumeMounts")), volume)
                .getString("mountPath");
    }

    private static JsonObject volume(Manifest document, String name) {
        return named(Manifest.objects(document.podSpec().orElseThrow().getJsonArray("volumes")), name);
    }

    private static JsonObject named(List<JsonObject> objects, String name) {
        return objects.stream()
                .filter(object -> object.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Manifest deployment(Role role) {
        return Manifest.find(example, "Deployment", "sallyport-" + role);
    }
}
