package dev.sallyport.event.kafka;

import static io.vertx.core.Future.await;

import dev.sallyport.OutageLog;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.PublishFailed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.KafkaClientOptions;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Produces to Kafka through two idempotent producers: one that sends at once, for what a person waits for, and one that
 * gathers for a few milliseconds, for what nobody waits for; so a backlog of the second never delays the first.
 */
public final class KafkaEventPublisher implements EventPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventPublisher.class);
    private static final int TIMEOUT_MILLIS = 3_000;

    /** With so many unacknowledged events Kafka is taken to be away: further ones stay in their documents. */
    private static final int MOST_IN_FLIGHT = 5_000;

    /** With so many senders waiting, one more would only wait in vain. */
    private static final int MOST_URGENT = 500;

    private final String source;
    private final KafkaWriteStream<byte[], byte[]> urgent;
    private final KafkaWriteStream<byte[], byte[]> gathered;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger urgentInFlight = new AtomicInteger();
    private final OutageLog outage =
            new OutageLog(LOG, "Kafka does not take events; they wait in their documents until it does");

    /**
     * @param source the CloudEvents source: which roles of which process
     * @param properties further client settings, such as security
     */
    public KafkaEventPublisher(Vertx vertx, String bootstrapServers, Map<String, String> properties, String source) {
        this.source = source;
        this.urgent = producer(vertx, bootstrapServers, properties, 0);
        this.gathered = producer(vertx, bootstrapServers, properties, 10);
    }

    @Override
    public void send(EventRecord event) {
        if (urgentInFlight.incrementAndGet() > MOST_URGENT) {
            urgentInFlight.decrementAndGet();
            throw new PublishFailed(event.topic(), null);
        }
        Future<RecordMetadata> sent = urgent.send(CloudEvents.producerRecord(event, source));
        // Counted until the producer lets go of it, which may be long after the sender has.
        var _ = sent.onComplete(_ -> urgentInFlight.decrementAndGet());
        try {
            await(sent.timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
        } catch (Exception e) {
            throw new PublishFailed(event.topic(), e);
        }
    }

    @Override
    public void publish(List<EventRecord> events, Consumer<Boolean> done) {
        if (inFlight.addAndGet(events.size()) > MOST_IN_FLIGHT) {
            inFlight.addAndGet(-events.size());
            done.accept(false);
            return;
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
        for (EventRecord event : events) {
            sent.add(gathered.send(CloudEvents.producerRecord(event, source)));
        }
        // Joined, so that none is still under way when the caller hears of the failure of another.
        Future.join(sent).onComplete(result -> {
            inFlight.addAndGet(-events.size());
            if (result.failed()) {
                outage.failed(result.cause());
            } else {
                outage.worked();
            }
            done.accept(result.succeeded());
        });
    }

    /** Sends what is gathered and disconnects. */
    public void close() {
        await(Future.join(gathered.close(TIMEOUT_MILLIS), urgent.close(TIMEOUT_MILLIS)));
    }

    private static KafkaWriteStream<byte[], byte[]> producer(
            Vertx vertx, String bootstrapServers, Map<String, String> properties, int lingerMillis) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(lingerMillis));
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "2000");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(TIMEOUT_MILLIS));
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "1000");
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(8 << 20));
        // Each send tells its caller; without a handler every failure would be logged once more as unhandled.
        return KafkaWriteStream.create(
                        vertx,
                        new KafkaClientOptions().setConfig(config),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())
                .exceptionHandler(failure -> {});
    }
}
