package dev.sallyport.deploy.cluster;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Processes of one role each, on a broker and a store that are elsewhere. Each has ports of its own and its role's keys
 * alone; only web roles are told of the store.
 */
public final class RoleNodes implements AutoCloseable {

    /**
     * What the roles run on.
     *
     * @param replication as many copies as the topics of that Kafka have
     */
    public record Servers(String bootstrapServers, int replication, String mongoUri) {}

    /** With this the names begin of settings about what protected sites need. */
    public static final String RULES = "SALLYPORT_AUTHZ_RULES_";

    private record Entry(Role role, RoleNode node) {}

    private final Path folder;
    private final ProductJar jar;
    private final Ports ports;
    private final Servers servers;
    private final Function<Role, Map<String, String>> environment;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /**
     * Makes the keys; starts nothing.
     *
     * @param folder for keys, logs and pid files
     * @param environment what a role is told beside servers, keys and ports; asked at each {@link #add}
     */
    public RoleNodes(
            Path folder,
            ProductJar jar,
            Ports ports,
            Servers servers,
            Function<Role, Map<String, String>> environment) {
        this.folder = folder;
        this.jar = jar;
        this.ports = ports;
        this.servers = servers;
        this.environment = environment;
        new KeyFolder(allKeys()).init();
        exportKeys();
    }

    /** One more process of a role, not yet started: {@code login-1}, {@code login-2} and so on. */
    public synchronized RoleNode add(Role role) {
        String name = role + "-" + (of(role).size() + 1);
        RoleNode node = new RoleNode(name, folder.resolve(name), jar, environmentOf(role), ports);
        entries.add(new Entry(role, node));
        return node;
    }

    private Map<String, String> environmentOf(Role role) {
        Map<String, String> all = new HashMap<>();
        all.put("SALLYPORT_ROLES", role.toString());
        all.put("SALLYPORT_KEYS_DIR", keys(role).toString());
        all.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", servers.bootstrapServers());
        all.put("SALLYPORT_KAFKA_REPLICATION", Integer.toString(servers.replication()));
        if (role.isWeb()) {
            all.put("SALLYPORT_MONGO_URI", servers.mongoUri());
        } else {
            all.put("SALLYPORT_SMS_CALLBACK_PORT", Integer.toString(ports.take()));
        }
        all.putAll(environment.apply(role));
        if (role == Role.LOGIN && protectSites(all)) {
            all.put(RoleNode.AUTHZ_PORT, Integer.toString(ports.take()));
        }
        return all;
    }

    /** True if there are rules for protected sites among the settings. */
    public static boolean protectSites(Map<String, String> settings) {
        return settings.keySet().stream().anyMatch(name -> name.startsWith(RULES));
    }

    /** The processes of a role, the first added first. */
    public List<RoleNode> of(Role role) {
        return entries.stream()
                .filter(entry -> entry.role() == role)
                .map(Entry::node)
                .toList();
    }

    public List<RoleNode> all() {
        return entries.stream().map(Entry::node).toList();
    }

    /**
     * Starts all that do not run and waits until they are ready; as many at once as there are processors, since more only
     * make each other late.
     *
     * @param atMost for each
     * @throws ClusterFailed with the end of its log, if one does not come up
     */
    public void start(Duration atMost) throws InterruptedException {
        List<RoleNode> idle = all().stream().filter(node -> !node.isAlive()).toList();
        int atOnce = Runtime.getRuntime().availableProcessors();
        for (int first = 0; first < idle.size(); first += atOnce) {
            List<RoleNode> next = idle.subList(first, Math.min(first + atOnce, idle.size()));
            next.forEach(Node::start);
            for (RoleNode node : next) {
                node.awaitReady(atMost);
            }
        }
    }

    /** Stops all at once with SIGTERM and waits. */
    public void stop() throws InterruptedException {
        Nodes.stop(all());
    }

    /** The folder with all keys. */
    public Path allKeys() {
        return folder.resolve("keys-all");
    }

    /** The folder with the keys of one role. */
    public Path keys(Role role) {
        return folder.resolve("keys-" + role);
    }

    /** Gives every role its keys as they are now. */
    public void exportKeys() {
        for (Role role : Role.values()) {
            new KeyFolder(allKeys()).export(Set.of(role), keys(role));
        }
    }

    /** Kills all. */
    @Override
    public void close() {
        all().forEach(Node::close);
    }
}
