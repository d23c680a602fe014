package dev.sallyport.deploy;

import dev.sallyport.event.EventRecord;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.event.kafka.Refusals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What stands in topics now, for operators' commands. Blocks; every question is answered within seconds or fails. */
final class TopicPeek implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> client;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param properties further client settings, such as security
     * @throws CommandFailed if Kafka's client refuses an address or a setting
     */
    TopicPeek(String bootstrapServers, Map<String, String> properties) {
        client = new HashMap<>(properties);
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        client.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        Map<String, Object> config = new HashMap<>(client);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try {
            consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw new CommandFailed(Refusals.ofSettings(e, properties), e);
        }
    }

    /**
     * Reads all events of a topic up to now, those of one key in their order.
     *
     * @throws CommandFailed if Kafka does not answer or refuses
     */
    void all(String topic, Consumer<EventRecord> each) {
        since(topic, Instant.EPOCH, each);
    }

    /** The same, from a moment on. */
    void since(String topic, Instant moment, Consumer<EventRecord> each) {
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, moment.toEpochMilli()));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, OffsetAndTimestamp> firsts = consumer.offsetsForTimes(times);
            ends.forEach((partition, end) -> {
                OffsetAndTimestamp first = firsts.get(partition);
                consumer.seek(partition, first == null ? end : first.offset());
            });
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(record -> CloudEvents.read(record).ifPresent(each));
            }
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    /** Goes on with what comes after {@link #since} until this thread is interrupted. */
    void follow(Consumer<EventRecord> each) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                consumer.poll(POLL).forEach(record -> CloudEvents.read(record).ifPresent(each));
            }
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    /**
     * Produces records as they are, acknowledged by all in-sync replicas.
     *
     * @return how many
     */
    int produce(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> config = new HashMap<>(client);
        config.remove(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) LIMIT.toMillis());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            // What may not be produced is asked once, and not waited for with each record.
            records.stream().map(ProducerRecord::topic).distinct().forEach(producer::partitionsFor);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
            return sent.size();
        } catch (KafkaException | ExecutionException e) {
            throw unanswered(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(e);
        }
    }

    private static CommandFailed unanswered(Exception cause) {
        return new CommandFailed(
                Refusals.ofBrokers(cause)
                        .orElse(
                                "Kafka did not answer; check SALLYPORT_KAFKA_BOOTSTRAP_SERVERS, that its brokers are up and"
                                        + " that the topics are there (./sallyport topics check)."),
                cause);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
