package dev.sallyport.dispatch.limit.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.dispatch.kafka.OwnRecords;
import dev.sallyport.dispatch.kafka.WorkerRecords;
import dev.sallyport.dispatch.limit.Change;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.limit.PartitionSums;
import dev.sallyport.dispatch.limit.PartitionSums.Period;
import dev.sallyport.dispatch.limit.SwitchBoard;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code sallyport.sms.stats} and {@code sallyport.sms.control} on a thread of its own, in no group: every worker
 * reads everything. Once a second it tells this worker's sums, and asks Kafka where the topics end; where both are reached,
 * the limits hear that they are fed.
 */
public final class StatsFeed {

    private static final Logger LOG = LoggerFactory.getLogger(StatsFeed.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final Duration DAY_AND_A_LITTLE = Duration.ofHours(26);
    private static final Duration HOUR_AND_A_LITTLE = Duration.ofMinutes(65);
    /** No clock of ours goes so wrong; what is said to lie ahead would be kept until its time has come and gone. */
    private static final Duration AHEAD = Duration.ofMinutes(5);
    /** Sums come within seconds; what comes so much later is a copy, perhaps of a time when less was spent. */
    private static final Duration LATE = Duration.ofMinutes(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Limits limits;
    private final SwitchBoard switches;
    private final Teller teller;
    private final OwnRecords own;
    private final InstantSource clock;
    private final Thread thread = Thread.ofPlatform().name("sms-stats").unstarted(this::run);
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final OutageLog outage = new OutageLog(
            LOG,
            "Sums and switches of the other workers can't be read from Kafka, so after %d s no money is spent"
                    .formatted(Limits.FEED_LIMIT.toSeconds()));

    private final OutageLog noSums = new OutageLog(
            LOG,
            "Records tell no sums of a dispatcher, or such as this version does not know, and are ignored; see who writes"
                    + " to the topic");
    private final OutageLog noSwitch = new OutageLog(
            LOG, "Records tell no switch that this version knows, and are ignored; see who writes to the topic");

    private List<TopicPartition> partitions = List.of();
    private int statsPartitions;
    private int orderPartitions;
    private long tickedAt;
    private Map<TopicPartition, Long> ends = Map.of();
    private long askedAt;

    /**
     * @param consumer in no group and not assigned; closed by {@link #stop}
     * @param limits with {@link System#nanoTime} as their clock that only goes on
     * @param producer takes a record and tells the callback what became of it, as Kafka's producer does; should not block
     *     for long while Kafka is away
     * @param own marks the sums, and tells which are of a dispatcher
     * @param source the CloudEvents source of what this process produces
     */
    public StatsFeed(
            Consumer<byte[], byte[]> consumer,
            Limits limits,
            SwitchBoard switches,
            BiConsumer<ProducerRecord<byte[], byte[]>, Callback> producer,
            OwnRecords own,
            InstantSource clock,
            String source) {
        this.consumer = consumer;
        this.limits = limits;
        this.switches = switches;
        this.teller = new Teller(limits, producer, own, source);
        this.own = own;
        this.clock = clock;
    }

    /**
     * A feed with a consumer of its own.
     *
     * @param properties further client settings, such as security
     */
    public static StatsFeed connect(
            String bootstrapServers,
            Map<String, String> properties,
            Limits limits,
            SwitchBoard switches,
            BiConsumer<ProducerRecord<byte[], byte[]>, Callback> producer,
            OwnRecords own,
            InstantSource clock,
            String source) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        return new StatsFeed(
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                limits,
                switches,
                producer,
                own,
                clock,
                source);
    }

    public void start() {
        thread.start();
    }

    /** Completed when all that was told before the start is taken in, sums and switches. */
    public CompletionStage<Void> ready() {
        return ready.minimalCompletionStage();
    }

    /** True while this worker knows what the others spend, and they what it spends. */
    public boolean check() {
        return thread.isAlive() && limits.isFed();
    }

    public void stop() throws InterruptedException {
        stopping.countDown();
        thread.join();
    }

    private void run() {
        try {
            while (stopping.getCount() > 0) {
                try {
                    step();
                } catch (KafkaException e) {
                    outage.failed(e);
                    // Some failures come at once, and again and again.
                    var _ = stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("Sums and switches are read no more, so no money is spent; restart this process", e);
        } finally {
            consumer.close(CloseOptions.timeout(ANSWER_LIMIT));
        }
    }

    private void step() {
        if (partitions.isEmpty()) {
            begin();
        }
        consumer.poll(POLL).forEach(this::take);
        long now = System.nanoTime();
        if (now - tickedAt >= TICK_NANOS) {
            tickedAt = now;
            teller.tell(now, clock.instant(), statsPartitions);
            askedAt = now;
            ends = consumer.endOffsets(partitions, ANSWER_LIMIT);
            outage.worked();
        }
        if (!ends.isEmpty() && isThrough()) {
            ends = Map.of();
            teller.toldAt().ifPresent(toldAt -> limits.feedAt(Math.min(toldAt, askedAt)));
            ready.complete(null);
        }
    }

    /** Sums from a day ago, switches from the beginning. */
    private void begin() {
        List<TopicPartition> stats = partitionsOf(Topics.SMS_STATS);
        List<TopicPartition> control = partitionsOf(Topics.SMS_CONTROL);
        List<TopicPartition> all = new ArrayList<>(stats);
        all.addAll(control);
        long since = clock.instant().minus(DAY_AND_A_LITTLE).toEpochMilli();
        Map<TopicPartition, Long> times = new HashMap<>();
        stats.forEach(partition -> times.put(partition, since));
        consumer.assign(all);
        Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(times);
        consumer.seekToBeginning(control);
        for (TopicPartition partition : stats) {
            OffsetAndTimestamp offset = offsets.get(partition);
            if (offset == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, offset.offset());
            }
        }
        all.forEach(partition -> {
            var _ = consumer.position(partition);
        });
        statsPartitions = stats.size();
        orderPartitions = partitionsOf(Topics.SMS_SEND).size();
        tickedAt = System.nanoTime() - TICK_NANOS;
        partitions = all;
    }

    private List<TopicPartition> partitionsOf(String topic) {
        var known = consumer.partitionsFor(topic);
        if (known == null || known.isEmpty()) {
            throw new KafkaException("There is no topic " + topic + "; make it with ./sallyport topics apply");
        }
        return known.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private boolean isThrough() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        boolean stats = record.topic().equals(Topics.SMS_STATS);
        if (stats && !ready.isDone() && isPast(record)) {
            return;
        }
        Optional<EventRecord> event = CloudEvents.read(record);
        if (event.filter(one -> one.type().equals(WorkerRecords.TYPE)).isPresent()) {
            return;
        }
        if (event.filter(one -> take(one, stats)).isEmpty()) {
            IllegalArgumentException nonsense =
                    new IllegalArgumentException(record.topic() + '-' + record.partition() + '@' + record.offset());
            (stats ? noSums : noSwitch).failed(nonsense);
        }
    }

    /** False if the event tells nothing that can be taken in, whatever is wrong with it. */
    private boolean take(EventRecord event, boolean stats) {
        try {
            return stats
                    ? own.isOurs(event)
                            && !isCopy(event)
                            && StatsRecords.decode(event).filter(this::takeSums).isPresent()
                    : ControlRecords.decode(event).map(this::takeSwitch).isPresent();
        } catch (RuntimeException e) {
            LOG.debug("An event of {} can't be taken in", event.topic(), e);
            return false;
        }
    }

    private boolean isCopy(EventRecord event) {
        return ready.isDone() && event.time().isBefore(clock.instant().minus(LATE));
    }

    private boolean takeSums(PartitionSums sums) {
        Instant latest = clock.instant().plus(AHEAD);
        List<Period> periods = sums.periods().stream()
                .filter(period -> period.start().isBefore(latest))
                .toList();
        boolean known = sums.partition() < orderPartitions;
        if (known) {
            limits.take(new PartitionSums(sums.partition(), sums.worker(), sums.span(), periods));
        }
        return known && periods.size() == sums.periods().size();
    }

    private boolean takeSwitch(Change change) {
        switches.set(change);
        // Told to the audit stream by the command that switches; this is for those who look only here.
        String who = change.by().replaceAll("\\p{Cc}", "?");
        if (ready.isDone()) {
            LOG.warn(
                    "{} was switched by {}; see ./sallyport sms limits",
                    change.what().key(),
                    who);
        } else {
            LOG.info("{} is switched, by {} at {}", change.what().key(), who, change.at());
        }
        return true;
    }

    /** Minutes count for an hour, and most of what a start reads is older. */
    private boolean isPast(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null
                && StatsRecords.isOfMinutes(new String(record.key(), StandardCharsets.UTF_8))
                && record.timestamp() < clock.instant().minus(HOUR_AND_A_LITTLE).toEpochMilli();
    }
}
