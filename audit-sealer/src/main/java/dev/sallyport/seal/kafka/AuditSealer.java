package dev.sallyport.seal.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.ReaderThread;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.SealMeters;
import dev.sallyport.seal.file.CheckpointFolder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the audit stream: each partition is sealed by one of all sealers, which share them as a consumer group. Whatever goes
 * wrong ends the connection, and the next one begins after the last seal that was committed.
 */
public final class AuditSealer {

    private static final Logger LOG = LoggerFactory.getLogger(AuditSealer.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long ALIVE_NANOS = Duration.ofSeconds(30).toNanos();

    private final SealerClients clients;
    private final NoteSigner signer;
    private final NoteKeys keys;
    private final Optional<SealCopies> copies;
    private final Duration every;
    private final SealMeters meters;
    private final Clock clock;
    private final ReaderThread thread;
    private final Map<Integer, PartitionSealer> sealers = new TreeMap<>();
    private volatile long lastStep = System.nanoTime() - ALIVE_NANOS;
    private volatile long unsealed;
    private volatile double age;

    /**
     * @param every how long records wait for their seal at most
     * @param folder where seals are copied to
     */
    public AuditSealer(
            SealerClients clients,
            NoteSigner signer,
            NoteKeys keys,
            Duration every,
            Optional<CheckpointFolder> folder,
            SealMeters meters,
            Clock clock) {
        this.clients = clients;
        this.signer = signer;
        this.keys = keys;
        this.every = every;
        this.copies = folder.map(files -> new SealCopies(files, this::openTopic));
        this.meters = meters;
        this.clock = clock;
        this.thread = new ReaderThread(
                "audit-sealer",
                clients::groupConsumer,
                new Work(),
                new OutageLog(LOG, "The audit stream is not sealed; that goes on where it was when Kafka is back"));
        meters.unsealed(() -> unsealed, () -> age);
    }

    public void start() {
        thread.start();
    }

    /** Seals what was read, and leaves the group. Blocks. */
    public void stop() throws InterruptedException {
        thread.stop();
        closeAll();
    }

    /** True while it works. */
    public boolean check() {
        return System.nanoTime() - lastStep < ALIVE_NANOS;
    }

    private SealTopic openTopic() {
        return new SealTopic(clients.reader(), keys);
    }

    private String topicId() {
        try (TopicAdmin admin = new TopicAdmin(clients.bootstrapServers(), clients.properties())) {
            return admin.topicId(Topics.AUDIT);
        }
    }

    private void closeAll() {
        sealers.values().forEach(PartitionSealer::close);
        sealers.clear();
    }

    private final class Work implements ReaderThread.Work {

        private final Set<TopicPartition> cut = new HashSet<>();
        private String topicId = "";

        @Override
        public void begin(Consumer<byte[], byte[]> consumer) {
            closeAll();
            cut.clear();
            topicId = topicId();
            consumer.subscribe(List.of(Topics.AUDIT), new Shares(consumer));
        }

        @Override
        public void step(Consumer<byte[], byte[]> consumer) {
            try {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                records.partitions().forEach(partition -> {
                    PartitionSealer sealer = sealers.get(partition.partition());
                    if (sealer != null) {
                        sealer.take(records.records(partition));
                    }
                });
            } catch (OffsetOutOfRangeException e) {
                e.offsetOutOfRangePartitions().forEach((partition, offset) -> outOfRange(consumer, partition, offset));
            }
            resumeCut(consumer);
            sealers.forEach((partition, sealer) -> kept(partition, sealer.sealDue()));
            measure(consumer);
            lastStep = System.nanoTime();
        }

        private void outOfRange(Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
            long begin = Bounds.begin(consumer, partition);
            PartitionSealer sealer = sealers.get(partition.partition());
            if (sealer != null && begin > offset) {
                meters.lost(begin - offset);
                sealer.skipTo(begin);
                return;
            }
            if (!topicId().equals(topicId)) {
                throw new TopicReplaced();
            }
            LOG.error(
                    "{} ends before offset {}, up to which it was sealed: records are lost that were acknowledged, as after"
                            + " an unclean election; ./sallyport audit verify tells which. It is sealed from there on when it"
                            + " is as long again",
                    partition,
                    offset);
            consumer.pause(List.of(partition));
            cut.add(partition);
        }

        private void resumeCut(Consumer<byte[], byte[]> consumer) {
            cut.retainAll(consumer.assignment());
            if (!cut.isEmpty()) {
                consumer.endOffsets(cut).forEach((partition, end) -> {
                    if (end >= consumer.position(partition)) {
                        consumer.resume(List.of(partition));
                        cut.remove(partition);
                    }
                });
            }
        }

        @Override
        public void end(Consumer<byte[], byte[]> consumer) {
            sealers.forEach((partition, sealer) -> kept(partition, sealer.sealRest()));
        }

        private void kept(int partition, List<Seal> seals) {
            if (!seals.isEmpty()) {
                meters.sealed(seals);
                copies.ifPresent(folder -> folder.keep(partition, seals));
            }
        }

        private void measure(Consumer<byte[], byte[]> consumer) {
            Instant now = clock.instant();
            long waiting = 0;
            double oldest = 0;
            for (Map.Entry<Integer, PartitionSealer> entry : sealers.entrySet()) {
                PartitionSealer sealer = entry.getValue();
                waiting += sealer.unsealed()
                        + consumer.currentLag(new TopicPartition(Topics.AUDIT, entry.getKey()))
                                .orElse(0);
                oldest = Math.max(
                        oldest,
                        sealer.lastTime()
                                .map(time -> Duration.between(time, now).toMillis() / 1_000.0)
                                .orElse(0.0));
            }
            unsealed = waiting;
            age = oldest;
        }

        /** The share of this process changes. */
        private final class Shares implements ConsumerRebalanceListener {

            private final Consumer<byte[], byte[]> consumer;

            Shares(Consumer<byte[], byte[]> consumer) {
                this.consumer = consumer;
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                if (!partitions.isEmpty()) {
                    try (SealTopic topic = openTopic()) {
                        partitions.forEach(partition -> take(partition.partition(), topic));
                    }
                }
            }

            private void take(int partition, SealTopic topic) {
                PartitionSealer sealer = PartitionSealer.open(
                        new LogId(Topics.AUDIT, topicId, partition),
                        clients.producer(partition),
                        consumer,
                        topic,
                        signer,
                        every,
                        clock);
                sealers.put(partition, sealer);
                copies.ifPresent(folder -> folder.begin(partition, topic));
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> {
                    PartitionSealer sealer = sealers.remove(partition.partition());
                    if (sealer != null) {
                        kept(partition.partition(), sealer.sealRest());
                        leave(partition.partition(), sealer);
                    }
                });
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> {
                    PartitionSealer sealer = sealers.remove(partition.partition());
                    if (sealer != null) {
                        leave(partition.partition(), sealer);
                    }
                });
            }

            private void leave(int partition, PartitionSealer sealer) {
                sealer.close();
                copies.ifPresent(folder -> folder.end(partition));
            }
        }
    }
}
