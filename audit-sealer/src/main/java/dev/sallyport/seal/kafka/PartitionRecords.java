package dev.sallyport.seal.kafka;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The records of one partition up to where it ended when they were asked for. Needs its consumer for itself. */
final class PartitionRecords implements Iterator<ConsumerRecord<byte[], byte[]>> {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long end;
    private Iterator<ConsumerRecord<byte[], byte[]>> polled =
            List.<ConsumerRecord<byte[], byte[]>>of().iterator();

    /** @param from an offset; what is no longer there is passed over */
    PartitionRecords(Consumer<byte[], byte[]> consumer, TopicPartition partition, long from) {
        this.consumer = consumer;
        this.partition = partition;
        consumer.assign(List.of(partition));
        this.end = Bounds.end(consumer, partition);
        consumer.seek(partition, Math.max(from, Bounds.begin(consumer, partition)));
    }

    /** @throws TimeoutException if Kafka does not answer */
    @Override
    public boolean hasNext() {
        long patience = System.nanoTime() + PATIENCE_NANOS;
        while (!polled.hasNext() && consumer.position(partition) < end) {
            long before = consumer.position(partition);
            polled = consumer.poll(POLL).records(partition).iterator();
            if (consumer.position(partition) == before && System.nanoTime() > patience) {
                throw new TimeoutException(
                        "no records of " + partition + " in " + PATIENCE_NANOS / 1_000_000_000 + " s");
            }
        }
        return polled.hasNext();
    }

    @Override
    public ConsumerRecord<byte[], byte[]> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return polled.next();
    }
}
