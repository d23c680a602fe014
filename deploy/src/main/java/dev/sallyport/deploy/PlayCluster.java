package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.deploy.cluster.Children;
import dev.sallyport.deploy.cluster.Cluster;
import dev.sallyport.deploy.cluster.ClusterFailed;
import dev.sallyport.deploy.cluster.Control;
import dev.sallyport.deploy.cluster.FrontProxy;
import dev.sallyport.deploy.cluster.Node;
import dev.sallyport.deploy.cluster.Ports;
import dev.sallyport.deploy.cluster.ProductJar;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.deploy.cluster.RoleNodes;
import dev.sallyport.deploy.embedded.DataFolder;
import java.io.Console;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The cluster of {@code cluster up}: a {@link Cluster} behind HAProxy, with phones, a table and orders from outside. */
final class PlayCluster implements AutoCloseable {

    /** For a machine that has more to do than to start this. */
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private static final String CLEARED = "\u001b[H\u001b[J";

    /** In this order they are replaced: who reads what a newer version writes goes first. */
    private static final List<Role> ORDER = List.of(Role.SMS_DISPATCHER, Role.ENROLLMENT, Role.LOGIN);

    /** What each process has of its own here. */
    private static final List<String> OWN = List.of("_PORT", "_URI", "_SERVERS", "_DIR", "_ROLES", "_CONFIG", "_HOST");
    /** How the names begin of settings about servers and providers: those of a cluster are its own. */
    private static final List<String> SERVERS = List.of("KAFKA_", "MONGO_", "SMS_PROVIDER", "TWILIO_", "WEBHOOK_");

    private final DataFolder held;
    private final Path folder;
    private final int port;
    private final int authzPort;
    private final Ports ports = new Ports();
    private final PhoneGateway phones;
    private final Cluster cluster;
    private final FrontProxy front;
    private final CountDownLatch down = new CountDownLatch(1);
    private final ReentrantLock stopping = new ReentrantLock();
    private volatile boolean stopped;

    /**
     * Takes the folder and makes the keys; starts nothing.
     *
     * @param counts how many nodes of each role
     * @param port of the site
     * @param authzPort where proxies of protected sites ask, if the settings have rules
     * @param environment settings of the one who runs it; all nodes get those that are not about a single process
     * @throws ClusterFailed if the ports are taken, or there is no HAProxy; the folder is then as it was
     */
    static PlayCluster open(
            Path folder, Map<Role, Integer> counts, int port, int authzPort, Map<String, String> environment) {
        DataFolder held = DataFolder.open(folder);
        try {
            FrontProxy.check(
                    port, RoleNodes.protectSites(environment) ? OptionalInt.of(authzPort) : OptionalInt.empty());
            return new PlayCluster(held, folder, counts, port, authzPort, environment);
        } catch (ClusterFailed e) {
            held.close();
            throw e;
        }
    }

    private PlayCluster(
            DataFolder held,
            Path folder,
            Map<Role, Integer> counts,
            int port,
            int authzPort,
            Map<String, String> environment) {
        this.held = held;
        this.folder = folder;
        this.port = port;
        this.authzPort = authzPort;
        int phonesPort = ports.take();
        phones = new PhoneGateway(phonesPort);
        cluster = new Cluster(folder, ProductJar.running(), role -> settings(role, environment));
        ORDER.reversed().forEach(role -> {
            for (int i = 0; i < counts.getOrDefault(role, 0); i++) {
                cluster.roles().add(role);
            }
        });
        front = new FrontProxy(folder.resolve("haproxy"), port, authzPort, cluster.roles(), phonesPort);
    }

