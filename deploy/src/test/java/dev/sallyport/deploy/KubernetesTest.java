package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keeps the manifests for Kubernetes true where there is no cluster to try them. */
class KubernetesTest {

    private static final Path ROOT = Path.of("..");

    private final List<Manifest> base = Kustomization.build(Kustomization.BASE);
    private final List<Manifest> example = Kustomization.build(Kustomization.EXAMPLE);

    @Test
    void everyDocumentIsOneThatKubernetesTakes() {
        assertEquals(List.of(), problems(base));
        assertEquals(List.of(), problems(example));
        assertTrue(example.size() > base.size());
    }

    private static List<String> problems(List<Manifest> documents) {
        return documents.stream()
                .flatMap(document -> Schemas.problems(document).stream())
                .toList();
    }

    @Test
    void aFieldThatIsMisspeltOrInTheWrongPlaceIsFound() {
        Manifest login = deployment(base, Role.LOGIN);
        login.object("/spec").put("replica", 2);
        assertNotEquals(List.of(), Schemas.problems(login));

        Manifest enrollment = deployment(base, Role.ENROLLMENT);
        enrollment.containers().getFirst().put("runAsNonRoot", true);
        assertNotEquals(List.of(), Schemas.problems(enrollment));

        Manifest budget = Manifest.find(base, "PodDisruptionBudget", "sallyport-login");
        budget.object("/spec").put("maxUnavailable", true);
        assertNotEquals(List.of(), Schemas.problems(budget));
    }

    @Test
    void everyPodIsAsRestrictedAsTheNamespaceAsks() throws IOException {
        Map<String, String> labels =
                Manifest.words(Manifest.find(example, "Namespace", "sallyport").object("/metadata/labels"));
        for (String mode : List.of("enforce", "audit", "warn")) {
            assertEquals("restricted", labels.get("pod-security.kubernetes.io/" + mode));
        }
        String user = user();
        List<Manifest> runners = example.stream()
                .filter(document -> document.podSpec().isPresent())
                .toList();
        assertEquals(5, runners.size());
        for (Manifest document : runners) {
            JsonObject pod = document.podSpec().orElseThrow();
            JsonObject security = pod.getJsonObject("securityContext");
            assertEquals(true, security.getBoolean("runAsNonRoot"), document::toString);
            assertEquals(user, security.getInteger("runAsUser") + ":" + security.getInteger("runAsGroup"));
            assertEquals(
                    "RuntimeDefault", security.getJsonObject("seccompProfile").getString("type"));
            assertEquals(false, pod.getBoolean("automountServiceAccountToken"), document::toString);
            for (String share : List.of("hostNetwork", "hostPID", "hostIPC", "initContainers")) {
                assertFalse(pod.containsKey(share), document + " has " + share);
            }
            document.containers().forEach(container -> assertRestricted(document, container));
            for (JsonObject volume : Manifest.objects(pod.getJsonArray("volumes"))) {
                assertTrue(volume.containsKey("secret") || volume.containsKey("emptyDir"), volume::encode);
            }
        }
    }

    private static void assertRestricted(Manifest document, JsonObject container) {
        JsonObject security = container.getJsonObject("securityContext");
        assertEquals(false, security.getBoolean("allowPrivilegeEscalation"), document::toString);
        assertEquals(true, security.getBoolean("readOnlyRootFilesystem"), document::toString);
        assertEquals(new JsonObject().put("drop", new JsonArray().add("ALL")), security.getJsonObject("capabilities"));
        for (String field : List.of("privileged", "runAsUser", "runAsNonRoot", "seccompProfile")) {
            assertFalse(security.containsKey(field), document + " says otherwise for a container: " + field);
        }
    }

    private static String user() throws IOException {
        Matcher user = Pattern.compile("(?m)^USER (\\d+:\\d+)$").matcher(Files.readString(ROOT.resolve("Dockerfile")));
        assertTrue(user.find());
        return user.group(1);
    }

