package dev.sallyport.seal.kafka;

import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage;
import dev.sallyport.seal.verify.Damage.Kind;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * The audit log and its seals as they stand in Kafka, for operators' commands. Blocks, and throws Kafka's exceptions. One
 * partition's records and one's seals can be read at a time.
 */
public final class AuditLog implements AutoCloseable {

    private final String topicId;
    private final Consumer<byte[], byte[]> records;
    private final Consumer<byte[], byte[]> seals;

    /** @throws dev.sallyport.event.kafka.KafkaProblem if Kafka does not answer, or there is no audit log */
    public AuditLog(SealerClients clients) {
        try (TopicAdmin admin = new TopicAdmin(clients.bootstrapServers(), clients.properties())) {
            topicId = admin.topicId(Topics.AUDIT);
        }
        records = clients.reader();
        seals = clients.reader();
    }

    /** Its partitions, in their order. */
    public List<LogId> partitions() {
        return records.partitionsFor(Topics.AUDIT).stream()
                .map(info -> new LogId(Topics.AUDIT, topicId, info.partition()))
                .sorted((one, other) -> Integer.compare(one.partition(), other.partition()))
                .toList();
    }

    /** The records of a partition from an offset on, up to now. */
    public Iterator<LoggedRecord> records(int partition, long from) {
        Iterator<ConsumerRecord<byte[], byte[]>> read =
                new PartitionRecords(records, new TopicPartition(Topics.AUDIT, partition), from);
        return stream(read).map(PartitionSealer::logged).iterator();
    }

    /** The record at this offset; empty if there is none. */
    public Optional<LoggedRecord> record(int partition, long offset) {
        Iterator<LoggedRecord> from = records(partition, offset);
        return from.hasNext() ? Optional.of(from.next()).filter(record -> record.offset() == offset) : Optional.empty();
    }

    /** The first offset that is still there. */
    public long begin(int partition) {
        return Bounds.begin(records, new TopicPartition(Topics.AUDIT, partition));
    }

    /**
     * The seals of a partition in the order of the topic.
     *
     * @param from not those that were made before
     * @param to not those that were made after
     * @param damages is told of records that are no seals
     */
    public Iterator<Seal> seals(int partition, Instant from, Instant to, java.util.function.Consumer<Damage> damages) {
        TopicPartition place = new TopicPartition(Topics.AUDIT_CHECKPOINT, partition);
        Iterator<ConsumerRecord<byte[], byte[]>> read = new PartitionRecords(seals, place, offset(seals, place, from));
        return stream(read)
                .flatMap(record -> {
                    Optional<Seal> seal = SealRecords.decode(record);
                    if (seal.isEmpty()) {
                        damages.accept(new Damage(
                                Kind.UNREADABLE,
                                partition,
                                record.offset(),
                                "the record of that offset in %s is no checkpoint".formatted(Topics.AUDIT_CHECKPOINT)));
                    }
                    return seal.stream();
                })
                .filter(seal -> !seal.checkpoint().time().isBefore(from)
                        && !seal.checkpoint().time().isAfter(to))
                .iterator();
    }

    private static <T> Stream<T> stream(Iterator<T> iterator) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED), false);
    }

    private static long offset(Consumer<byte[], byte[]> consumer, TopicPartition partition, Instant time) {
        if (!time.isAfter(Instant.EPOCH)) {
            return 0;
        }
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli())).get(partition);
        return first == null ? Bounds.end(consumer, partition) : first.offset();
    }

    @Override
    public void close() {
        records.close();
        seals.close();
    }
}
