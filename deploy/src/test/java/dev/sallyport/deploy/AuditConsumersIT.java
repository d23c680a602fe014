package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.crypto.SignedNote;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.seal.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The consumers that are shipped, run as others run them: each event counts once, and what was changed is noticed. */
class AuditConsumersIT {

    private static final Path EXAMPLES = Path.of("examples", "audit").toAbsolutePath();
    private static final int PEOPLE = 3;
    /** Each signs up and is signed in by that. */
    private static final int EVENTS = 2 * PEOPLE;

    private static final int REPETITIONS = 20;
    private static final int RECORDS = EVENTS + REPETITIONS;
    /** The chain of a partition, so that one can be taken out of its middle. */
    private static final int CHECKPOINTS = 3;

    private enum Language {
        JAVA,
        PYTHON;

        List<String> command() throws IOException {
            return switch (this) {
                case JAVA ->
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            jar("kafka-clients") + ':' + jar("slf4j-api"),
                            EXAMPLES.resolve("AuditConsumer.java").toString());
                case PYTHON ->
                    List.of(
                            Programs.pythonWithKafka(),
                            EXAMPLES.resolve("audit_consumer.py").toString());
            };
        }
    }

    /** A program that has ended. */
    private record Ended(int exitCode, List<String> lines) {

        String sum() {
            return lines.getLast();
        }

        List<String> problems() {
            return lines.stream()
                    .filter(line -> line.contains("checkpoint at offset"))
                    .map(line -> line.replaceAll("offset \\d+", "offset N"))
                    .toList();
        }
    }

    @TempDir
    private static Path folder;

    private static OwnBrokerSite own;
    private static String key;
    private static String otherKey;

    @BeforeAll
    static void start() throws InterruptedException {
        own = OwnBrokerSite.start(folder.resolve("kafka"), Map.of("SALLYPORT_AUDIT_SEAL_EVERY", "1s"));
        key = NoteKeys.in(Path.of(own.platform().environment().get("SALLYPORT_KEYS_DIR")))
                .getFirst()
                .toString();
        new KeyFolder(folder.resolve("keys")).init();
        otherKey = NoteKeys.in(folder.resolve("keys")).getFirst().toString();
        for (int i = 0; i < PEOPLE; i++) {
            Person.signedUp(own.platform());
        }
        Await.until(Duration.ofSeconds(20), () -> committed(Topics.AUDIT).size() == EVENTS);
        // As after a crash, the same record under the same id; so often that a tree has some height.
        produce(
                own.broker(),
                Collections.nCopies(REPETITIONS, committed(Topics.AUDIT).getFirst()));
        Await.until(Duration.ofSeconds(20), () -> committed(Topics.AUDIT).size() == RECORDS);
        Await.until(Duration.ofSeconds(40), AuditConsumersIT::everythingIsSealed);
    }

    @AfterAll
    static void stop() {
        own.close();
    }

    private static boolean everythingIsSealed() {
        Map<Integer, List<Checkpoint>> checkpoints = committed(Topics.AUDIT_CHECKPOINT).stream()
                .map(record -> SignedNote.parse(new String(record.value(), StandardCharsets.UTF_8))
                        .orElseThrow())
                .map(note -> Checkpoint.parse(note.text()))
                .collect(Collectors.groupingBy(checkpoint -> checkpoint.log().partition()));
        return checkpoints.size() == partitions(Topics.AUDIT)
                && checkpoints.values().stream().allMatch(chain -> chain.size() >= CHECKPOINTS)
                && committed(Topics.AUDIT).stream().allMatch(record -> checkpoints.get(record.partition()).stream()
                        .anyMatch(checkpoint -> checkpoint.covers(record.offset())));
    }

    private static int partitions(String topic) {
        return TopicPlan.all(1).stream()
                .filter(plan -> plan.name().equals(topic))
                .findFirst()
                .orElseThrow()
                .partitions();
    }

    @ParameterizedTest
    @EnumSource
    void eachEventCountsOnceAndAllAreAsTheyWereSealed(Language language) throws Exception {
        Ended ended = run(language, own.broker(), key);
        assertEquals(List.of(), ended.problems());
        assertTrue(
                ended.sum()
                        .matches(("%d events in %d records, %d of them under \\d+ checkpoints,"
                                        + " every partition sealed until \\S+: verified")
                                .formatted(EVENTS, RECORDS, RECORDS)),
                ended::sum);
        assertEquals(0, ended.exitCode());
    }

    @ParameterizedTest
    @EnumSource
    void checkpointsOfAnyKeyThatIsGivenCount(Language language) throws Exception {
        Ended ended = run(language, own.broker(), otherKey, key);
        assertTrue(ended.sum().endsWith(": verified"), ended::sum);
        assertEquals(0, ended.exitCode());
    }

    @ParameterizedTest
    @EnumSource
    void whatAnotherKeyHasSignedProvesNothing(Language language) throws Exception {
        Ended ended = run(language, own.broker(), otherKey);
        assertTrue(ended.problems().size() >= CHECKPOINTS * partitions(Topics.AUDIT), ended::toString);
        assertTrue(
                ended.problems().stream().allMatch(line -> line.endsWith(": not signed with a key that was given")),
                ended::toString);
        assertTrue(
                ended.sum()
                        .matches(("%d events in %d records, 0 of them under 0 checkpoints,"
                                        + " every partition sealed until 1970-01-01T00:00:00\\S+: NOT VERIFIED")
                                .formatted(EVENTS, RECORDS)),
                ended::sum);
        assertEquals(1, ended.exitCode());
    }

    /** A copy on another broker, as of somebody who may write what he likes and has no key. */
    @ParameterizedTest
    @EnumSource
    void whatWasChangedOrTakenOutIsFound(Language language) throws Exception {
        language.command();
        EmbeddedKafka copy = new EmbeddedKafka(folder.resolve("copy-" + language), 0);
        copy.start();
        try (TopicAdmin admin = new TopicAdmin(copy.bootstrapServers(), Map.of())) {
            admin.apply(TopicPlan.all(1));
            List<ConsumerRecord<byte[], byte[]>> checkpoints = new ArrayList<>(committed(Topics.AUDIT_CHECKPOINT));
            List<ConsumerRecord<byte[], byte[]>> events = committed(Topics.AUDIT);
            ConsumerRecord<byte[], byte[]> changed = events.getFirst();
            changed.value()[changed.value().length / 2] ^= 1;
            int other = (changed.partition() + 1) % partitions(Topics.AUDIT);
            checkpoints.remove(checkpoints.stream()
                    .filter(checkpoint -> checkpoint.partition() == other)
                    .skip(1)
                    .findFirst()
                    .orElseThrow());
            produce(copy, checkpoints);
            produce(copy, events);

            Ended ended = run(language, copy, key);
            assertEquals(
                    Stream.of(
                                    "partition %d, checkpoint at offset N: the events are not those that were sealed"
                                            .formatted(changed.partition()),
                                    "partition %d, checkpoint at offset N: does not follow the one before it"
                                            .formatted(other))
                            .sorted()
                            .toList(),
                    ended.problems().stream().sorted().toList());
            assertTrue(ended.sum().endsWith(": NOT VERIFIED"), ended::sum);
            assertEquals(1, ended.exitCode());
        } finally {
            copy.stop();
        }
    }

    /** What is there now on the platform's broker, in each partition's order. */
    private static List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", own.broker().bootstrapServers(), "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** Writes records as they were. */
    private static void produce(EmbeddedKafka broker, List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                var _ = producer.send(new ProducerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers()));
            }
        }
    }

    private static Ended run(Language language, EmbeddedKafka broker, String... keys) throws Exception {
        List<String> command = new ArrayList<>(language.command());
        command.add(broker.bootstrapServers());
        command.addAll(List.of(keys));
        Path errors = folder.resolve("errors.txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertTrue(!lines.isEmpty(), Files.readString(errors));
        return new Ended(process.exitValue(), lines);
    }

    /** As {@code mvn package} lays it beside the product's jar. */
    private static String jar(String name) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target", "lib"))) {
            return files.filter(file -> file.getFileName().toString().matches(name + "-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }
}
