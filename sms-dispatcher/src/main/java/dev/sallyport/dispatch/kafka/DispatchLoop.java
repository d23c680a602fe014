package dev.sallyport.dispatch.kafka;

import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.Poison;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.kafka.OutcomeRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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
    private final Progress progress;
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread = Thread.ofPlatform().name("sms-dispatcher").unstarted(this::run);
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
        this.progress = new Progress(consumer);
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
                progress.pauseFull();
                if (clock.millis() - lastCommit >= COMMIT_EVERY_MILLIS) {
                    progress.commitLater();
                    lastCommit = clock.millis();
                }
            }
            progress.finish();
        } catch (RuntimeException e) {
            LOG.error("The dispatcher stopped; restart this process", e);
            joined.completeExceptionally(e);
        } finally {
            consumer.close(CloseOptions.timeout(FAREWELL));
        }
    }

    private void begin(ConsumerRecord<byte[], byte[]> record) {
        Window window = progress.begin(record);
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
                        case Dispatcher.Handled done -> OutcomeRecords.encode(done.outcome());
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
                LOG.warn(
                        "Kafka did not take the outcome of {}-{}@{}, which is lost; see whether Kafka answers",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        failure);
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
        return DeadLetters.of(record, poison, clock.instant());
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned = true;
            joined.complete(null);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            progress.drain(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            assigned = false;
            progress.forget(partitions);
        }
    }
}
