package dev.sallyport.dispatch.kafka;

import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.Poison;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code sallyport.sms.send} in one consumer group, hands each record to the {@link Dispatcher} on a virtual
 * thread, and produces what came of it. Offsets are committed up to the lowest record that is under way, every half
 * second and before partitions are given away.
 *
 * <p>A plain consumer on its own thread: the Vert.x client's revoke handler returns before its code has run, too early
 * for the commit that must come first.
 */
public final class DispatchLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_EVERY_MILLIS = 500;
    private static final long DRAIN_MILLIS = 8_000;
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(3);
    /** How long leaving waits for a broker that may have gone. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** The consumer group of all dispatchers. */
    public static final String GROUP = "sallyport.sms-dispatcher";

    /** Provider calls under way at once in this process. */
    private static final int MAX_IN_FLIGHT = 32;

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final Dispatcher dispatcher;
    private final Clock clock;
    private final String source;
    private final Map<TopicPartition, Window> windows = new ConcurrentHashMap<>();
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread = Thread.ofPlatform().name("sms-dispatcher").unstarted(this::run);
    // The consumer's thread alone knows these two.
    private boolean committing;
    private Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private volatile boolean stopping;
    private volatile boolean assigned;

    /**
     * @param consumer in the dispatchers' group, not yet subscribed; closed by {@link #stop}
     * @param producer idempotent; closed by {@link #stop}
     * @param source the CloudEvents source of what this process produces
     */
    public DispatchLoop(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            Dispatcher dispatcher,
            Clock clock,
            String source) {
        this.consumer = consumer;
        this.producer = producer;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.source = source;
    }

    /**
     * Connects to Kafka.
     *
     * @param properties further client settings, such as security
     */
    public static DispatchLoop connect(
            String bootstrapServers,
            Map<String, String> properties,
            Dispatcher dispatcher,
            Clock clock,
            String source) {
        Map<String, Object> consumer = new HashMap<>(properties);
        consumer.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100);
        consumer.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 30_000);
        consumer.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        consumer.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        consumer.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        Map<String, Object> producer = new HashMap<>(properties);
        producer.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        return new DispatchLoop(
                new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer()),
                dispatcher,
                clock,
                source);
    }

    public void start() {
        thread.start();
    }

    /** Completed when the group has given this process its first share, or failed when the loop ended before. */
    public CompletionStage<Void> joined() {
        return joined.minimalCompletionStage();
    }

    /** True while this process has its share of the topic, which may be none of many, and the loop is alive. */
    public boolean check() {
        return assigned && thread.isAlive();
    }

    /** Finishes what is under way, commits, leaves the group. */
    public void stop() throws InterruptedException {
        // Not woken up: a wake-up would also break off the commit that follows, and a poll ends soon by itself.
        stopping = true;
        thread.join();
        workers.shutdown();
        producer.close(FAREWELL);
    }

    private void run() {
        try {
            consumer.subscribe(List.of(Topics.SMS_SEND), new Rebalance());
            long lastCommit = clock.millis();
            while (!stopping) {
                consumer.poll(POLL).forEach(this::begin);
                pauseFull();
                if (clock.millis() - lastCommit >= COMMIT_EVERY_MILLIS) {
                    commitLater();
                    lastCommit = clock.millis();
                }
            }
            finish();
        } catch (RuntimeException e) {
            LOG.error("The dispatcher stopped; restart this process", e);
            joined.completeExceptionally(e);
        } finally {
            consumer.close(CloseOptions.timeout(FAREWELL));
        }
    }

    private void begin(ConsumerRecord<byte[], byte[]> record) {
        Window window = windows.computeIfAbsent(partition(record), partition -> new Window());
        window.begin(record.offset());
        workers.execute(() -> {
            inFlight.acquireUninterruptibly();
            try {
                work(record, window);
            } finally {
                inFlight.release();
            }
        });
    }

    private void work(ConsumerRecord<byte[], byte[]> record, Window window) {
        EventRecord result;
        try {
            Optional<EventRecord> event = CloudEvents.read(record);
            result = event.map(dispatcher::handle)
                    .map(handled -> switch (handled) {
                        case Dispatcher.Handled done -> OutcomeRecords.outcome(done.outcome());
                        case Dispatcher.Untrusted untrusted -> deadLetter(record, untrusted.poison());
                    })
                    .orElseGet(() -> deadLetter(record, Poison.NO_CLOUD_EVENT));
        } catch (RuntimeException e) {
            LOG.error("Record {}-{}@{} failed", record.topic(), record.partition(), record.offset(), e);
            result = deadLetter(record, Poison.FAILED);
        }
        ProducerRecord<byte[], byte[]> produced = CloudEvents.producerRecord(result, source);
        var _ = producer.send(produced, (metadata, failure) -> {
            if (failure != null) {
                LOG.warn("Kafka did not take an outcome; the next one says more", failure);
            }
            window.finish(record.offset());
        });
    }

    private EventRecord deadLetter(ConsumerRecord<byte[], byte[]> record, Poison poison) {
        LOG.warn(
                "Record {}-{}@{} goes to the dead letters: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                poison.id());
        return OutcomeRecords.deadLetter(record, poison, clock.instant());
    }

    private void pauseFull() {
        windows.forEach((partition, window) -> {
            if (!consumer.assignment().contains(partition)) {
                return;
            }
            if (window.isFull()) {
                consumer.pause(List.of(partition));
            } else if (consumer.paused().contains(partition)) {
                consumer.resume(List.of(partition));
            }
        });
    }

    private Map<TopicPartition, OffsetAndMetadata> committable(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Window window = windows.get(partition);
            if (window != null && window.committable() >= 0) {
                offsets.put(partition, new OffsetAndMetadata(window.committable()));
            }
        }
        return offsets;
    }

    /**
     * Waits for what is under way, and commits. While the group is being rebalanced a commit is refused, and only
     * polling ends that; what such a poll brings is not begun and so not committed.
     */
    private void finish() {
        awaitIdle(windows.keySet());
        long end = System.nanoTime() + DRAIN_MILLIS * 1_000_000;
        while (!commit(windows.keySet()) && System.nanoTime() < end) {
            consumer.pause(consumer.assignment());
            consumer.poll(POLL);
        }
    }

    /** Waits for what is under way on these partitions, commits, and forgets them. */
    private void drain(Collection<TopicPartition> partitions) {
        List<TopicPartition> all = List.copyOf(partitions);
        awaitIdle(all);
        commit(all);
        all.forEach(windows::remove);
    }

    private void awaitIdle(Collection<TopicPartition> partitions) {
        long end = System.nanoTime() + DRAIN_MILLIS * 1_000_000;
        try {
            for (TopicPartition partition : partitions) {
                Window window = windows.get(partition);
                if (window != null) {
                    window.awaitIdle(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins a commit of what has changed since the last one, unless that is still under way. */
    private void commitLater() {
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(windows.keySet());
        if (!committing && !offsets.equals(committed)) {
            committing = true;
            consumer.commitAsync(offsets, (done, failure) -> {
                committing = false;
                committed = failure == null ? done : Map.of();
            });
        }
    }

    /** Returns false if a rebalance refused the commit for now. A broker that is away must not end the loop. */
    private boolean commit(Collection<TopicPartition> partitions) {
        try {
            consumer.commitSync(committable(partitions), COMMIT_LIMIT);
            return true;
        } catch (RebalanceInProgressException e) {
            return false;
        } catch (KafkaException e) {
            LOG.warn("Offsets could not be committed; messages of the last moment may be sent again", e);
            return true;
        }
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned = true;
            joined.complete(null);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            drain(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            assigned = false;
            partitions.forEach(windows::remove);
        }
    }
}
