package dev.sallyport.dispatch.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each partition of this process has come: what is under way, and what may be committed. Called by the consumer's
 * thread; whoever reads or works looks for a partition's {@link Window}, and finds none once it was given away.
 */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** While partitions are given away nobody has them, and the consumer does not poll. A call takes less, mostly. */
    private static final long DRAIN_MILLIS = 4_000;
    /** At the end nothing follows that would have to wait. */
    private static final long FINISH_MILLIS = 8_000;

    private static final Duration COMMIT_LIMIT = Duration.ofMillis(1_500);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Window> windows = new ConcurrentHashMap<>();
    private boolean committing;
    private Map<TopicPartition, OffsetAndMetadata> committed = Map.of();

    Progress(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** The partition is this process's from now on. */
    void take(TopicPartition partition) {
        windows.put(partition, new Window());
    }

    /** Where records of a partition are begun and finished; empty if it is not this process's. */
    Optional<Window> window(TopicPartition partition) {
        return Optional.ofNullable(windows.get(partition));
    }

    /** Partitions that others have now: nothing of them may be committed here. */
    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(windows::remove);
    }

    /** Records under way in all partitions of a topic. */
    int underWay(String topic) {
        return windowsOf(topic).mapToInt(Window::underWay).sum();
    }

    /** The time of the oldest record under way of a topic, milliseconds since 1970; empty without one. */
    OptionalLong oldest(String topic) {
        return windowsOf(topic)
                .mapToLong(Window::oldest)
                .filter(time -> time >= 0)
                .min();
    }

    private Stream<Window> windowsOf(String topic) {
        return windows.entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic))
                .map(Map.Entry::getValue);
    }

    /** Reads of partitions that are ready and have room, and of no others. */
    void choose(Predicate<TopicPartition> ready) {
        for (TopicPartition partition : consumer.assignment()) {
            Window window = windows.get(partition);
            boolean paused = consumer.paused().contains(partition);
            boolean wanted = ready.test(partition) && (window == null || !window.isFull());
            if (wanted && paused) {
                consumer.resume(List.of(partition));
            } else if (!wanted && !paused) {
                consumer.pause(List.of(partition));
            }
        }
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
    void finish() {
        awaitIdle(windows.keySet(), FINISH_MILLIS);
        long end = System.nanoTime() + DRAIN_MILLIS * 1_000_000;
        while (!commit(windows.keySet()) && System.nanoTime() < end) {
            consumer.pause(consumer.assignment());
            try {
                consumer.poll(POLL);
            } catch (KafkaException e) {
                LOG.debug("The group goes on without this process, and is told so by its silence", e);
                return;
            }
        }
    }

    /** Waits for what is under way on these partitions, commits, and forgets them; in 5.5 seconds at most. */
    void drain(Collection<TopicPartition> partitions) {
        List<TopicPartition> all = List.copyOf(partitions);
        awaitIdle(all, DRAIN_MILLIS);
        commit(all);
        all.forEach(windows::remove);
    }

    private void awaitIdle(Collection<TopicPartition> partitions, long atMostMillis) {
        long end = System.nanoTime() + atMostMillis * 1_000_000;
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
    void commitLater() {
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
}
