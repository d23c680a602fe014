package dev.sallyport.deploy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.sallyport.Role;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.deploy.cluster.Ports;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.deploy.cluster.RoleNodes;
import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Two processes of each role, each with the keys of its role alone, on a broker and a store behind cables. */
final class ChaosSite implements AutoCloseable {

    private static final int OF_EACH = 2;

    private static final Pattern ERROR = Pattern.compile("^\\S+ ERROR \\[[^]]*] (\\w+):");

    private static final Set<String> OUR_LOGGERS = new ClassFileImporter()
            .importPackages("dev.sallyport").stream()
                    .map(JavaClass::getSimpleName)
                    .collect(Collectors.toSet());

    final FaultyServers servers = FaultyServers.start();
    final FakeTwilio twilio = FakeTwilio.start();
    private final Ports ports = new Ports();
    private final RoleNodes roles;

    /** Starts them; they are not ready yet. */
    ChaosSite(Path folder) {
        roles = new RoleNodes(
                folder,
                JarProcess.JAR,
                ports,
                new RoleNodes.Servers(servers.bootstrapServers(), 1, servers.mongoUri()),
                this::environment);
        for (Role role : Role.values()) {
            for (int i = 1; i <= OF_EACH; i++) {
                roles.add(role).start();
            }
        }
    }

    private Map<String, String> environment(Role role) {
        Map<String, String> environment = new HashMap<>(RoleSettings.of(role, "http://localhost:8080", twilio));
        environment.put("SALLYPORT_MONGO_DATABASE", "chaos");
        // Each message names its order to Twilio there, which tells orders that are texted twice.
        environment.put("SALLYPORT_LIMITS_MONEY_MODE", "record-only");
        environment.put("SALLYPORT_SMS_CALLBACK_URL", "https://news.example.com/callbacks");
        return environment;
    }

    /** A node that serves a path, at random. */
    String node(String path) {
        boolean enrollment = Stream.of("/sign-up", "/user", "/enable", "/disable", "/auth-qr")
                .anyMatch(path::startsWith);
        List<RoleNode> nodes = roles.of(enrollment ? Role.ENROLLMENT : Role.LOGIN);
        return nodes.get(ThreadLocalRandom.current().nextInt(nodes.size())).url();
    }

    /** Waits until every process is ready, and starts those again that could not start. */
    void awaitReady() throws InterruptedException {
        Await.until(Duration.ofSeconds(120), () -> {
            startEndedOnesAgain();
            return roles.all().stream().allMatch(RoleNode::isReady);
        });
    }

    /** What a supervisor does in production; returns how many had ended by themselves. */
    int startEndedOnesAgain() {
        List<RoleNode> ended =
                roles.all().stream().filter(node -> !node.isAlive()).toList();
        ended.forEach(RoleNode::start);
        return ended.size();
    }

    /** Kills one with SIGKILL and starts it again; returns its role. */
    Role killOne(Random random) {
        Role role = Role.values()[random.nextInt(Role.values().length)];
        roles.of(role).get(random.nextInt(OF_EACH)).restart();
        return role;
    }

    /** One step of a rotation, brought to every process that holds the keyset, and waited for. */
    void rotate(Keyset keyset, String stage) throws InterruptedException {
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told, true);
        String[] command = {"keys", "--dir", roles.allKeys().toString(), "rotate", keyset.toString(), "--stage", stage};
        if (Sallyport.run(command, Map.of(), out, out) != 0) {
            throw new AssertionError(told.toString());
        }
        Map<RoleNode, Integer> before = new HashMap<>();
        for (Role role : Role.values()) {
            if (holds(role, keyset)) {
                roles.of(role).forEach(node -> before.put(node, rereadings(node)));
            }
        }
        roles.exportKeys();
        Await.until(Duration.ofSeconds(60), () -> before.entrySet().stream()
                .allMatch(one -> rereadings(one.getKey()) > one.getValue()));
    }

    private boolean holds(Role role, Keyset keyset) {
        try (Stream<Path> files = Files.list(roles.keys(role))) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(keyset + "."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int rereadings(RoleNode node) {
        return node.log().split("Keys were reread", -1).length;
    }

    /** Lines of the processes' logs that tell of mistakes of ours; libraries also call a cut connection an error. */
    List<String> errors() {
        return roles.all().stream()
                .flatMap(ChaosSite::wholeLog)
                .filter(line -> ERROR.matcher(line).results().anyMatch(error -> OUR_LOGGERS.contains(error.group(1))))
                .toList();
    }

    /** Of all its starts. */
    private static Stream<String> wholeLog(RoleNode node) {
        try {
            return Files.readAllLines(node.logFile()).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        roles.close();
        ports.close();
        twilio.close();
        servers.close();
    }
}
