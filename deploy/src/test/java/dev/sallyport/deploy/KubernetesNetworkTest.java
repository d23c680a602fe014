package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may speak to whom: what all policies that select a pod allow together. */
class KubernetesNetworkTest {

    private static final String NAMESPACE = "kubernetes.io/metadata.name";
    private static final String NAMES = "kube-system:53";

    private final List<Manifest> base = Kustomization.build(Kustomization.BASE);
    private final List<Manifest> example = Kustomization.build(Kustomization.EXAMPLE);

    @Test
    void whatIsNotAllowedIsForbidden() {
        Manifest nothing = Manifest.find(base, "NetworkPolicy", "nothing");
        assertEquals(new JsonObject(), nothing.object("/spec/podSelector"));
        assertEquals(List.of("Ingress", "Egress"), types(nothing));
        assertFalse(nothing.object("/spec").containsKey("ingress"));
        assertFalse(nothing.object("/spec").containsKey("egress"));
    }

    @Test
    void eachRoleHasItsOwnWayOutAndNoOther() {
        assertEquals(Set.of(NAMES, "mongodb:27017", "kafka:9093"), ways(base, "login", "egress"));
        assertEquals(Set.of(NAMES, "mongodb:27017", "kafka:9093"), ways(base, "enrollment", "egress"));
        assertEquals(
                Set.of(NAMES, "kafka:9093", "0.0.0.0/0:443", "2000::/3:443"), ways(base, "sms-dispatcher", "egress"));
        assertEquals(Set.of(NAMES, "kafka:9093"), ways(base, "audit-sealer", "egress"));
        assertEquals(Set.of(NAMES, "kafka:9093"), ways(base, "topics", "egress"));
    }

    @Test
    void pagesAndReportsComeFromTheProxyAndMetricsGoToMonitoring() {
        assertEquals(Set.of("ingress:8080", "ingress:9091", "monitoring:9000"), ways(base, "login", "ingress"));
        assertEquals(Set.of("ingress:8080", "monitoring:9000"), ways(base, "enrollment", "ingress"));
        assertEquals(Set.of("ingress:8081", "monitoring:9000"), ways(base, "sms-dispatcher", "ingress"));
        assertEquals(Set.of("monitoring:9000"), ways(base, "audit-sealer", "ingress"));
        assertEquals(Set.of(), ways(base, "topics", "ingress"));
    }

    /** A proxy of another namespace gets everywhere where that of the base would. */
    @ParameterizedTest
    @ValueSource(strings = {"login", "enrollment", "sms-dispatcher", "audit-sealer"})
    void theExampleTakesTheProxyFromElsewhereEverywhere(String component) {
        assertEquals(
                ways(base, component, "ingress").stream()
                        .map(way -> way.replace("ingress:", "haproxy-controller:"))
                        .collect(Collectors.toSet()),
                ways(example, component, "ingress"));
    }

    /** Neither by name nor by address: all that it may reach in the world is https, and nothing that is private. */
    @Test
    void theDispatcherNeverReachesMongoDb() {
        for (List<Manifest> documents : List.of(base, example)) {
            for (String way : ways(documents, "sms-dispatcher", "egress")) {
                assertFalse(way.startsWith("mongodb:") || way.endsWith(":27017"), way);
                assertTrue(way.matches(".*:(53|9093|443)"), way);
            }
            JsonObject world = Manifest.find(documents, "NetworkPolicy", "sms-dispatcher")
                    .objects("/spec/egress/1/to")
                    .getFirst()
                    .getJsonObject("ipBlock");
            List<?> except = world.getJsonArray("except").getList();
            assertTrue(except.containsAll(List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")));
        }
        assertTrue(ways(example, "login", "egress").contains("192.0.2.0/28:27017"));
    }

    /** What an overlay adds for others opens nothing for it. */
    @Test
    void theSealerReachesKafkaAlone() {
        assertEquals(ways(base, "audit-sealer", "egress"), ways(example, "audit-sealer", "egress"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"login", "enrollment", "sms-dispatcher", "audit-sealer", "topics"})
    void kafkaIsReachedWhereItIsConfigured(String component) {
        String servers = Manifest.find(example, "ConfigMap", "sallyport-platform")
                .object("/data")
                .getString("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS");
        Set<String> ports = Arrays.stream(servers.split(",", -1))
                .map(server -> server.replaceFirst(".*:", "kafka:"))
                .collect(Collectors.toSet());
        assertTrue(ways(example, component, "egress").containsAll(ports), servers);
    }

    /** All ways of a pod in one direction, such as {@code kafka:9093}; an open way has a {@code *}. */
    private static Set<String> ways(List<Manifest> documents, String component, String direction) {
        JsonObject pod = new JsonObject()
                .put("app.kubernetes.io/name", "sallyport")
                .put("app.kubernetes.io/component", component);
        Set<String> ways = new TreeSet<>();
        for (Manifest policy : Manifest.ofKind(documents, "NetworkPolicy")) {
            if (selects(policy.object("/spec/podSelector"), pod)) {
                for (JsonObject rule : policy.objects("/spec/" + direction)) {
                    ways.addAll(ways(rule, direction.equals("egress") ? "to" : "from"));
                }
            }
        }
        return ways;
    }

    private static Set<String> ways(JsonObject rule, String side) {
        List<JsonObject> peers = Manifest.objects(rule.getJsonArray(side, new JsonArray()));
        List<JsonObject> ports = Manifest.objects(rule.getJsonArray("ports", new JsonArray()));
        Set<String> ways = new TreeSet<>();
        for (String peer : peers.isEmpty()
                ? List.of("*")
                : peers.stream().map(KubernetesNetworkTest::peer).toList()) {
            if (ports.isEmpty()) {
                ways.add(peer + ":*");
            }
            ports.forEach(port -> ways.add(peer + ':' + port.getValue("port", "*")));
        }
        return ways;
    }

    private static String peer(JsonObject peer) {
        if (peer.containsKey("ipBlock")) {
            return peer.getJsonObject("ipBlock").getString("cidr");
        }
        JsonObject namespace = peer.getJsonObject("namespaceSelector", new JsonObject());
        return namespace.getJsonObject("matchLabels", new JsonObject()).getString(NAMESPACE, "*");
    }

    private static boolean selects(JsonObject selector, JsonObject labels) {
        boolean matches = Manifest.words(selector.getJsonObject("matchLabels", new JsonObject())).entrySet().stream()
                .allMatch(label -> label.getValue().equals(labels.getString(label.getKey())));
        return matches
                && Manifest.objects(selector.getJsonArray("matchExpressions", new JsonArray())).stream()
                        .allMatch(expression -> isIn(expression, labels));
    }

    private static boolean isIn(JsonObject expression, JsonObject labels) {
        assertEquals("In", expression.getString("operator"));
        return expression.getJsonArray("values").contains(labels.getString(expression.getString("key")));
    }

    private static List<?> types(Manifest policy) {
        return policy.object("/spec").getJsonArray("policyTypes").getList();
    }
}
