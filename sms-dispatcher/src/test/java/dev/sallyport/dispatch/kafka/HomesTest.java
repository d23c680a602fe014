package dev.sallyport.dispatch.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class HomesTest {

    private static ConsumerRecord<byte[], byte[]> record(int partition, byte[] key) {
        return new ConsumerRecord<>("orders", partition, 0, key, null);
    }

    @Test
    void aKeyHasOneHomeAndItIsWhereKafkasProducersPutIt() {
        for (Map.Entry<String, Integer> key :
                Map.of("a", 24, "b", 1, "kT3vG", 7, "", 24).entrySet()) {
            byte[] bytes = key.getKey().getBytes(UTF_8);
            Homes homes = new Homes(key.getValue());
            int home = BuiltInPartitioner.partitionForKey(bytes, key.getValue());
            IntStream.range(0, key.getValue())
                    .forEach(partition -> assertEquals(partition == home, homes.has(record(partition, bytes))));
        }
    }

    @Test
    void withoutAKeyNothingIsElsewhere() {
        assertTrue(new Homes(24).has(record(11, null)));
    }
}
