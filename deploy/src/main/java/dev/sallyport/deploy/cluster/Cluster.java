package dev.sallyport.deploy.cluster;

import dev.sallyport.Role;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The whole platform as processes: three brokers, a store, and of each role as many as were added. In front of the web
 * roles there is nothing; that is for whoever runs the cluster.
 */
public final class Cluster implements AutoCloseable {

    /** For a machine that has more to do than to start this. */
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Ports ports = new Ports();
    private final Brokers brokers;
    private final ServerNode store;
    private final RoleNodes roles;

    /**
     * Starts nothing.
     *
     * @param folder for keys, data, logs and pid files
     * @param environment what a role is told beside servers, keys and ports
     */
    public Cluster(Path folder, ProductJar jar, Function<Role, Map<String, String>> environment) {
        brokers = new Brokers(folder, jar, ports);
        store = store(folder.resolve("store"), jar, ports.take());
        String mongoUri = "mongodb://127.0.0.1:" + store.port();
        RoleNodes.Servers servers = new RoleNodes.Servers(brokers.bootstrapServers(), Brokers.COUNT, mongoUri);
        roles = new RoleNodes(folder, jar, ports, servers, environment);
    }

    private static ServerNode store(Path folder, ProductJar jar, int port) {
        return new ServerNode(
                "store",
                folder,
                jar,
                Map.of("SALLYPORT_DATA_DIR", folder.toString(), "SALLYPORT_EMBEDDED_MONGO_PORT", "" + port),
                List.of("server", "mongo"),
                port);
    }

    /**
     * Starts servers, topics and the roles that were added, and waits until all are ready.
     *
     * @throws ClusterFailed with the end of its log, if one does not come up
     */
    public void start() throws InterruptedException {
        brokers.start();
        store.start();
        brokers.awaitReady(START_LIMIT);
        store.awaitReady(START_LIMIT);
        try (TopicAdmin admin = new TopicAdmin(brokers.bootstrapServers(), Map.of())) {
            admin.apply(TopicPlan.all(Brokers.COUNT));
        }
        roles.start(START_LIMIT);
    }

    public Brokers brokers() {
        return brokers;
    }

    public ServerNode store() {
        return store;
    }

    public RoleNodes roles() {
        return roles;
    }

    /** Every process. */
    public List<Node> all() {
        return Stream.of(brokers.nodes(), List.of(store), roles.all())
                .<Node>flatMap(List::stream)
                .toList();
    }

    /** Stops all with SIGTERM and waits: first the roles, which can tell brokers and store what they have left to tell. */
    public void stop() throws InterruptedException {
        roles.stop();
        Nodes.stop(List.of(store));
        brokers.stop();
    }

    /** Kills what still runs, and gives the ports back. */
    @Override
    public void close() {
        all().forEach(Node::close);
        ports.close();
    }
}
