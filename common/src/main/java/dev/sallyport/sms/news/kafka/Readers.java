package dev.sallyport.sms.news.kafka;

import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.kafka.OutcomeRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What both readers of outcomes have in common: small buffers, and what they take for an outcome. */
final class Readers {

    /** No challenge lives for so long, and no clock goes so wrong: nobody waits for such news. */
    private static final Duration OLD = Duration.ofMinutes(30);

    private Readers() {}

    /** @param more settings of this reader, over those of the operator */
    static Consumer<byte[], byte[]> connect(
            String bootstrapServers, Map<String, String> properties, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1 << 20);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 << 10);
        config.putAll(more);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Empty if the record is no outcome. */
    static Optional<Outcome> read(ConsumerRecord<byte[], byte[]> record) {
        return CloudEvents.read(record).flatMap(OutcomeRecords::decode);
    }

    static boolean isNews(Outcome outcome, Instant now) {
        return outcome.at().isAfter(now.minus(OLD)) && outcome.at().isBefore(now.plus(OLD));
    }
}
