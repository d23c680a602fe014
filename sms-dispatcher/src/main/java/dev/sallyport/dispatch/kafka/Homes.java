package dev.sallyport.dispatch.kafka;

import dev.sallyport.event.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/** Where records of each key belong: where Kafka's own producers put them, and so where their ledger lies. */
record Homes(int partitions) {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    /**
     * As the topic of orders is laid out. Blocks.
     *
     * @throws UnknownTopicOrPartitionException if there is none
     */
    static Homes of(Consumer<byte[], byte[]> consumer) {
        List<PartitionInfo> partitions = consumer.partitionsFor(Topics.SMS_SEND, ANSWER_LIMIT);
        if (partitions == null || partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException(
                    "There is no topic " + Topics.SMS_SEND + "; make it with ./sallyport topics apply");
        }
        return new Homes(partitions.size());
    }

    /** True if a record lies where its key belongs; without a key it belongs nowhere else. */
    boolean has(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null || Utils.toPositive(Utils.murmur2(record.key())) % partitions == record.partition();
    }
}
