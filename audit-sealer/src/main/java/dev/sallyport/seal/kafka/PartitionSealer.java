package dev.sallyport.seal.kafka;

import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.event.Topics;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Link;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.LoggedRecord.Header;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.Sealing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals one partition while this process has it. A seal and the group's place are one transaction: the place names the seal,
 * so the next owner goes on after the last that counts, and one that was owner before can commit nothing any more.
 */
final class PartitionSealer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionSealer.class);

    private final TopicPartition partition;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;
    private final Sealing sealing;

    private PartitionSealer(
            TopicPartition partition,
            Producer<byte[], byte[]> producer,
            Consumer<byte[], byte[]> consumer,
            Sealing sealing) {
        this.partition = partition;
        this.producer = producer;
        this.consumer = consumer;
        this.sealing = sealing;
    }

    /**
     * Goes on after the last seal.
     *
     * @param producer one whose transactions were initialised, by which it has shut out whoever sealed this partition before
     */
    static PartitionSealer open(
            LogId log,
            Producer<byte[], byte[]> producer,
            Consumer<byte[], byte[]> consumer,
            SealTopic seals,
            NoteSigner signer,
            Duration every,
            Clock clock) {
        TopicPartition partition = new TopicPartition(Topics.AUDIT, log.partition());
        try {
            Optional<Link> last = last(partition, consumer, seals);
            long begin = Bounds.begin(consumer, partition);
            long next =
                    last.filter(link -> isSameTopic(link, log)).map(Link::next).orElse(begin);
            consumer.seek(partition, next);
            return new PartitionSealer(
                    partition, producer, consumer, new Sealing(log, last, next, signer, every, clock));
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private static boolean isSameTopic(Link last, LogId log) {
        if (!last.topicId().equals(log.topicId())) {
            LOG.error(
                    "The topic {} was made anew since partition {} was sealed last, at {}: what stood there is gone, and"
                            + " every check from then on will say so",
                    log.topic(),
                    log.partition(),
                    last.time());
            return false;
        }
        return true;
    }

    /** The seal in the topic, which is signed, or the one that the group's place names, if the topic has lost that. */
    private static Optional<Link> last(TopicPartition partition, Consumer<byte[], byte[]> consumer, SealTopic seals) {
        Optional<Link> inTopic =
                seals.newest(partition.partition()).map(Seal::checkpoint).map(Link::to);
        Optional<Link> committed = Optional.ofNullable(
                        consumer.committed(Set.of(partition)).get(partition))
                .flatMap(place -> Link.parse(place.metadata()));
        long number = inTopic.map(Link::number).orElse(0L);
        committed
                .filter(link -> link.number() > number)
                .ifPresent(link -> LOG.warn(
                        "Checkpoint {} of partition {} was made, and {} holds none of that number under a key that is held"
                                + " here; sealing goes on after it",
                        link.number(),
                        partition.partition(),
                        Topics.AUDIT_CHECKPOINT));
        return Stream.concat(inTopic.stream(), committed.stream()).max(Comparator.comparingLong(Link::number));
    }

    /** Takes records that were read, up to an offset that has none: there it goes on with the one after. */
    void take(List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() > sealing.next()) {
                LOG.error(
                        "There is no record of offset {} in {}, where each has one: somebody else writes there, in"
                                + " transactions or not as Kafka's own clients do",
                        sealing.next(),
                        partition);
                sealing.skipTo(sealing.next() + 1);
                consumer.seek(partition, sealing.next());
                return;
            }
            if (record.offset() == sealing.next()) {
                sealing.add(logged(record));
            }
        }
    }

    /** The record as it lies there. */
    static LoggedRecord logged(ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
        return new LoggedRecord(
                record.partition(), record.offset(), record.timestamp(), record.key(), headers, record.value());
    }

    /** Goes on where the partition now begins. */
    void skipTo(long begin) {
        LOG.error(
                "Records {} to {} of partition {} of {} were deleted before they were sealed: run sealers, and keep"
                        + " records longer than they are away",
                sealing.next(),
                begin - 1,
                partition.partition(),
                partition.topic());
        sealing.skipTo(begin);
        consumer.seek(partition, begin);
    }

    /**
     * Seals what is due, and commits it.
     *
     * @param all whether all records that there are have been taken
     * @return the seals that were made, which stand in Kafka now
     */
    List<Seal> sealDue(boolean all) {
        if (all) {
            sealing.sealIfDue();
        }
        return commit();
    }

    /** Commits the seals that were made, all or none. */
    private List<Seal> commit() {
        List<Seal> seals = sealing.take();
        if (!seals.isEmpty()) {
            Checkpoint last = seals.getLast().checkpoint();
            producer.beginTransaction();
            for (Seal seal : seals) {
                // The commit fails if one of these does.
                var _ = producer.send(SealRecords.encode(seal));
            }
            producer.sendOffsetsToTransaction(
                    Map.of(
                            partition,
                            new OffsetAndMetadata(last.next(), Link.to(last).toString())),
                    consumer.groupMetadata());
            producer.commitTransaction();
        }
        return seals;
    }

    /** Records that were taken and wait for their seal. */
    int unsealed() {
        return sealing.waiting();
    }

    /** When the newest seal was made; empty before the first of all. */
    Optional<Instant> lastTime() {
        return sealing.lastTime();
    }

    @Override
    public void close() {
        // What is not committed by now is read again by the next owner.
        producer.close(Duration.ZERO);
    }
}
