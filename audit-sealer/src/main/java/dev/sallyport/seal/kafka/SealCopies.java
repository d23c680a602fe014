package dev.sallyport.seal.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.file.CheckpointFolder;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies seals that stand in Kafka to a folder; what could not be written, or was made elsewhere, follows later. */
final class SealCopies {

    private static final Logger LOG = LoggerFactory.getLogger(SealCopies.class);

    private final CheckpointFolder folder;
    private final Supplier<SealTopic> topics;
    private final OutageLog outage;
    private final Map<Integer, Long> newest = new HashMap<>();

    /** @param topics opens the topic where those are that were made before */
    SealCopies(CheckpointFolder folder, Supplier<SealTopic> topics) {
        this.folder = folder;
        this.topics = topics;
        this.outage = new OutageLog(
                LOG,
                "Checkpoints can't be copied to SALLYPORT_AUDIT_CHECKPOINTS_DIR; they stand in Kafka, and are copied when"
                        + " that is possible");
    }

    /** Catches up with what was made before this process had the partition. */
    void begin(int partition, SealTopic topic) {
        trying(() -> copy(partition, after(known(partition), partition, topic)));
    }

    /** Copies seals that were made now, in the order of their numbers. */
    void keep(int partition, List<Seal> made) {
        trying(() -> {
            long known = known(partition);
            if (made.getFirst().checkpoint().number() == known + 1) {
                copy(partition, made);
            } else {
                try (SealTopic topic = topics.get()) {
                    copy(partition, after(known, partition, topic));
                }
            }
        });
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void trying(Writing writing) {
        try {
            writing.run();
            outage.worked();
        } catch (IOException e) {
            outage.failed(e);
        }
    }

    private void copy(int partition, List<Seal> seals) throws IOException {
        for (Seal seal : seals) {
            folder.write(seal);
            newest.put(partition, seal.checkpoint().number());
        }
    }

    private static List<Seal> after(long known, int partition, SealTopic topic) {
        return topic.since(partition, known + 1).stream()
                .filter(seal -> seal.checkpoint().number() > known)
                .sorted(Comparator.comparingLong(seal -> seal.checkpoint().number()))
                .toList();
    }

    private long known(int partition) throws IOException {
        Long known = newest.get(partition);
        if (known == null) {
            known = folder.newest(partition).orElse(0);
            newest.put(partition, known);
        }
        return known;
    }

    /** Another process may write meanwhile. */
    void end(int partition) {
        newest.remove(partition);
    }
}
