package dev.sallyport.dispatch.kafka;

import dev.sallyport.OutageLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads single partitions of the topics beside {@code sallyport.sms.send}, from some time ago and on. A consumer of its
 * own, on its own thread: it takes no part in the group, whose assignments say what is followed here. A partition is read
 * once it is known where to begin, and nothing here waits for that.
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

    /**
     * Where reading begins, and how far it has to come to have caught up: offsets.
     *
     * @param end behind the last record that was acknowledged
     */
    record Place(long first, long end) {}

    /** Finds places, of each partition as soon as it is known, or fails of it. Must not block. */
    interface Places extends AutoCloseable {

        Map<TopicPartition, CompletionStage<Place>> find(Map<TopicPartition, Reading> readings);

        @Override
        void close();
    }

    private static final class Followed {
        private final Reading reading;
        private @Nullable Place place;
        private boolean asked;
        private boolean caughtUp;
        /** When the place may be asked for again, {@link System#nanoTime}. */
        private long askAt = System.nanoTime();

        Followed(Reading reading) {
            this.reading = reading;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long ASK_AGAIN_NANOS = 500_000_000;
    /** How long leaving waits for a broker that may have gone. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final OutageLog outage = new OutageLog(
            LOG, "Kafka does not let the ledger be read; messages of newly assigned partitions wait until it does");
    private final Consumer<byte[], byte[]> consumer;
    private final Places places;
    private final Map<TopicPartition, Followed> followed = new HashMap<>();
    private final BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
    private final Thread thread =
            Thread.ofPlatform().name("sms-dispatcher-tail").unstarted(this::run);
    private volatile boolean closed;

    /**
     * @param consumer in no group; closed by {@link #close}
     * @param places closed by {@link #close}
     */
    public Tail(Consumer<byte[], byte[]> consumer, Places places) {
        this.consumer = consumer;
        this.places = places;
    }

    void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Begins to read a partition. */
    void follow(TopicPartition partition, Reading reading) {
        change(() -> {
            // Should it be read already, its position must go first.
            forget(Set.of(partition));
            followed.put(partition, new Followed(reading));
        });
    }

    /** Reads partitions no more. */
    void leave(Set<TopicPartition> partitions) {
        change(() -> forget(partitions));
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
                } catch (WakeupException e) {
                    LOG.trace("A change waits for the next turn");
                } catch (KafkaException e) {
                    outage.failed(e);
                    // Some failures come at once, and again and again.
                    await(POLL);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The ledger is not read any more; restart this process", e);
        } finally {
            consumer.close(CloseOptions.timeout(FAREWELL));
            places.close();
        }
    }

    void turn() throws InterruptedException {
        for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
            change.run();
        }
        ask();
        if (consumer.assignment().isEmpty()) {
            // Without partitions a consumer can't poll.
            await(POLL);
            return;
        }
        followed.forEach(this::chooseRoom);
        consumer.poll(POLL).forEach(this::read);
        followed.forEach(this::tellCaughtUp);
        if (followed.values().stream().allMatch(its -> its.place != null)) {
            outage.worked();
        }
    }

    /** Until there is a change, or for so long. */
    private void await(Duration time) throws InterruptedException {
        Runnable change = changes.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        if (change != null) {
            change.run();
        }
    }

    /** Asks where to begin with partitions of which that is not known. */
    private void ask() {
        long now = System.nanoTime();
        Map<TopicPartition, Reading> unknown = new HashMap<>();
        followed.forEach((partition, its) -> {
            if (!its.asked && its.askAt - now <= 0) {
                its.asked = true;
                unknown.put(partition, its.reading);
            }
        });
        if (unknown.isEmpty()) {
            return;
        }
        places.find(unknown).forEach((partition, answer) -> {
            Followed asker = followed.get(partition);
            answer.whenComplete((place, failure) -> change(() -> answered(partition, asker, place, failure)));
        });
    }

    private void answered(
            TopicPartition partition, @Nullable Followed asker, @Nullable Place place, @Nullable Throwable failure) {
        Followed its = followed.get(partition);
        if (its == null || its != asker) {
            return;
        }
        if (place == null) {
            its.asked = false;
            its.askAt = System.nanoTime() + ASK_AGAIN_NANOS;
            outage.failed(failure == null ? new KafkaException("no answer") : failure);
            return;
        }
        its.place = place;
        assign();
        consumer.seek(partition, place.first());
    }

    private void forget(Set<TopicPartition> partitions) {
        if (followed.keySet().removeAll(partitions)) {
            assign();
        }
    }

    private void assign() {
        consumer.assign(followed.entrySet().stream()
                .filter(entry -> entry.getValue().place != null)
                .map(Map.Entry::getKey)
                .toList());
    }

    private void chooseRoom(TopicPartition partition, Followed its) {
        if (its.place == null) {
            return;
        }
        if (its.reading.full().getAsBoolean()) {
            consumer.pause(Set.of(partition));
        } else if (consumer.paused().contains(partition)) {
            consumer.resume(Set.of(partition));
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        Followed its = followed.get(new TopicPartition(record.topic(), record.partition()));
        if (its != null) {
            try {
                its.reading.read().accept(record);
            } catch (RuntimeException e) {
                LOG.error("Record {}-{}@{} is passed over", record.topic(), record.partition(), record.offset(), e);
            }
        }
    }

    private void tellCaughtUp(TopicPartition partition, Followed its) {
        Place place = its.place;
        if (place != null && !its.caughtUp && hasReached(partition, place.end())) {
            its.caughtUp = true;
            its.reading.caughtUp().run();
        }
    }

    private boolean hasReached(TopicPartition partition, long end) {
        try {
            return consumer.position(partition, Duration.ZERO) >= end;
        } catch (TimeoutException e) {
            // Its leader has changed, and must be asked first whether the position still stands.
            return false;
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
            places.close();
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
