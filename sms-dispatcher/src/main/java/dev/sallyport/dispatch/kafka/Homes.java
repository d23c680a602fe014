package dev.sallyport.dispatch.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;

/** Where records of each key belong: where Kafka's own producers put them, and so where their ledger lies. */
record Homes(int partitions) {

    /** True if a record lies where its key belongs; without a key it belongs nowhere else. */
    boolean has(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null || Utils.toPositive(Utils.murmur2(record.key())) % partitions == record.partition();
    }
}
