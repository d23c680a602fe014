package dev.sallyport.deploy.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * One run of a combined broker and controller. It is put together from the parts that Kafka's own server class uses,
 * because that class offers no way to hand in bound sockets or to keep a fault from ending the JVM.
 */
final class KafkaNode {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    /** Of several that are stopped together, the last has no controller left that would tell it that it may go. */
    private static final Duration STOP_LIMIT_OF_A_MEMBER = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);

    private final KafkaSockets sockets;
    private final BrokerFaults faults;
    private final Duration stopLimit;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private KafkaNode(KafkaSockets sockets, Map<String, String> settings, KafkaMember member) {
        this.sockets = sockets;
        this.faults = new BrokerFaults(!member.isAlone());
        this.stopLimit = member.isAlone() ? STOP_LIMIT : STOP_LIMIT_OF_A_MEMBER;
        KafkaConfig config = new KafkaConfig(settings, false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored = KafkaRaftServer.initializeLogDirs(config, log, "");
        SharedServer shared = new SharedServer(
                config,
                stored._1(),
                Time.SYSTEM,
                Server.initializeMetrics(
                        config, Time.SYSTEM, stored._1().clusterId().orElseThrow()),
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                List.of(),
                faults,
                sockets);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
        broker = new BrokerServer(shared);
    }

    /**
     * Formats the folder if it is new and returns once clients are served. A broker that is alone may share its JVM; one
     * of several ends its JVM when it can't go on.
     *
     * @param advertised the port that clients are sent to, where it is another than {@code port}
     * @param more settings of Kafka's, over ours
     * @throws Exception whatever Kafka found wrong; nothing is left running
     */
    static KafkaNode start(Path folder, int port, OptionalInt advertised, KafkaMember member, Map<String, String> more)
            throws Exception {
        if (member.isAlone()) {
            BrokerFaults.surviveExits();
        }
        KafkaSockets sockets = KafkaSockets.bind(port, member.controllerPort());
        try {
            format(folder, member);
            Map<String, String> settings =
                    KafkaSettings.of(folder, sockets, advertised.orElse(sockets.clientPort()), member);
            settings.putAll(more);
            KafkaNode node = new KafkaNode(sockets, settings, member);
            node.startUp();
            return node;
        } catch (Throwable e) {
            sockets.close();
            throw e;
        }
    }

    int clientPort() {
        return sockets.clientPort();
    }

    int controllerPort() {
        return sockets.controllerPort();
    }

    /** Writes everything down and returns when all threads have ended. */
    void stop() {
        broker.shutdown(stopLimit);
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
        sockets.close();
    }

    private void startUp() {
        try (ExecutorService starter = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("embedded-kafka-start").factory())) {
            CompletableFuture<Void> up = CompletableFuture.runAsync(this::startParts, starter);
            awaitOrInterrupt(up, starter);
            faults.report();
        } catch (CompletionException e) {
            stopAfter(e);
            throw e;
        }
    }

    /** A fault in another thread leaves the start-up waiting for its whole limit, so the first of the two counts. */
    private void awaitOrInterrupt(CompletableFuture<Void> up, ExecutorService starter) {
        try {
            CompletableFuture.anyOf(up, faults.first())
                    .orTimeout(KafkaSettings.START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            starter.shutdownNow();
            throw e;
        }
    }

    /** What was started so far may be in any state, and why it failed matters more than how it ends. */
    private void stopAfter(Exception failure) {
        try {
            stop();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void startParts() {
        controller.startup();
        broker.startup();
    }

    private static void format(Path folder, KafkaMember member) throws Exception {
        Path stored = folder.resolve("meta.properties");
        if (Files.exists(stored)) {
            refuseDataOfAnother(folder, stored, member);
            return;
        }
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(member.node())
                .setClusterId(member.clusterId())
                .setDirectories(List.of(folder.toString()))
                .setMetadataLogDirectory(folder.toString())
                .setControllerListenerName(KafkaSettings.CONTROLLER)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .run();
    }

    /** Whoever is alone made up the id of its cluster at its first start, so that only its number counts. */
    private static void refuseDataOfAnother(Path folder, Path stored, KafkaMember member) throws IOException {
        Properties found = new Properties();
        try (var in = Files.newInputStream(stored)) {
            found.load(in);
        }
        String node = found.getProperty("node.id");
        String cluster = found.getProperty("cluster.id");
        boolean sameCluster = member.isAlone() || member.clusterId().equals(cluster);
        if (!sameCluster || !String.valueOf(member.node()).equals(node)) {
            throw new EmbeddedFailure.DataOfAnother(folder, "broker " + node + " of cluster " + cluster);
        }
    }
}
