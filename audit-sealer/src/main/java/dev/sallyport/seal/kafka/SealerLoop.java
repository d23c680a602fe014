package dev.sallyport.seal.kafka;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a sealer does with its connection, on its thread: gives each record to its partition's sealer, and seals what is due. */
final class SealerLoop implements ReaderThread.Work, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SealerLoop.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long LOOK_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long ALIVE_NANOS = Duration.ofSeconds(30).toNanos();

    private final SealerClients clients;
    private final NoteSigner signer;
    private final NoteKeys keys;
    private final Duration every;
    private final Optional<SealCopies> copies;
    private final SealMeters meters;
    private final Clock clock;
    private final Map<Integer, PartitionSealer> sealers = new TreeMap<>();
    private final Set<TopicPartition> cut = new HashSet<>();
    private String topicId = "";
    private long topicSeen;
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private volatile long lastStep = System.nanoTime() - ALIVE_NANOS;
    private volatile long unsealed;
    private volatile Optional<Instant> oldest = Optional.empty();

    /** @param folder where seals are copied to */
    SealerLoop(
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
    }

    private SealTopic openTopic() {
        return new SealTopic(clients.reader(), keys);
    }

    private String topicId() {
        try (TopicAdmin admin = new TopicAdmin(clients.bootstrapServers(), clients.properties())) {
            return admin.topicId(Topics.AUDIT);
        }
    }

    @Override
    public void begin(Consumer<byte[], byte[]> consumer) {
        close();
        cut.clear();
        topicId = topicId();
        topicSeen = System.nanoTime();
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
        sealers.forEach((partition, sealer) -> kept(partition, sealer.sealDue(lag(consumer, partition) == 0)));
        copies.ifPresent(SealCopies::catchUp);
        measure(consumer);
        if (System.nanoTime() - topicSeen > LOOK_AGAIN_NANOS) {
            requireTheSameTopic();
        }
        lastStep = System.nanoTime();
        if (!consumer.groupMetadata().memberId().isEmpty()) {
            joined.complete(null);
        }
    }

    /** Another one of its name has other records at the same offsets. */
    private void requireTheSameTopic() {
        if (!topicId().equals(topicId)) {
            throw new TopicReplaced();
        }
        topicSeen = System.nanoTime();
    }

    private void outOfRange(Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
        long begin = Bounds.begin(consumer, partition);
        PartitionSealer sealer = sealers.get(partition.partition());
        if (sealer != null && begin > offset) {
            meters.lost(begin - offset);
            sealer.skipTo(begin);
        } else {
            requireTheSameTopic();
            LOG.error(
                    "{} ends before offset {}, up to which it was sealed: records are lost that were acknowledged, as after"
                            + " an unclean election; ./sallyport audit verify tells which. It is sealed from there on when it"
                            + " is as long again",
                    partition,
                    offset);
            consumer.pause(List.of(partition));
            cut.add(partition);
        }
    }

    private void resumeCut(Consumer<byte[], byte[]> consumer) {
        cut.retainAll(consumer.assignment());
        for (TopicPartition partition : List.copyOf(cut)) {
            if (Bounds.end(consumer, partition) >= consumer.position(partition)) {
                consumer.resume(List.of(partition));
                cut.remove(partition);
            }
        }
    }

    private void kept(int partition, List<Seal> seals) {
        if (!seals.isEmpty()) {
            meters.sealed(seals);
            copies.ifPresent(folder -> folder.keep(partition, seals));
        }
    }

    /** Records that there are and that were not taken yet; some, where that is not known. */
    private static long lag(Consumer<byte[], byte[]> consumer, int partition) {
        return consumer.currentLag(new TopicPartition(Topics.AUDIT, partition)).orElse(1);
    }

    private void measure(Consumer<byte[], byte[]> consumer) {
        unsealed = sealers.entrySet().stream()
                .mapToLong(entry -> entry.getValue().unsealed() + lag(consumer, entry.getKey()))
                .sum();
        oldest = sealers.values().stream()
                .flatMap(sealer -> sealer.lastTime().stream())
                .min(Comparator.naturalOrder());
    }

    @Override
    public void end(Consumer<byte[], byte[]> consumer) {
        // What is not sealed yet the next owner reads again.
    }

    @Override
    public void close() {
        sealers.values().forEach(PartitionSealer::close);
        sealers.clear();
    }

    /** Completed when it is in the group and has looked at its share, which may be none of all. */
    CompletionStage<Void> joined() {
        return joined.minimalCompletionStage();
    }

    boolean isAlive() {
        return System.nanoTime() - lastStep < ALIVE_NANOS;
    }

    /** Records of this process's partitions that are not sealed yet. */
    long unsealed() {
        return unsealed;
    }

    /** Seconds since the oldest of its partitions' newest seals; goes on to grow while nothing can be sealed. */
    double age() {
        return oldest.map(time -> Duration.between(time, clock.instant()).toMillis() / 1_000.0)
                .orElse(0.0);
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
                Map<Integer, Producer<byte[], byte[]>> producers = shutOutOthers(partitions);
                try (SealTopic topic = openTopic()) {
                    producers.forEach((partition, producer) -> take(partition, producer, topic));
                }
            }
        }

        /** At once for all partitions, since each waits a little for Kafka. */
        private Map<Integer, Producer<byte[], byte[]>> shutOutOthers(Collection<TopicPartition> partitions) {
            Map<Integer, Producer<byte[], byte[]>> producers = new TreeMap<>();
            partitions.forEach(
                    partition -> producers.put(partition.partition(), clients.producer(partition.partition())));
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> begun = new ArrayList<>();
                producers.values().forEach(producer -> begun.add(threads.submit(producer::initTransactions)));
                for (Future<?> one : begun) {
                    one.get();
                }
                return producers;
            } catch (ExecutionException e) {
                producers.values().forEach(producer -> producer.close(Duration.ZERO));
                throw new KafkaException("another sealer can't be shut out", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptException(e);
            }
        }

        private void take(int partition, Producer<byte[], byte[]> producer, SealTopic topic) {
            LogId log = new LogId(Topics.AUDIT, topicId, partition);
            sealers.put(partition, PartitionSealer.open(log, producer, consumer, topic, signer, every, clock));
            copies.ifPresent(folder -> folder.begin(partition));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> {
                PartitionSealer sealer = sealers.remove(partition.partition());
                if (sealer != null) {
                    sealer.close();
                    copies.ifPresent(folder -> folder.end(partition.partition()));
                }
            });
        }
    }
}
