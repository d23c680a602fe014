package dev.sallyport.seal.kafka;

import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.event.Topics;
import dev.sallyport.seal.Seal;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads the sealers' own seals back, and passes over what is none of theirs. Used by one thread. */
final class SealTopic implements AutoCloseable {

    private static final long FIRST_STEP = 64;
    private static final int FURTHER = 8;

    private final Consumer<byte[], byte[]> consumer;
    private final NoteKeys keys;

    SealTopic(Consumer<byte[], byte[]> consumer, NoteKeys keys) {
        this.consumer = consumer;
        this.keys = keys;
    }

    /** Where a partition's seals were looked for, and the one of the highest number that was found there. */
    private record Found(long from, Optional<Seal> newest, long lowest) {}

    /** The seal of the highest number; empty if there is none at all. */
    Optional<Seal> newest(int partition) {
        return lookBack(partition, Long.MAX_VALUE).newest();
    }

    /** An offset after which all seals of higher numbers than this stand. */
    long offsetAfter(int partition, long number) {
        return number == 0 ? 0 : lookBack(partition, number).from();
    }

    /** Looks from the end backwards, until a seal of this number or a lower one is seen. */
    private Found lookBack(int partition, long number) {
        TopicPartition place = new TopicPartition(Topics.AUDIT_CHECKPOINT, partition);
        // Before its bounds are asked for, of which the client otherwise warns that they are nobody's business.
        consumer.assign(List.of(place));
        long begin = Bounds.begin(consumer, place);
        long end = Bounds.end(consumer, place);
        for (long step = FIRST_STEP; ; step *= FURTHER) {
            Found found = look(partition, Math.max(begin, end - step));
            if ((found.lowest() <= number && found.newest().isPresent()) || found.from() == begin) {
                return found;
            }
        }
    }

    private Found look(int partition, long from) {
        Optional<Seal> newest = Optional.empty();
        long lowest = Long.MAX_VALUE;
        Iterator<ConsumerRecord<byte[], byte[]>> records = records(partition, from);
        while (records.hasNext()) {
            Optional<Seal> seal = genuine(records.next());
            long number = seal.map(one -> one.checkpoint().number()).orElse(Long.MAX_VALUE);
            lowest = Math.min(lowest, number);
            if (seal.isPresent()
                    && newest.filter(one -> one.checkpoint().number() >= number).isEmpty()) {
                newest = seal;
            }
        }
        return new Found(from, newest, lowest);
    }

    /**
     * Reads seals from an offset on.
     *
     * @param most so many records at most
     * @param each is told of each seal
     * @return the offset after the last record that was looked at
     */
    long read(int partition, long from, int most, java.util.function.Consumer<Seal> each) {
        Iterator<ConsumerRecord<byte[], byte[]>> records = records(partition, from);
        long next = from;
        for (int i = 0; i < most && records.hasNext(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.next();
            next = record.offset() + 1;
            genuine(record).ifPresent(each);
        }
        return next;
    }

    private Iterator<ConsumerRecord<byte[], byte[]>> records(int partition, long from) {
        return new PartitionRecords(consumer, new TopicPartition(Topics.AUDIT_CHECKPOINT, partition), from);
    }

    private Optional<Seal> genuine(ConsumerRecord<byte[], byte[]> record) {
        return SealRecords.decode(record)
                .filter(seal -> seal.signedBy(keys.list()).isPresent());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
