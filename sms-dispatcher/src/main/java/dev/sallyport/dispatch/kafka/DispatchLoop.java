package dev.sallyport.dispatch.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.dispatch.Senders;
import dev.sallyport.dispatch.WorkerStatus;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.event.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code sallyport.sms.send} in one consumer group and hands each record to a virtual thread. A partition is read once
 * its ledger was. Offsets are committed up to the lowest record that is under way, every half second and before partitions
 * are given away.
 *
 * <p>A plain consumer on its own thread: the Vert.x client's revoke handler returns before its code has run, too early
 * for the commit that must come first.
 */
public final class DispatchLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long TRY_AGAIN_MILLIS = 500;
    /** How long leaving waits for a broker that may have gone. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final Producing producing;
    private final Tail tail;
    private final Unread unread;
    private final Pace pace;
    private final Senders senders;
    private final String worker;
    private final Clock clock;
    private final Progress progress;
    private final Workers workers;
    private final Holdings holdings;
    private final Thread thread = Thread.ofPlatform().name("sms-dispatcher").unstarted(this::run);
    private final Periodic commits = new Periodic(Duration.ofMillis(500));
    private final Periodic reports = new Periodic(Duration.ofSeconds(2));
    private final Periodic forgetting = new Periodic(Duration.ofSeconds(5));
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final OutageLog outage = new OutageLog(
            LOG, "Orders can't be read from Kafka; they wait there until they can, or are told as expired");
    private volatile Homes homes = new Homes(1);
    private boolean started;
    private volatile int owned;
    private volatile boolean assigned;

    /**
     * @param consumer in the dispatchers' group, not yet subscribed; closed by {@link #stop}
     * @param producing closed by {@link #stop}
     * @param tail not yet started; closed by {@link #stop}
     * @param unread asks what its partitions of orders hold
     * @param limits is told what the ledger and accepted codes say of this process's partitions
     * @param trust tells whose word counts of what is read beside the orders
     * @param pace is told this process's share of the topic
     * @param worker names this process for operators
     */
    public DispatchLoop(
            Consumer<byte[], byte[]> consumer,
            Producing producing,
            Tail tail,
            Unread unread,
            Handling handling,
            Limits limits,
            Trust trust,
            Pace pace,
            Senders senders,
            String worker,
            Clock clock) {
        this.consumer = consumer;
        this.producing = producing;
        this.tail = tail;
        this.unread = unread;
        this.pace = pace;
        this.senders = senders;
        this.worker = worker;
        this.clock = clock;
        this.progress = new Progress(consumer);
        this.workers = new Workers(handling);
        this.holdings = new Holdings(producing, progress, tail, workers, limits, trust, clock);
    }

    /** Joins the group; does nothing after {@link #stop}. */
    public synchronized void start() {
        if (!isStopping()) {
            started = true;
            tail.start();
            thread.start();
        }
    }

    /** Completed when the group has given this process its first share, or failed when the loop ended before. */
    public CompletionStage<Void> joined() {
        return joined.minimalCompletionStage();
    }

    /** True while this process has its share of the topic, which may be none of many, and the loop is alive. */
    public boolean check() {
        return assigned && thread.isAlive() && tail.isAlive();
    }

    /** Partitions of orders that this process owns. */
    public int partitions() {
        return owned;
    }

    /** Partitions of orders that there are; 1 while that is not known. */
    public int allPartitions() {
        return homes.partitions();
    }

    /** Orders of its own partitions that it has not read yet, as of a moment ago. */
    public long lag() {
        return unread.count();
    }

    /** How long ago the oldest order that is read and not finished was produced; zero without one. */
    public Duration oldestUnsent() {
        OptionalLong oldest = progress.oldest(Topics.SMS_SEND);
        return oldest.isEmpty() ? Duration.ZERO : Duration.ofMillis(Math.max(0, clock.millis() - oldest.getAsLong()));
    }

    /** Finishes the calls under way, commits, leaves the group. */
    public void stop() throws InterruptedException {
        if (end()) {
            // Not woken up: a wake-up would also break off the commit that follows, and a poll ends soon by itself.
            thread.join();
        } else {
            consumer.close();
        }
        workers.stop();
        tail.close();
        producing.close(FAREWELL);
    }

    private synchronized boolean end() {
        stopping.countDown();
        return started;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void run() {
        try {
            // Before joining: a listener that must wait for a broker would hold up the whole group.
            patiently(() -> homes = Homes.of(consumer));
            consumer.subscribe(List.of(Topics.SMS_SEND), new Rebalance());
            while (!isStopping()) {
                patiently(this::turn);
            }
            release(holdings.partitions());
            progress.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The dispatcher stopped; restart this process", e);
            joined.completeExceptionally(e);
            release(holdings.partitions());
        } finally {
            tail.end();
            consumer.close(CloseOptions.timeout(FAREWELL));
        }
    }

    /** Does it until it succeeds; brokers that are away must not end the loop. */
    private void patiently(Runnable work) throws InterruptedException {
        do {
            try {
                work.run();
                outage.worked();
                return;
            } catch (KafkaException e) {
                if (Incurable.is(e)) {
                    throw e;
                }
                outage.failed(e);
            }
            // Some failures come at once, and again and again.
        } while (!stopping.await(TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void turn() {
        consumer.poll(POLL).forEach(this::begin);
        progress.choose(holdings::isReady);
        if (commits.isDue()) {
            progress.commitLater();
        }
        if (reports.isDue()) {
            unread.ask(consumer.assignment(), positions());
            var _ = producing.send(WorkerRecords.encode(status()));
        }
        if (forgetting.isDue()) {
            holdings.forget();
        }
    }

    private void begin(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        holdings.ledger(partition).ifPresent(ledger -> progress.window(partition)
                .ifPresent(window -> workers.order(record, homes.has(record), window, ledger)));
    }

    /** Where each partition of this process is read next, as far as that is known without asking a broker. */
    private Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            try {
                positions.put(partition, consumer.position(partition, Duration.ZERO));
            } catch (TimeoutException e) {
                LOG.debug("Whether the position in {} still stands is being asked", partition, e);
            }
        }
        return positions;
    }

    private WorkerStatus status() {
        return new WorkerStatus(
                worker,
                clock.instant(),
                holdings.partitions().stream()
                        .map(TopicPartition::partition)
                        .sorted()
                        .toList(),
                lag(),
                progress.underWay(Topics.SMS_SEND),
                oldestUnsent(),
                pace.current(),
                senders.status());
    }

    private void release(Collection<TopicPartition> gone) {
        holdings.release(gone);
        share();
    }

    private void share() {
        owned = holdings.partitions().size();
        pace.share(owned, homes.partitions());
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            added.forEach(holdings::take);
            consumer.pause(added);
            share();
            assigned = true;
            joined.complete(null);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> gone) {
            release(gone);
            progress.drain(Holdings.withCallbacks(gone));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> gone) {
            assigned = false;
            release(gone);
            progress.forget(Holdings.withCallbacks(gone));
        }
    }
}
