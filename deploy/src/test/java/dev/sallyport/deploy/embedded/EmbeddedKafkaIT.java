package dev.sallyport.deploy.embedded;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    private static final String TOPIC = "things";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path temporary;

    private final List<EmbeddedKafka> started = new ArrayList<>();

    @AfterEach
    void stopAll() {
        started.forEach(EmbeddedKafka::stop);
    }

    @Test
    void aRestartKeepsTopicsRecordsAndOffsetsOnItsPort() throws Exception {
        EmbeddedKafka kafka = start(kafka("data", 0));
        int port = kafka.address().getPort();
        createTopic(kafka);
        send(kafka, 0, 100);
        assertEquals(values(0, 60), consume(kafka, 60));

        kafka.stop();
        kafka.start();

        assertEquals(port, kafka.address().getPort());
        assertEquals(Set.of(TOPIC), topics(kafka));
        send(kafka, 100, 10);
        assertEquals(values(60, 110), consume(kafka, 50));
    }

    @Test
    void anotherObjectFindsWhatTheLastRunLeft() throws Exception {
        EmbeddedKafka first = start(kafka("data", 0));
        createTopic(first);
        send(first, 0, 10);
        first.stop();

        EmbeddedKafka second = start(kafka("data", 0));

        assertEquals(values(0, 10), consume(second, 10));
    }

    @Test
    void aTransactionIsReadAsAWhole() throws Exception {
        EmbeddedKafka kafka = start(kafka("data", 0));
        createTopic(kafka);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "one-at-a-time");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, "key", "given up"));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, "key", "kept"));
            producer.commitTransaction();
        }

        assertEquals(List.of("kept"), consume(kafka, 1));
    }

    @Test
    void theControllersPortOfTheLastRunMayBeTaken() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("node"));
        KafkaNode node = KafkaNode.start(folder, 0, OptionalInt.empty(), KafkaMember.alone(), Map.of());
        int controllerPort = node.controllerPort();
        node.stop();

        try (ServerSocket _ = new ServerSocket(controllerPort, 1, loopback())) {
            assertDoesNotThrow(() -> KafkaNode.start(folder, 0, OptionalInt.empty(), KafkaMember.alone(), Map.of()))
                    .stop();
        }
    }

    @Test
    void noTopicIsMadeByUse() throws Exception {
        EmbeddedKafka kafka = start(kafka("data", 0));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Future<?> description = admin.describeTopics(List.of("unheard-of")).allTopicNames();

            ExecutionException failure = assertThrows(ExecutionException.class, description::get);

            assertInstanceOf(UnknownTopicOrPartitionException.class, failure.getCause());
        }
    }

    @Test
    void aGroupMayNoticeADeadMemberAfterSixSeconds() throws Exception {
        EmbeddedKafka kafka = start(kafka("data", 0));
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "readers");
        List<AlterConfigOp> soon = List.of(
                new AlterConfigOp(new ConfigEntry("consumer.session.timeout.ms", "6000"), AlterConfigOp.OpType.SET),
                new AlterConfigOp(new ConfigEntry("consumer.heartbeat.interval.ms", "1000"), AlterConfigOp.OpType.SET));

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Future<?> accepted =
                    admin.incrementalAlterConfigs(Map.of(group, soon)).all();

            assertDoesNotThrow(() -> accepted.get());
        }
    }

    @Test
    void aTakenPortIsOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, loopback())) {
            EmbeddedKafka kafka = kafka("data", taken.getLocalPort());

            EmbeddedFailure.PortTaken failure = assertThrows(EmbeddedFailure.PortTaken.class, kafka::start);

            assertEquals(
                    "The embedded Kafka broker can't listen on port " + taken.getLocalPort()
                            + " of 127.0.0.1 (Address already in use): stop what uses it, or set"
                            + " SALLYPORT_EMBEDDED_KAFKA_PORT to a free port.",
                    failure.getMessage());
        }
    }

    @Test
    void aFailedStartHoldsNothing() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, loopback())) {
            port = taken.getLocalPort();
            assertThrows(EmbeddedFailure.PortTaken.class, kafka("data", port)::start);
        }

        EmbeddedKafka kafka = start(kafka("data", port));

        assertEquals("127.0.0.1:" + port, kafka.bootstrapServers());
    }

    @Test
    void aFolderBelowAFileIsOneSentence() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        EmbeddedFailure.FolderUnusable failure =
                assertThrows(EmbeddedFailure.FolderUnusable.class, kafka("file/data", 0)::start);

        assertTrue(failure.getMessage().startsWith("Can't keep data in " + file.resolve("data")), failure.getMessage());
        assertTrue(failure.getMessage().endsWith("or set SALLYPORT_DATA_DIR to another one."), failure.getMessage());
    }

    @Test
    void aCommaInThePathIsOneSentence() {
        EmbeddedFailure failure = assertThrows(EmbeddedFailure.FolderUnusable.class, kafka("one,two", 0)::start);

        assertTrue(failure.getMessage().contains("(Kafka takes no comma in a path)"), failure.getMessage());
    }

    @Test
    void aFolderThatAnotherOneUsesIsOneSentence() {
        start(kafka("data", 0));

        EmbeddedFailure failure = assertThrows(EmbeddedFailure.FolderInUse.class, kafka("data", 0)::start);

        assertEquals(
                temporary.resolve("data") + " is in use by another Sallyport: stop that one, or set SALLYPORT_DATA_DIR"
                        + " to another folder.",
                failure.getMessage());
    }

    @Test
    void aFolderOfAnotherBrokerOrClusterIsOneSentence() {
        String voters = "1@127.0.0.1:1,2@127.0.0.1:2,3@127.0.0.1:3";
        EmbeddedKafka kafka = start(kafka("data", 0));
        kafka.stop();
        for (int node : new int[] {1, 2}) {
            KafkaMember member = KafkaMember.of(node, voters, Uuid.randomUuid().toString());
            EmbeddedKafka other = new EmbeddedKafka(temporary.resolve("data"), 0, member);

            EmbeddedFailure failure = assertThrows(EmbeddedFailure.DataOfAnother.class, other::start);

            assertTrue(
                    failure.getMessage()
                            .startsWith(
                                    "The data in " + temporary.resolve("data") + " is that of broker 1 of cluster "),
                    failure.getMessage());
        }
    }

    @Test
    void aDamagedFolderIsOneSentence() throws Exception {
        EmbeddedKafka kafka = start(kafka("data", 0));
        kafka.stop();
        Files.writeString(temporary.resolve("data/meta.properties"), "version=1\nnode.id=1\n");

        assertUnreadable(kafka);
    }

    @Test
    void aFolderOfANewerVersionIsOneSentence() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("data"));
        new Formatter()
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(folder.toString()))
                .setMetadataLogDirectory(folder.toString())
                .setControllerListenerName(KafkaSettings.CONTROLLER)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setUnstableFeatureVersionsEnabled(true)
                .setReleaseVersion(MetadataVersion.latestTesting())
                .run();

        assertUnreadable(kafka("data", 0));
    }

    @Test
    void aBrokerThatGivesUpDoesNotEndTheProcess() {
        start(kafka("data", 0));

        assertThrows(IllegalStateException.class, () -> Exit.halt(1, "no log directory left"));
    }

    @Test
    void startingAndStoppingTwiceDoNothing() {
        EmbeddedKafka kafka = start(kafka("data", 0));
        int port = kafka.address().getPort();

        kafka.start();
        assertEquals(port, kafka.address().getPort());

        kafka.stop();
        kafka.stop();
        assertThrows(IllegalStateException.class, kafka::bootstrapServers);
    }

    @Test
    void stoppingLeavesNoThreadBehind() {
        // Other tests of this JVM may have a broker of their own.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        EmbeddedKafka kafka = start(kafka("data", 0));
        kafka.stop();

        List<String> left = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.contains("kafka") || name.contains("controller") || name.contains("broker"))
                .toList();

        assertEquals(List.of(), left);
    }

    private EmbeddedKafka kafka(String folder, int port) {
        return new EmbeddedKafka(temporary.resolve(folder), port);
    }

    private EmbeddedKafka start(EmbeddedKafka kafka) {
        started.add(kafka);
        kafka.start();
        return kafka;
    }

    private void assertUnreadable(EmbeddedKafka kafka) {
        EmbeddedFailure failure = assertThrows(EmbeddedFailure.DataUnreadable.class, kafka::start);
        assertEquals(
                "The data in " + temporary.resolve("data") + " is damaged or of a newer Sallyport: start the version"
                        + " that wrote it, or move the folder away to begin anew.",
                failure.getMessage());
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static Set<String> topics(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.listTopics().names().get();
        }
    }

    private static void send(EmbeddedKafka kafka, int first, int count) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = values(first, first + count).stream()
                    .map(value -> producer.send(new ProducerRecord<>(TOPIC, "key", value)))
                    .toList();
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    /** Reads that many values as the one member of a group and commits them. */
    private static List<String> consume(EmbeddedKafka kafka, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "group.id", "readers",
                "group.protocol", "consumer",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "isolation.level", "read_committed",
                "max.poll.records", "10");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (values.size() < count && System.nanoTime() < end) {
                for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(found.value());
                }
            }
            consumer.commitSync();
        }
        assertFalse(values.isEmpty());
        return values;
    }

    private static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "value " + number).toList();
    }

    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }
}
