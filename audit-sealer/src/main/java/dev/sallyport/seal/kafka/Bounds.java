package dev.sallyport.seal.kafka;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where a partition begins and ends now. */
final class Bounds {

    private Bounds() {}

    /** The first offset that is still there. */
    static long begin(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return of(consumer.beginningOffsets(List.of(partition)), partition);
    }

    /** The offset of the next record to come. */
    static long end(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return of(consumer.endOffsets(List.of(partition)), partition);
    }

    private static long of(Map<TopicPartition, Long> answer, TopicPartition partition) {
        return Objects.requireNonNull(answer.get(partition), "Kafka has answered for another partition");
    }
}
