package dev.sallyport.dispatch.limit.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.dispatch.kafka.OwnRecords;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.limit.PartitionSums;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.kafka.CloudEvents;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Tells the others this worker's sums, and knows up to when they were told. Safe for the producer's thread. */
final class Teller {

    private final Limits limits;
    private final BiConsumer<ProducerRecord<byte[], byte[]>, Callback> producer;
    private final OwnRecords own;
    private final String source;
    private final OutageLog outage = new OutageLog(
            LoggerFactory.getLogger(Teller.class),
            "Kafka does not take this worker's sums, so after %d s it spends no money"
                    .formatted(Limits.FEED_LIMIT.toSeconds()));

    private long records;
    private long takenAt;
    private int underWay;
    private boolean failed;
    private OptionalLong toldAt = OptionalLong.empty();

    Teller(
            Limits limits,
            BiConsumer<ProducerRecord<byte[], byte[]>, Callback> producer,
            OwnRecords own,
            String source) {
        this.limits = limits;
        this.producer = producer;
        this.own = own;
        this.source = source;
    }

    /**
     * Begins to tell what has changed, unless Kafka has not taken yet what was told before.
     *
     * @param topicPartitions of the topic; all sums of one partition of orders go to one of them, so they keep their order
     */
    void tell(long nanos, Instant now, int topicPartitions) {
        List<PartitionSums> changes;
        synchronized (this) {
            if (underWay > 0) {
                return;
            }
            changes = limits.changes();
            takenAt = nanos;
            failed = false;
            underWay = changes.size();
            if (changes.isEmpty()) {
                toldAt = OptionalLong.of(nanos);
            }
        }
        changes.forEach(sums -> tell(sums, now, topicPartitions));
    }

    private void tell(PartitionSums sums, Instant now, int topicPartitions) {
        EventRecord event = own.mark(StatsRecords.encode(sums, limits.worker() + '-' + records++, now));
        ProducerRecord<byte[], byte[]> any = CloudEvents.producerRecord(event, source);
        ProducerRecord<byte[], byte[]> placed = new ProducerRecord<>(
                any.topic(), sums.partition() % topicPartitions, null, any.key(), any.value(), any.headers());
        try {
            producer.accept(placed, (metadata, failure) -> ended(sums, failure));
        } catch (RuntimeException e) {
            ended(sums, e);
        }
    }

    private synchronized void ended(PartitionSums sums, @Nullable Exception failure) {
        underWay--;
        if (failure != null) {
            failed = true;
            limits.putBack(sums);
            outage.failed(failure);
        }
        if (underWay == 0 && !failed) {
            toldAt = OptionalLong.of(takenAt);
            outage.worked();
        }
    }

    /** Everything that had changed by then is known to Kafka; empty before that was ever so. */
    synchronized OptionalLong toldAt() {
        return toldAt;
    }
}
