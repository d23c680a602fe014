package dev.sallyport.seal.kafka;

import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.event.Topics;
import dev.sallyport.seal.Seal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the sealers' own seals back. Used by one thread. */
final class SealTopic implements AutoCloseable {

    private static final long FIRST_STEP = 64;
    private static final int FURTHER = 8;

    private final Consumer<byte[], byte[]> consumer;
    private final NoteKeys keys;

    SealTopic(Consumer<byte[], byte[]> consumer, NoteKeys keys) {
        this.consumer = consumer;
        this.keys = keys;
    }

    /** The seal of the highest number; empty if there is none at all. */
    Optional<Seal> newest(int partition) {
        return since(partition, Long.MAX_VALUE).stream()
                .max(Comparator.comparingLong(seal -> seal.checkpoint().number()));
    }

    /**
     * The seals of this number and after it, in the order of the topic; also some that stand before, where that is how
     * they were found.
     */
    List<Seal> since(int partition, long number) {
        TopicPartition place = new TopicPartition(Topics.AUDIT_CHECKPOINT, partition);
        // Before its bounds are asked for, of which the client otherwise warns that they are nobody's business.
        consumer.assign(List.of(place));
        long begin = Bounds.begin(consumer, place);
        long end = Bounds.end(consumer, place);
        for (long step = FIRST_STEP; ; step *= FURTHER) {
            long from = Math.max(begin, end - step);
            List<Seal> found = genuine(place, from);
            boolean far = found.stream().anyMatch(seal -> seal.checkpoint().number() <= number);
            if (far || from == begin) {
                return found;
            }
        }
    }

    private List<Seal> genuine(TopicPartition place, long from) {
        List<Seal> found = new ArrayList<>();
        new PartitionRecords(consumer, place, from).forEachRemaining(record -> SealRecords.decode(record)
                .filter(seal -> seal.signedBy(keys.list()).isPresent())
                .ifPresent(found::add));
        return found;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
