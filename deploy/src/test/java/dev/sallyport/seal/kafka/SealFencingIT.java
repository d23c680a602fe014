package dev.sallyport.seal.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.NoteKey;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage;
import dev.sallyport.seal.verify.Damage.Kind;
import dev.sallyport.seal.verify.PartitionCheck;
import dev.sallyport.seal.verify.Verification;
import dev.sallyport.testing.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two sealers of one partition only the later one can write, so there is never a second chain. */
class SealFencingIT {

    private static final int PARTITION = 3;
    private static final int RECORDS = 2_500;
    private static final Duration EVERY = Duration.ofHours(1);
    private static final TopicPartition PLACE = new TopicPartition(Topics.AUDIT, PARTITION);

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-05-04T12:00:00Z"));
    private final List<AutoCloseable> opened = new ArrayList<>();
    private EmbeddedKafka kafka;
    private SealerClients clients;
    private Keyring keyring;
    private String topicId;

    @BeforeEach
    void produce() throws Exception {
        kafka = new EmbeddedKafka(folder.resolve("kafka"), 0);
        kafka.start();
        clients = new SealerClients(kafka.bootstrapServers(), Map.of());
        try (TopicAdmin admin = new TopicAdmin(kafka.bootstrapServers(), Map.of())) {
            admin.apply(TopicPlan.all(1));
            topicId = admin.topicId(Topics.AUDIT);
        }
        new KeyFolder(folder.resolve("keys")).init();
        keyring = Keyring.open(folder.resolve("keys"), Set.of(Role.values()));
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                var _ = producer.send(new ProducerRecord<>(Topics.AUDIT, PARTITION, null, new byte[] {(byte) i}));
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        kafka.stop();
    }

    /** A sealer that has been given the partition, and reads on by itself. */
    private final class Owner {

        private final Consumer<byte[], byte[]> consumer = clients.groupConsumer();
        private final PartitionSealer sealer;

        Owner() {
            opened.add(consumer::close);
            consumer.assign(List.of(PLACE));
            try (SealTopic topic = new SealTopic(clients.reader(), new NoteKeys(keyring))) {
                Producer<byte[], byte[]> producer = clients.producer(PARTITION);
                producer.initTransactions();
                sealer = PartitionSealer.open(
                        new LogId(Topics.AUDIT, topicId, PARTITION),
                        producer,
                        consumer,
                        topic,
                        new NoteSigner(keyring),
                        EVERY,
                        clock);
            }
            opened.add(sealer);
        }

        /** What comes, as it comes. */
        List<Checkpoint> readOn() {
            sealer.take(consumer.poll(Duration.ofMillis(100)).records(PLACE));
            clock.advance(EVERY);
            return sealer.sealDue(true).stream().map(Seal::checkpoint).toList();
        }

        List<Checkpoint> seal(int records) {
            List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
            long end = consumer.position(PLACE) + records;
            while (taken.size() < records) {
                consumer.poll(Duration.ofMillis(100)).records(PLACE).stream()
                        .filter(record -> record.offset() < end)
                        .forEach(taken::add);
            }
            consumer.seek(PLACE, end);
            sealer.take(taken);
            clock.advance(EVERY);
            return sealer.sealDue(true).stream().map(Seal::checkpoint).toList();
        }
    }

    private List<Checkpoint> committed() {
        List<Checkpoint> all = new ArrayList<>();
        try (AuditLog log = new AuditLog(clients)) {
            seals(log).forEachRemaining(seal -> all.add(seal.checkpoint()));
        }
        return all;
    }

