package dev.sallyport.bench;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and what dispatchers need, without web roles and a store. Orders are written by the bench itself. */
final class DispatchSite implements AutoCloseable {

    private final int brokerPort = Part.freePort();
    private final Path folder;
    private final Part broker;
    private final FakeTwilio twilio = FakeTwilio.start();
    private final Orders orders;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> counter;

    DispatchSite() {
        try {
            folder = Files.createTempDirectory("sallyport-dispatch-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = Part.java(
                "dispatch-broker",
                Server.class.getName(),
                "broker",
                folder.resolve("broker").toString(),
                "" + brokerPort);
        try (TopicAdmin admin = new TopicAdmin(bootstrap(), Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
        KeyFolder keys = new KeyFolder(folder.resolve("keys"));
        keys.init();
        keys.export(EnumSet.of(Role.SMS_DISPATCHER), folder.resolve("dispatcher-keys"));
        orders = new Orders(folder.resolve("keys"));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap(), "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        counter = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    String bootstrap() {
        return "127.0.0.1:" + brokerPort;
    }

    Part broker() {
        return broker;
    }

    FakeTwilio twilio() {
        return twilio;
    }

    Orders orders() {
        return orders;
    }

    /** What a dispatcher with its provider inside is told; there is no store, and it asks none. */
    Map<String, String> inProcessSettings() {
        Map<String, String> settings = settings();
        settings.put("SALLYPORT_MONGO_URI", "mongodb://127.0.0.1:1/");
        return settings;
    }

    /** Nothing holds a dispatcher back but itself. */
    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("SALLYPORT_MANAGEMENT_PORT", "" + Part.freePort());
        settings.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", bootstrap());
        settings.put("SALLYPORT_KAFKA_REPLICATION", "1");
        settings.put("SALLYPORT_KEYS_DIR", folder.resolve("dispatcher-keys").toString());
        settings.put("SALLYPORT_LIMITS_MONEY_MODE", "record-only");
        settings.put("SALLYPORT_SMS_RATE", "100000");
        return settings;
    }

    /** What the product's own process is told, with Twilio's fake as the provider. */
    Map<String, String> twilioSettings() {
        Map<String, String> settings = settings();
        settings.put("SALLYPORT_ROLES", Role.SMS_DISPATCHER.toString());
        settings.putAll(twilio.environment());
        return settings;
    }

    /** Writes all, as fast as it goes. */
    void write(List<ProducerRecord<byte[], byte[]>> records) {
        List<Future<RecordMetadata>> written =
                records.stream().map(producer::send).toList();
        producer.flush();
        written.forEach(Future::resultNow);
    }

    /** How many outcomes there are. */
    long outcomes() {
        return counter
                .endOffsets(counter.partitionsFor(Topics.SMS_OUTCOME).stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .toList())
                .values()
                .stream()
                .mapToLong(end -> end)
                .sum();
    }

    /** @throws IllegalStateException if there are not so many within a minute */
    void awaitOutcomes(long count) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (outcomes() < count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(outcomes() + " outcomes after a minute, and not " + count);
            }
            Machine.rest(5);
        }
    }

    @Override
    public void close() {
        counter.close();
        producer.close();
        twilio.close();
        broker.close();
    }
}