    /** What the owner has set, and over it what makes these processes a cluster. */
    private Map<String, String> settings(Role role, Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("SALLYPORT_") && (name.startsWith(RoleNodes.RULES) || isForAll(name))) {
                settings.put(name, value);
            }
        });
        settings.put("SALLYPORT_PUBLIC_URL", site());
        if (role.isWeb()) {
            settings.put("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1");
        } else {
            settings.putAll(phones.environment());
        }
        return settings;
    }

    private static boolean isForAll(String name) {
        return OWN.stream().noneMatch(name::endsWith)
                && SERVERS.stream().noneMatch(server -> name.startsWith("SALLYPORT_" + server));
    }

    private String site() {
        return "http://localhost:" + port;
    }

    /** Starts it all, and shows it until it is told to stop. */
    void run(String brand, PrintWriter out) throws InterruptedException {
        Children.beforeKilling(this::stopOnce);
        out.println(
                "Starting three brokers, a store and " + cluster.roles().all().size() + " nodes; that takes a minute.");
        try {
            cluster.start();
        } catch (ClusterFailed e) {
            if (stopped) {
                // It was told to end before it was up.
                return;
            }
            throw e;
        }
        phones.start(cluster.roles().keys(Role.LOGIN), URI.create(site()), brand);
        front.start(START_LIMIT);
        try (Control _ = Control.open(folder, this::obey)) {
            show(out);
        }
        out.println(over());
    }

    private String over() {
        return "The cluster is down; its data stay in " + folder + ".";
    }

    private void show(PrintWriter out) throws InterruptedException {
        ClusterTable table = new ClusterTable(cluster.all(), front);
        String greeting = greeting();
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
            out.println(greeting);
            tellChanges(table, out);
            return;
        }
        do {
            String lines = String.join("\n", table.lines());
            out.println(CLEARED + greeting + "\n\n" + lines);
        } while (!down.await(1, TimeUnit.SECONDS));
    }

    private void tellChanges(ClusterTable table, PrintWriter out) throws InterruptedException {
        Map<String, String> known = new HashMap<>();
        do {
            table.states().forEach((name, state) -> {
                if (!state.equals(known.put(name, state))) {
                    out.println(name + " is " + state + ".");
                }
            });
        } while (!down.await(1, TimeUnit.SECONDS));
    }

    private String greeting() {
        return """
                The cluster is up: %s
                  phones     %s/dev/phone
                  proxies    %s
                  Kafka      %s
                  MongoDB    mongodb://127.0.0.1:%d
                  logs       %s
                In another terminal: ./sallyport cluster status, kill NAME, restart NAME, roll [ROLE], down. Ctrl-C stops it.""".formatted(
                        site(),
                        site(),
                        asked(),
                        cluster.brokers().bootstrapServers(),
                        cluster.store().port(),
                        folder);
    }

    private String asked() {
        boolean protects = cluster.roles().of(Role.LOGIN).stream()
                .anyMatch(node -> node.authzPort().isPresent());
        return protects
                ? "ask http://127.0.0.1:%d/authz/forward-auth".formatted(authzPort)
                : "have nothing to ask; docs/forward-auth.md tells how sites are protected";
    }

    private void obey(List<String> words, Consumer<String> tell) throws InterruptedException {
        String what = words.isEmpty() ? "" : words.getFirst();
        switch (what) {
            case "status" -> new ClusterTable(cluster.all(), front).lines().forEach(tell);
            case "kill" -> kill(node(words), tell);
            case "restart" -> {
                if (node(words).isAlive()) {
                    kill(node(words), tell);
                }
                node(words).start();
                node(words).awaitReady(START_LIMIT);
                tell.accept(words.get(1) + " is ready.");
            }
            case "roll" -> roll(words.size() > 1 ? List.of(Role.of(words.get(1))) : ORDER, tell);
            case "down" -> {
                tell.accept("Stopping…");
                stopOnce();
                tell.accept(over());
                down.countDown();
            }
            default -> tell.accept("There is no such order.");
        }
    }

    /** The store alone of all these would lose what it has acknowledged; one of production is several. */
    private void kill(Node node, Consumer<String> tell) throws InterruptedException {
        if (node == cluster.store()) {
            node.stop();
            tell.accept("The store is stopped in order: killed it could lose what a replica set keeps.");
        } else {
            node.kill();
            tell.accept(node.name() + " is dead.");
        }
    }

    private Node node(List<String> words) {
        String name = words.size() > 1 ? words.get(1) : "";
        List<Node> all = cluster.all();
        return all.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailed(
                        "There is no process " + name + " here; there are "
                                + String.join(", ", all.stream().map(Node::name).toList()) + ".",
                        null));
    }

    private void roll(List<Role> roles, Consumer<String> tell) throws InterruptedException {
        for (Role role : roles) {
            for (RoleNode node : cluster.roles().of(role)) {
                if (node.isAlive()) {
                    node.stop();
                }
                node.start();
                node.awaitReady(START_LIMIT);
                tell.accept(node.name() + " is replaced.");
            }
        }
    }

    /**
     * The front first, so that nobody is let in who could not be answered any more. Who comes second (the end of this JVM and
     * of its main thread meet here) waits until it is done.
     */
    private void stopOnce() {
        stopping.lock();
        try {
            if (!stopped) {
                stopped = true;
                stop();
            }
        } finally {
            stopping.unlock();
        }
    }

    private void stop() {
        front.close();
        phones.close();
        try {
            cluster.stop();
        } catch (ClusterFailed e) {
            cluster.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopOnce();
        cluster.close();
        ports.close();
        held.close();
    }
}
