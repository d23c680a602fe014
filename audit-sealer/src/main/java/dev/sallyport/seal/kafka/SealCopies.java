package dev.sallyport.seal.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.file.CheckpointFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies seals that stand in Kafka to a folder, in the order of their numbers. What could not be written, or was made while
 * another process had the partition, follows in small steps.
 */
final class SealCopies {

    private static final Logger LOG = LoggerFactory.getLogger(SealCopies.class);
    private static final int AT_ONCE = 500;
    private static final int NOWHERE = -1;

    /** How far a partition's copies are. */
    private static final class Progress {
        private long newest;
        private boolean behind = true;
        private long offset = NOWHERE;
    }

    private final CheckpointFolder folder;
    private final Supplier<SealTopic> topics;
    private final OutageLog outage;
    private final Map<Integer, Progress> progress = new TreeMap<>();

    /** @param topics opens the topic where those are that were made before */
    SealCopies(CheckpointFolder folder, Supplier<SealTopic> topics) {
        this.folder = folder;
        this.topics = topics;
        this.outage = new OutageLog(
                LOG,
                "Checkpoints can't be copied to SALLYPORT_AUDIT_CHECKPOINTS_DIR; they stand in Kafka, and are copied when"
                        + " that is possible");
    }

    /** This process has the partition from now on. */
    void begin(int partition) {
        progress.put(partition, new Progress());
    }

    /** Another process has it. */
    void end(int partition) {
        progress.remove(partition);
    }

    /** Copies seals that were made now, in the order of their numbers. */
    void keep(int partition, List<Seal> made) {
        Progress own = progress.get(partition);
        if (own != null && !own.behind) {
            trying(own, () -> made.forEach(seal -> copy(own, seal)));
        }
    }

    /** Goes on with one partition that is behind. */
    void catchUp() {
        progress.entrySet().stream()
                .filter(entry -> entry.getValue().behind)
                .findFirst()
                .ifPresent(entry -> catchUp(entry.getKey(), entry.getValue()));
    }

    private void catchUp(int partition, Progress own) {
        trying(own, () -> {
            try (SealTopic topic = topics.get()) {
                if (own.offset == NOWHERE) {
                    own.newest = newest(partition);
                    own.offset = topic.offsetAfter(partition, own.newest);
                }
                long next = topic.read(partition, own.offset, AT_ONCE, seal -> copy(own, seal));
                own.behind = next > own.offset;
                own.offset = next;
            }
        });
    }

    private long newest(int partition) {
        try {
            return folder.newest(partition).orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(Progress own, Seal seal) {
        long number = seal.checkpoint().number();
        if (number > own.newest) {
            try {
                folder.write(seal);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            own.newest = number;
        }
    }

    private void trying(Progress own, Runnable copying) {
        try {
            copying.run();
            outage.worked();
        } catch (UncheckedIOException e) {
            own.behind = true;
            own.offset = NOWHERE;
            outage.failed(e);
        }
    }
}
