package dev.sallyport.dispatch.kafka;

import dev.sallyport.OutageLog;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads single partitions of the topics beside {@code sallyport.sms.send}, from some time ago and on. A consumer of its
 * own, on its own thread: it takes no part in the group, whose assignments say what is followed here.
 */
public final class Tail implements AutoCloseable {

    /**
     * What is done with a partition's records, on this tail's thread; it must be quick.
     *
     * @param since how old the first record may be; where the group has committed an offset and {@code goOn} is set, that
     *     counts instead
     * @param full true while no more should be read
     * @param caughtUp done once, when all that stood there when reading began was read
     */
    record Reading(
            Duration since,
            boolean goOn,
            BooleanSupplier full,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> read,
            Runnable caughtUp) {

        /** All of that age, as fast as it comes. */
        static Reading fromMemory(
                Duration since, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> read, Runnable caughtUp) {
            return new Reading(since, false, () -> false, read, caughtUp);
        }
    }

    private static final class Place {
        private final Reading reading;
        /** What stood there when reading began; -1 while that is not known. */
        private long end = -1;

        private boolean caughtUp;

        Place(Reading reading) {
            this.reading = reading;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** How long leaving waits for a broker that may have gone. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    private final OutageLog outage = new OutageLog(
            LOG, "Kafka does not let the ledger be read; messages of newly assigned partitions wait until it does");
    private final Consumer<byte[], byte[]> consumer;
    private final Clock clock;
    private final Map<TopicPartition, Place> places = new HashMap<>();
    private final BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
    private final Thread thread =
            Thread.ofPlatform().name("sms-dispatcher-tail").unstarted(this::run);
    private volatile boolean closed;

    /** @param consumer with the group's id, so that it sees what the group has committed; closed by {@link #close} */
    public Tail(Consumer<byte[], byte[]> consumer, Clock clock) {
        this.consumer = consumer;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Begins to read a partition. */
    void follow(TopicPartition partition, Reading reading) {
        change(() -> places.put(partition, new Place(reading)));
    }

    /** Reads partitions no more. */
    void leave(Set<TopicPartition> partitions) {
        change(() -> places.keySet().removeAll(partitions));
    }

    private void change(Runnable change) {
        changes.add(change);
        consumer.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    turn();
                    outage.worked();
                } catch (WakeupException e) {
                    LOG.trace("A change waits for the next turn");
                } catch (KafkaException e) {
                    outage.failed(e);
                }
            }
        } catch (RuntimeException e) {
            LOG.error("The ledger is not read any more; restart this process", e);
        } finally {
            consumer.close(CloseOptions.timeout(FAREWELL));
        }
    }

    private void turn() {
        makeChanges();
        if (!places.isEmpty()) {
            find();
            places.forEach(this::chooseRoom);
            consumer.poll(POLL).forEach(this::read);
            places.forEach(this::tellCaughtUp);
        }
    }

    /** Without partitions a consumer can't poll, so a change is waited for. */
    private void makeChanges() {
        Runnable change = places.isEmpty() ? awaitChange() : changes.poll();
        if (change != null) {
            for (; change != null; change = changes.poll()) {
                change.run();
            }
            consumer.assign(places.keySet());
        }
    }

    private @Nullable Runnable awaitChange() {
        try {
            return changes.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
            return null;
        }
    }

    /** Sets partitions that are new here to where they are to be read from. */
    private void find() {
        Map<TopicPartition, Long> times = new HashMap<>();
        Set<TopicPartition> goOn = new HashSet<>();
        places.forEach((partition, place) -> {
            if (place.end < 0) {
                times.put(
                        partition, clock.instant().minus(place.reading.since()).toEpochMilli());
                if (place.reading.goOn()) {
                    goOn.add(partition);
                }
            }
        });
        if (times.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(times.keySet(), ANSWER_LIMIT);
        Map<TopicPartition, OffsetAndTimestamp> firsts = consumer.offsetsForTimes(times, ANSWER_LIMIT);
        Map<TopicPartition, OffsetAndMetadata> committed =
                goOn.isEmpty() ? Map.of() : consumer.committed(goOn, ANSWER_LIMIT);
        ends.forEach((partition, end) -> {
            OffsetAndTimestamp first = firsts.get(partition);
            OffsetAndMetadata done = committed.get(partition);
            long since = first == null ? end : first.offset();
            consumer.seek(partition, done == null ? since : done.offset());
            Objects.requireNonNull(places.get(partition)).end = end;
        });
    }

    private void chooseRoom(TopicPartition partition, Place place) {
        if (place.reading.full().getAsBoolean()) {
            consumer.pause(Set.of(partition));
        } else if (consumer.paused().contains(partition)) {
            consumer.resume(Set.of(partition));
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        Place place = places.get(new TopicPartition(record.topic(), record.partition()));
        if (place != null) {
            try {
                place.reading.read().accept(record);
            } catch (RuntimeException e) {
                LOG.error("Record {}-{}@{} is passed over", record.topic(), record.partition(), record.offset(), e);
            }
        }
    }

    private void tellCaughtUp(TopicPartition partition, Place place) {
        if (!place.caughtUp && place.end >= 0 && consumer.position(partition, ANSWER_LIMIT) >= place.end) {
            place.caughtUp = true;
            place.reading.caughtUp().run();
        }
    }

    /** Begins to end; {@link #close} waits for it. */
    void end() {
        closed = true;
        consumer.wakeup();
    }

    @Override
    public void close() {
        end();
        if (thread.getState() == Thread.State.NEW) {
            consumer.close(CloseOptions.timeout(FAREWELL));
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
