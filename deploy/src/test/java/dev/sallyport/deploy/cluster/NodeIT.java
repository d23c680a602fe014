package dev.sallyport.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import dev.sallyport.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** One process of the jar and everything that can be done to it. */
class NodeIT {

    private static final Duration A_WHILE = Duration.ofSeconds(30);

    /** A JVM that starts a store and waits for its end. */
    static final class Harness {

        public static void main(String[] arguments) throws Exception {
            store(Path.of(arguments[0]), Integer.parseInt(arguments[1])).start();
            System.out.println("started");
            System.in.read();
        }
    }

    @TempDir
    Path folder;

    private final Ports ports = new Ports();
    private final int port = ports.take();

    @AfterEach
    void giveBack() {
        ports.close();
    }

    /** From the very jar that the tests run on. */
    private static ServerNode store(Path folder, int port) {
        return new ServerNode(
                "store",
                folder,
                ProductJar.running(),
                Map.of("SALLYPORT_DATA_DIR", folder.toString(), "SALLYPORT_EMBEDDED_MONGO_PORT", "" + port),
                List.of("server", "mongo"),
                port);
    }

    private ServerNode broker() {
        return new ServerNode(
                "kafka",
                folder,
                ProductJar.running(),
                Map.of("SALLYPORT_DATA_DIR", folder.toString(), "SALLYPORT_EMBEDDED_KAFKA_PORT", "" + port),
                List.of("server", "kafka"),
                port);
    }

    @Test
    void aNodeIsNamedByItsFolderAndRunsOnceUntilItIsStopped() throws Exception {
        try (ServerNode node = store(folder, port)) {
            node.start();
            node.awaitReady(A_WHILE);
            assertTrue(ping());
            assertEquals(Optional.of(node.pid()), leftIn(folder).map(ProcessHandle::pid));
            String refused = assertThrows(ClusterFailed.class, store(folder, port)::start)
                    .getMessage();
            assertEquals("store runs already, as process " + node.pid() + ": stop that one first.", refused);
            assertTrue(node.residentBytes() > 10_000_000);
            assertTrue(node.cpu().toMillis() > 100);
            assertEquals(143, node.stop());
            assertFalse(node.isAlive());
            assertEquals(Optional.empty(), leftIn(folder));
            assertEquals("", node.log());
        }
    }

    @Test
    void aPausedNodeAnswersNothingUntilItGoesOn() throws Exception {
        try (ServerNode node = store(folder, port)) {
            node.start();
            node.awaitReady(A_WHILE);
            node.pause();
            assertFalse(ping());
            assertTrue(node.isAlive());
            node.resume();
            Eventually.equal(true, this::ping);
            node.pause();
            assertEquals(143, node.stop());
        }
    }

    @Test
    @Tag("long")
    void aKilledBrokerStartsAgainWithItsTopics() throws Exception {
        try (ServerNode node = broker();
                Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            node.start();
            node.awaitReady(A_WHILE);
            admin.createTopics(List.of(new NewTopic("things", 1, (short) 1)))
                    .all()
                    .get();
            node.kill();
            assertEquals(137, node.awaitEnd(A_WHILE));
            assertFalse(node.isReady());
            node.start();
            node.awaitReady(A_WHILE);
            assertEquals(Set.of("things"), admin.listTopics().names().get());
            assertEquals(2, countIn(node, " is up: "));
        }
    }

    @Test
    void aNodeThatCantStartSaysWhy() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                ServerNode node = store(folder, taken.getLocalPort())) {
            node.start();
            String said = assertThrows(ClusterFailed.class, () -> node.awaitReady(A_WHILE))
                    .getMessage();
            assertTrue(said.startsWith("store ended with exit code 1 before it was ready; its log is "), said);
            assertTrue(said.contains("can't listen on port " + taken.getLocalPort()), said);
        }
    }

    @Test
    void aNodeThatTakesTooLongIsToldWithItsLog() throws Exception {
        try (ServerNode node = store(folder, port)) {
            node.start();
            node.pause();
            String said = assertThrows(ClusterFailed.class, () -> node.awaitReady(Duration.ofMillis(100)))
                    .getMessage();
            assertTrue(said.startsWith("store was not ready after 0 s; its log is "), said);
        }
    }

    @Test
    void aNodeEndsWithTheJvmThatStartedIt() throws Exception {
        Process harness = harness();
        assertTrue(leftIn(folder).isPresent());
        harness.destroy();
        assertTrue(harness.waitFor(A_WHILE.toSeconds(), TimeUnit.SECONDS));
        Eventually.equal(Optional.empty(), () -> leftIn(folder));
    }

    @Test
    void whatAKilledJvmLeavesIsFoundByItsPidFile() throws Exception {
        Process harness = harness();
        harness.destroyForcibly().onExit().join();
        ProcessHandle left = leftIn(folder).orElseThrow();
        assertTrue(left.destroyForcibly());
        left.onExit().get(A_WHILE.toSeconds(), TimeUnit.SECONDS);
        assertEquals(Optional.empty(), leftIn(folder));
    }

    private Process harness() throws IOException {
        Process harness = Children.start(new ProcessBuilder(
                        ProductJar.running().java().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Harness.class.getName(),
                        folder.toString(),
                        "" + port)
                .redirectError(ProcessBuilder.Redirect.INHERIT));
        assertEquals("started", harness.inputReader().readLine());
        return harness;
    }

    private static Optional<ProcessHandle> leftIn(Path folder) {
        return new PidFile(folder.resolve("pid")).running();
    }

    private static long countIn(Node node, String words) throws IOException {
        return Files.readAllLines(node.outFile()).stream()
                .filter(line -> line.contains(words))
                .count();
    }

    private boolean ping() {
        String uri = "mongodb://127.0.0.1:" + port + "/?serverSelectionTimeoutMS=2000&timeoutMS=2000";
        try (MongoClient client = MongoClients.create(uri)) {
            Mono.from(client.getDatabase("any").runCommand(new Document("ping", 1)))
                    .block(Duration.ofSeconds(3));
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