    private static Iterator<Seal> seals(AuditLog log) {
        return log.seals(PARTITION, Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"), damage -> {
            throw new AssertionError(damage);
        });
    }

    @Test
    void theOneThatWasShutOutCommitsNothingAndTheOtherGoesOnAfterTheLastSeal() {
        Owner first = new Owner();
        assertEquals(
                List.of(0L, 1_000L),
                first.seal(1_700).stream().map(Checkpoint::first).toList());

        Owner second = new Owner();
        assertThrows(KafkaException.class, () -> first.seal(500));
        List<Checkpoint> further = second.seal(800);

        assertEquals(List.of(1_700L), further.stream().map(Checkpoint::first).toList());
        assertEquals(
                List.of(1L, 2L, 3L),
                committed().stream().map(Checkpoint::number).toList());
        Verification verification = new Verification(new NoteKeys(keyring).list());
        try (AuditLog log = new AuditLog(clients)) {
            PartitionCheck check = verification.begin(log.partitions().get(PARTITION), seals(log), Instant.EPOCH);
            Iterator<LoggedRecord> records = log.records(PARTITION, 0);
            records.forEachRemaining(check::record);
            verification.end(check);
        }
        assertEquals(List.of(), verification.firsts());
        assertEquals(RECORDS, verification.sealedRecords());
    }

    /** A transaction's end has an offset of its own and is no record. */
    @Test
    void aHoleInTheLogIsPassedOverAndTold() throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "somebody");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (int i = 0; i < 2; i++) {
                producer.beginTransaction();
                var _ = producer.send(new ProducerRecord<>(Topics.AUDIT, PARTITION, null, new byte[] {1}));
                producer.commitTransaction();
            }
        }
        Owner owner = new Owner();
        owner.seal(RECORDS);
        List<Long> sealed = new ArrayList<>();
        while (sealed.stream().noneMatch(offset -> offset > RECORDS + 2)) {
            owner.readOn().forEach(checkpoint -> sealed.add(checkpoint.next()));
        }

        Verification verification = new Verification(new NoteKeys(keyring).list());
        try (AuditLog log = new AuditLog(clients)) {
            PartitionCheck check = verification.begin(log.partitions().get(PARTITION), seals(log), Instant.EPOCH);
            log.records(PARTITION, 0).forEachRemaining(check::record);
            verification.end(check);
        }
        assertEquals(RECORDS + 2, verification.sealedRecords());
        assertEquals(
                List.of(Kind.NEVER_SEALED),
                verification.firsts().stream().map(Damage::kind).toList());
        assertEquals(RECORDS + 1, verification.firsts().getFirst().offset());
    }

    @Test
    void whatSomebodyElseWritesBesideTheSealsIsToldAndHoldsNothingUp() throws Exception {
        new Owner().seal(100);
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.AUDIT_CHECKPOINT, PARTITION, null, new byte[] {1}))
                    .get();
        }

        assertEquals(2, new Owner().seal(100).getFirst().number());

        List<Damage> damages = new ArrayList<>();
        try (AuditLog log = new AuditLog(clients)) {
            log.seals(PARTITION, Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"), damages::add)
                    .forEachRemaining(
                            seal -> assertEquals(100, seal.checkpoint().count()));
        }
        assertEquals(
                List.of(Kind.UNREADABLE), damages.stream().map(Damage::kind).toList());
    }

    /** What is in no topic any more is remembered by the group's place, so that no number is used twice. */
    @Test
    void afterAKeyWasLostTheChainGoesOnUnderANewOne() {
        new Owner().seal(100);
        Path newKeys = folder.resolve("new-keys");
        new KeyFolder(newKeys).init();
        List<NoteKey> old = new NoteKeys(keyring).list();
        keyring = Keyring.open(newKeys, Set.of(Role.values()));

        List<Checkpoint> further = new Owner().seal(100);

        assertEquals(2, further.getFirst().number());
        assertEquals(100, further.getFirst().first());
        List<NoteKey> both = new ArrayList<>(old);
        both.addAll(new NoteKeys(keyring).list());
        Verification verification = new Verification(both);
        try (AuditLog log = new AuditLog(clients)) {
            PartitionCheck check = verification.begin(log.partitions().get(PARTITION), seals(log), Instant.EPOCH);
            log.records(PARTITION, 0).forEachRemaining(check::record);
            verification.end(check);
        }
        assertEquals(List.of(), verification.firsts());
        assertEquals(200, verification.sealedRecords());
    }
}
