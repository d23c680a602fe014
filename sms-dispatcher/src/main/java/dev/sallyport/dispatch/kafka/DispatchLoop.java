package dev.sallyport.dispatch.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.News;
import dev.sallyport.dispatch.Poison;
import dev.sallyport.dispatch.Senders;
import dev.sallyport.dispatch.WorkerStatus;
import dev.sallyport.dispatch.callback.kafka.CallbackRecords;
import dev.sallyport.dispatch.ledger.Book;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry;
import dev.sallyport.dispatch.ledger.kafka.LedgerRecords;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.kafka.OutcomeRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code sallyport.sms.send} in one consumer group, hands each record to the {@link Dispatcher} on a virtual
 * thread, and produces what came of it. A partition is read once its ledger was. Offsets are committed up to the lowest
 * record that is under way, every half second and before partitions are given away.
 *
 * <p>A plain consumer on its own thread: the Vert.x client's revoke handler returns before its code has run, too early
 * for the commit that must come first.
 */
public final class DispatchLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** How long leaving waits for a broker that may have gone. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** No order lives that long, and no limit by message and phone looks back further. */
    private static final Duration MEMORY = Duration.ofHours(2);

    private static final Duration TELL_AGAIN_AFTER = Duration.ofSeconds(1);

    private final OutageLog untold =
            new OutageLog(LOG, "Kafka does not take outcomes; they are kept and tried again until it does");
    private final Consumer<byte[], byte[]> consumer;
    private final Producing producing;
    private final Tail tail;
    private final Dispatcher dispatcher;
    private final News news;
    private final Pace pace;
    private final Senders senders;
    private final String worker;
    private final Clock clock;
    private final Progress progress;
    private final Map<TopicPartition, Ledger> ledgers = new HashMap<>();
    private final Set<Ledger> ready = ConcurrentHashMap.newKeySet();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread = Thread.ofPlatform().name("sms-dispatcher").unstarted(this::run);
    private final Periodic commits = new Periodic(Duration.ofMillis(500));
    private final Periodic reports = new Periodic(Duration.ofSeconds(2));
    private final Periodic forgetting = new Periodic(Duration.ofMinutes(1));
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private int partitions;
    private volatile boolean stopping;
    private volatile boolean assigned;

    /**
     * @param consumer in the dispatchers' group, not yet subscribed; closed by {@link #stop}
     * @param producing closed by {@link #stop}
     * @param tail not yet started; closed by {@link #stop}
     * @param pace is told this process's share of the topic
     * @param worker names this process for operators
     */
    public DispatchLoop(
            Consumer<byte[], byte[]> consumer,
            Producing producing,
            Tail tail,
            Dispatcher dispatcher,
            News news,
            Pace pace,
            Senders senders,
            String worker,
            Clock clock) {
        this.consumer = consumer;
        this.progress = new Progress(consumer);
        this.producing = producing;
        this.tail = tail;
        this.dispatcher = dispatcher;
        this.news = news;
        this.pace = pace;
        this.senders = senders;
        this.worker = worker;
        this.clock = clock;
    }

    /** Something that is done now and then on the consumer's thread. */
    private static final class Periodic {

        private final long every;
        private long last = System.nanoTime();

        Periodic(Duration every) {
            this.every = every.toNanos();
        }

        boolean isDue() {
            long now = System.nanoTime();
            boolean due = now - last >= every;
            last = due ? now : last;
            return due;
        }
    }

    public void start() {
        tail.start();
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

    /** Finishes the calls under way, commits, leaves the group. */
    public void stop() throws InterruptedException {
        // Not woken up: a wake-up would also break off the commit that follows, and a poll ends soon by itself.
        stopping = true;
        thread.join();
        workers.shutdown();
        tail.close();
        producing.close(FAREWELL);
    }

    private void run() {
        try {
            consumer.subscribe(List.of(Topics.SMS_SEND), new Rebalance());
            while (!stopping) {
                consumer.poll(POLL).forEach(this::begin);
                progress.choose(partition -> ready.contains(ledgers.get(partition)));
                if (commits.isDue()) {
                    progress.commitLater();
                }
                if (reports.isDue()) {
                    var _ = producing.send(WorkerRecords.encode(status()));
                }
                if (forgetting.isDue()) {
                    Instant before = clock.instant().minus(MEMORY);
                    ledgers.values().forEach(ledger -> ledger.book().forgetBefore(before));
                }
            }
            release(ledgers.keySet());
            progress.finish();
        } catch (RuntimeException e) {
            LOG.error("The dispatcher stopped; restart this process", e);
            joined.completeExceptionally(e);
            release(ledgers.keySet());
        } finally {
            consumer.close(CloseOptions.timeout(FAREWELL));
        }
    }

    private void begin(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Ledger ledger = ledgers.get(partition);
        if (ledger != null) {
            progress.window(partition).ifPresent(window -> begin(record, window, () -> work(record, ledger)));
        }
    }

    private void begin(ConsumerRecord<byte[], byte[]> record, Window window, BooleanSupplier work) {
        window.begin(record.offset(), record.timestamp());
        workers.execute(() -> {
            if (work.getAsBoolean()) {
                window.finish(record.offset());
            } else {
                window.leave(record.offset());
            }
        });
    }

    /** How this process is doing; asked on the consumer's thread. */
    private WorkerStatus status() {
        List<Integer> owned = ledgers.keySet().stream()
                .map(TopicPartition::partition)
                .sorted()
                .toList();
        long lag = ledgers.keySet().stream()
                .filter(consumer.assignment()::contains)
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
        return new WorkerStatus(
                worker,
                clock.instant(),
                owned,
                lag,
                progress.underWay(Topics.SMS_SEND),
                oldestUnsent(),
                pace.current(),
                pace.factor(),
                senders.status());
    }

    /** How long ago the oldest order that is read and not finished was produced; zero without one. */
    public Duration oldestUnsent() {
        OptionalLong oldest = progress.oldest(Topics.SMS_SEND);
        return oldest.isEmpty() ? Duration.ZERO : Duration.ofMillis(Math.max(0, clock.millis() - oldest.getAsLong()));
    }

    /** True once Kafka has what became of the record; false if that is another worker's to find out. */
    private boolean work(ConsumerRecord<byte[], byte[]> record, Ledger ledger) {
        try {
            Optional<EventRecord> result = result(record, ledger);
            return result.isPresent() && tell(result.get(), ledger);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<EventRecord> result(ConsumerRecord<byte[], byte[]> record, Ledger ledger)
            throws InterruptedException {
        try {
            Optional<EventRecord> event = CloudEvents.read(record);
            if (event.isEmpty()) {
                return Optional.of(deadLetter(record, Poison.NO_CLOUD_EVENT));
            }
            return switch (dispatcher.handle(event.get(), ledger)) {
                case Dispatcher.Handled done -> Optional.of(OutcomeRecords.encode(done.outcome()));
                case Dispatcher.Untrusted untrusted -> Optional.of(deadLetter(record, untrusted.poison()));
                case Dispatcher.GivenUp givenUp -> Optional.empty();
            };
        } catch (RuntimeException e) {
            LOG.error("Record {}-{}@{} failed", record.topic(), record.partition(), record.offset(), e);
            return Optional.of(deadLetter(record, Poison.FAILED));
        }
    }

    /** As often as it takes, while the partition is this worker's. */
    private boolean tell(EventRecord result, Ledger ledger) throws InterruptedException {
        do {
            try {
                producing.send(result).toCompletableFuture().get();
                untold.worked();
                return true;
            } catch (ExecutionException e) {
                untold.failed(e.getCause() == null ? e : e.getCause());
            }
        } while (ledger.pause(TELL_AGAIN_AFTER));
        return false;
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

    private void take(TopicPartition partition) {
        int number = partition.partition();
        Ledger ledger =
                new Ledger(new Book(), (phoneKey, entry) -> producing.send(number, phoneKey, entry), System::nanoTime);
        ledgers.put(partition, ledger);
        progress.take(partition, callbacksOf(partition));
        tail.follow(
                ledgerOf(partition),
                new Tail.Reading(
                        MEMORY,
                        false,
                        () -> false,
                        record -> read(record, ledger.book()),
                        () -> caughtUp(partition, ledger)));
    }

    /** What providers report is read once it is known what was sent, from where the group has come to. */
    private void caughtUp(TopicPartition partition, Ledger ledger) {
        ready.add(ledger);
        TopicPartition callbacks = callbacksOf(partition);
        progress.window(callbacks)
                .ifPresent(window -> tail.follow(
                        callbacks,
                        new Tail.Reading(
                                MEMORY,
                                true,
                                window::isFull,
                                record -> begin(record, window, () -> report(record, ledger)),
                                () -> {})));
    }

    /** True once Kafka has what a provider's report tells, if it tells anything. */
    private boolean report(ConsumerRecord<byte[], byte[]> record, Ledger ledger) {
        try {
            Optional<Outcome> outcome = CloudEvents.read(record)
                    .flatMap(CallbackRecords::decode)
                    .flatMap(callback -> news.tell(callback, ledger));
            return outcome.isEmpty() || tell(OutcomeRecords.encode(outcome.get()), ledger);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<TopicPartition> withCallbacks(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .flatMap(partition -> Stream.of(partition, callbacksOf(partition)))
                .toList();
    }

    private static TopicPartition callbacksOf(TopicPartition partition) {
        return new TopicPartition(Topics.SMS_CALLBACK, partition.partition());
    }

    private static TopicPartition ledgerOf(TopicPartition partition) {
        return new TopicPartition(Topics.SMS_LEDGER, partition.partition());
    }

    private static void read(ConsumerRecord<byte[], byte[]> record, Book book) {
        Optional<LedgerEntry> entry = CloudEvents.read(record).flatMap(LedgerRecords::decode);
        if (entry.isPresent()) {
            book.add(record.offset(), entry.get());
        } else {
            LOG.warn("Record {}-{}@{} is no ledger entry", record.topic(), record.partition(), record.offset());
            book.readTo(record.offset());
        }
    }

    /** Begins nothing more on these partitions; calls under way go on. */
    private void release(Collection<TopicPartition> gone) {
        for (TopicPartition partition : List.copyOf(gone)) {
            Ledger ledger = ledgers.remove(partition);
            if (ledger != null) {
                ledger.release();
                ready.remove(ledger);
                tail.leave(Set.of(ledgerOf(partition), callbacksOf(partition)));
            }
        }
        share();
    }

    private void share() {
        if (partitions == 0) {
            partitions = consumer.partitionsFor(Topics.SMS_SEND).size();
        }
        pace.share(ledgers.size(), partitions);
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            added.forEach(DispatchLoop.this::take);
            consumer.pause(added);
            share();
            assigned = true;
            joined.complete(null);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> gone) {
            release(gone);
            progress.drain(withCallbacks(gone));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> gone) {
            assigned = false;
            release(gone);
            progress.forget(withCallbacks(gone));
        }
    }
}