    @Test
    void onlyTheTemporaryFolderCanBeWritten() {
        for (Manifest document : example) {
            for (JsonObject container : document.containers()) {
                for (JsonObject mount : Manifest.objects(container.getJsonArray("volumeMounts"))) {
                    boolean isTemporary = mount.getString("name").equals("tmp");
                    assertEquals(isTemporary ? "/tmp" : mount.getString("mountPath"), mount.getString("mountPath"));
                    assertEquals(!isTemporary, mount.getBoolean("readOnly", false), document + " " + mount);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyContainerIsAskedOnTheManagementPort(Role role) {
        for (JsonObject container : deployment(example, role).containers()) {
            assertEquals("management /health/ready", probe(container, "startupProbe"));
            assertEquals("management /health/live", probe(container, "livenessProbe"));
            // Decision 10: a site does not go away with its broker.
            String traffic = role.isWeb() ? "/health/live" : "/health/ready";
            assertEquals("management " + traffic, probe(container, "readinessProbe"));
        }
    }

    private static String probe(JsonObject container, String name) {
        JsonObject probe = container.getJsonObject(name);
        JsonObject get = probe.getJsonObject("httpGet");
        // It answers within 8 s (docs/operations.md).
        boolean isReady = get.getString("path").equals("/health/ready");
        assertTrue(!isReady || probe.getInteger("timeoutSeconds") > 8, name);
        return get.getString("port") + ' ' + get.getString("path");
    }

    @ParameterizedTest
    @EnumSource
    void aStopHasTheTimeThatItNeeds(Role role) throws IOException {
        Matcher time = Pattern.compile("Give (\\d+) s before SIGKILL")
                .matcher(Files.readString(ROOT.resolve("docs/operations.md")));
        assertTrue(time.find());
        Manifest deployment = deployment(example, role);
        JsonObject pod = deployment.podSpec().orElseThrow();
        int before = secondsBeforeStop(deployment);
        // Only who is asked for something has to wait until nobody asks any more.
        assertEquals(!services(role).isEmpty(), before > 0);
        assertTrue(pod.getInteger("terminationGracePeriodSeconds") >= before + Integer.parseInt(time.group(1)));
    }

    private static int secondsBeforeStop(Manifest deployment) {
        return deployment
                .containers()
                .getFirst()
                .getJsonObject("lifecycle", new JsonObject())
                .getJsonObject("preStop", new JsonObject())
                .getJsonObject("sleep", new JsonObject())
                .getInteger("seconds", 0);
    }

    @Test
    void theImageIsOfThisVersionEverywhere() throws IOException {
        Matcher version =
                Pattern.compile("<version>(.+?)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertTrue(version.find());
        assertEquals(Set.of("sallyport:" + version.group(1)), images(base));
        assertEquals(Set.of("registry.example.com/sallyport:" + version.group(1)), images(example));
    }

    private static Set<String> images(List<Manifest> documents) {
        return documents.stream()
                .flatMap(document -> document.containers().stream())
                .map(container -> container.getString("image"))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void theHeapFitsIntoTheMemory(Role role) throws IOException {
        Matcher heap = Pattern.compile("(?m)^-Xmx(\\d+)m$").matcher(Files.readString(Path.of("java.options")));
        assertTrue(heap.find());
        for (JsonObject container : deployment(example, role).containers()) {
            JsonObject resources = container.getJsonObject("resources");
            String limit = resources.getJsonObject("limits").getString("memory");
            assertTrue(Integer.parseInt(limit.replace("Mi", "")) >= Integer.parseInt(heap.group(1)) + 256, limit);
            // Java counts cores by this limit, and hashes as many passwords at once.
            assertTrue(resources.getJsonObject("limits").containsKey("cpu"));
            assertEquals(
                    Set.of("cpu", "memory"), resources.getJsonObject("requests").fieldNames());
        }
    }

    @Test
    void theWebRolesDifferInNamesAndInWhatProtectedSitesNeedOnly() {
        for (String kind : List.of("Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler")) {
            String login = Manifest.find(base, kind, "sallyport-login")
                    .json()
                    .encode()
                    .replaceAll(",\\{[^{}]*(forward-auth|assertion\\.)[^{}]*}", "");
            String enrollment =
                    Manifest.find(base, kind, "sallyport-enrollment").json().encode();
            assertEquals(login, enrollment.replace("enrollment", "login"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTellsPodsApartIsTheSameEverywhere(Role role) {
        Manifest deployment = deployment(example, role);
        JsonObject pods = deployment.object("/spec/template/metadata/labels");
        assertEquals(role.toString(), pods.getString("app.kubernetes.io/component"));
        assertEquals(pods, deployment.object("/spec/selector/matchLabels"));
        String name = deployment.name();
        services(role).forEach(service -> assertEquals(pods, service.object("/spec/selector")));
        assertEquals(pods, Manifest.find(example, "PodDisruptionBudget", name).object("/spec/selector/matchLabels"));
        for (JsonObject spread : deployment.objects("/spec/template/spec/topologySpreadConstraints")) {
            assertEquals(pods, spread.getJsonObject("labelSelector").getJsonObject("matchLabels"));
        }
    }

    @Test
    void whoeverIsAskedForSomethingHasAServiceAndNobodyElse() {
        for (Role role : Role.values()) {
            assertEquals(role == Role.AUDIT_SEALER ? 0 : 1, services(role).size(), role::toString);
        }
    }

    private List<Manifest> services(Role role) {
        return Manifest.ofKind(example, "Service").stream()
                .filter(service -> service.name().equals("sallyport-" + role))
                .toList();
    }

    @Test
    void everythingIsScaledByOneScalerThatKeepsTwo() {
        Set<String> scaled = new TreeSet<>();
        for (Manifest scaler : example) {
            if (Set.of("HorizontalPodAutoscaler", "ScaledObject").contains(scaler.kind())) {
                String target = scaler.text("/spec/scaleTargetRef/name");
                assertTrue(scaled.add(target), target);
                assertTrue(
                        Manifest.find(example, "Deployment", target).at("/spec/replicas") == null,
                        target + " would be set back by each apply");
                boolean isKeda = scaler.kind().equals("ScaledObject");
                assertEquals(2, scaler.at(isKeda ? "/spec/minReplicaCount" : "/spec/minReplicas"));
            }
        }
        // Two share the partitions of the audit stream, however much there is to seal.
        assertEquals(2, deployment(example, Role.AUDIT_SEALER).at("/spec/replicas"));
        assertEquals(
                Stream.of(Role.values())
                        .filter(role -> role != Role.AUDIT_SEALER)
                        .map(role -> "sallyport-" + role)
                        .collect(Collectors.toCollection(TreeSet::new)),
                scaled);
        // Without KEDA, too.
        assertEquals(2, deployment(base, Role.SMS_DISPATCHER).at("/spec/replicas"));
    }

    @Test
    void pathsGoWhereTheShippedProxySendsThem() {
        Manifest pages = Manifest.find(example, "Ingress", "sallyport");
        Set<String> enrollment = new HashSet<>();
        for (JsonObject path : pages.objects("/spec/rules/0/http/paths")) {
            String service = service(path);
            if (service.equals("sallyport-enrollment pages")) {
                assertEquals("Exact", path.getString("pathType"));
                enrollment.add(path.getString("path"));
            } else {
                assertEquals("sallyport-login pages", service);
                assertEquals("Prefix /", path.getString("pathType") + ' ' + path.getString("path"));
            }
        }
        assertEquals(PathProxy.enrollmentPaths(), enrollment);
        JsonObject reports = Manifest.find(example, "Ingress", "sallyport-reports")
                .objects("/spec/rules/0/http/paths")
                .getFirst();
        assertEquals("/callbacks", reports.getString("path"));
        assertEquals("sallyport-sms-dispatcher reports", service(reports));
    }

    private String service(JsonObject path) {
        JsonObject service = path.getJsonObject("backend").getJsonObject("service");
        String port = service.getJsonObject("port").getString("name");
        List<JsonObject> ports =
                Manifest.find(example, "Service", service.getString("name")).objects("/spec/ports");
        assertTrue(ports.stream().anyMatch(offered -> offered.getString("name").equals(port)), port);
        return service.getString("name") + ' ' + port;
    }

    @Test
    void theProxyPassesNoClaimsOn() {
        JsonObject annotations = Manifest.find(example, "Ingress", "sallyport").object("/metadata/annotations");
        assertEquals("true", annotations.getString("haproxy.org/forwarded-for"));
        assertTrue(annotations
                .getString("haproxy.org/backend-config-snippet")
                .contains("http-request del-header Forwarded\n"));
    }

    @Test
    void noSecretIsInTheBase() {
        assertEquals(List.of(), Manifest.ofKind(base, "Secret"));
        for (Manifest secret : Manifest.ofKind(example, "Secret")) {
            assertTrue(secret.name().endsWith("-settings"), secret.name());
        }
    }

    private static Manifest deployment(List<Manifest> documents, Role role) {
        return Manifest.find(documents, "Deployment", "sallyport-" + role);
    }
}
