package dev.sallyport.deploy.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka cluster of three processes, each a broker and a controller: any one may be killed, and the other two go on. Of
 * topics with three copies a write counts once two have it.
 */
public final class Brokers implements AutoCloseable {

    /** How many there are, and so how many copies a topic can have. */
    public static final int COUNT = 3;

    private final List<ServerNode> nodes = new ArrayList<>();

    /**
     * Starts nothing.
     *
     * @param folder for data, logs and pid files; what earlier brokers have left there is theirs
     */
    public Brokers(Path folder, ProductJar jar, Ports ports) {
        String clusterId = clusterId(folder.resolve("kafka-cluster-id"));
        String voters = IntStream.rangeClosed(1, COUNT)
                .mapToObj(node -> node + "@127.0.0.1:" + ports.take())
                .collect(Collectors.joining(","));
        // A broker's live data are some 40 MB; the rest of its memory is not the heap's.
        ProductJar small = jar.with("-Xms32m", "-Xmx160m");
        for (int node = 1; node <= COUNT; node++) {
            String name = "kafka-" + node;
            Path own = folder.resolve(name);
            int port = ports.take();
            nodes.add(new ServerNode(
                    name,
                    own,
                    small,
                    Map.of("SALLYPORT_DATA_DIR", own.toString(), "SALLYPORT_EMBEDDED_KAFKA_PORT", "" + port),
                    List.of("server", "kafka", "--node", "" + node, "--voters", voters, "--cluster-id", clusterId),
                    port));
        }
    }

    /** The data hold it too, so it is made once. */
    private static String clusterId(Path file) {
        try {
            if (Files.notExists(file)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, Uuid.randomUuid().toString());
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The three, in the order of their numbers. */
    public List<ServerNode> nodes() {
        return List.copyOf(nodes);
    }

    /** {@code host:port} of all three, by commas. */
    public String bootstrapServers() {
        return nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
    }

    /** Starts all three; none is ready before a second one is. */
    public void start() {
        nodes.forEach(Node::start);
    }

    public void awaitReady(Duration atMost) throws InterruptedException {
        for (ServerNode node : nodes) {
            node.awaitReady(atMost);
        }
    }

    /** Stops all at once with SIGTERM and waits. */
    public void stop() throws InterruptedException {
        Nodes.stop(nodes);
    }

    /** Kills all; every acknowledged record stays. */
    @Override
    public void close() {
        nodes.forEach(Node::close);
    }
}
