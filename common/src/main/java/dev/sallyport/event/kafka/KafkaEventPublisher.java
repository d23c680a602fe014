package dev.sallyport.event.kafka;

import static io.vertx.core.Future.await;

import dev.sallyport.OutageLog;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.PublishFailed;
import dev.sallyport.event.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Produces to Kafka through two idempotent producers: one that sends at once, for what a person waits for, and one that
 * gathers for a few milliseconds, for what nobody waits for; so a backlog of the second never delays the first.
 */
public final class KafkaEventPublisher implements EventPublisher {

    /**
     * The CloudEvents source, one for all web roles and nodes: id and source together name an event, and whoever produces
     * what another left behind must produce the same record.
     */
    private static final String SOURCE = "/sallyport";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventPublisher.class);
    private static final long TIMEOUT_MILLIS = PromptProducer.TIMEOUT_MILLIS;
    private static final long RETRY_MILLIS = 100;
    private static final int GATHER_MILLIS = 50;

    /** With so many unacknowledged events Kafka is taken to be away: further ones stay in their documents. */
    private static final int MOST_IN_FLIGHT = 5_000;

    private final Vertx vertx;
    private final String source;
    private final Stamps stamps;
    private final PromptProducer urgent;
    private final PromptProducer gathered;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final OutageLog outage =
            new OutageLog(LOG, "Kafka does not take events; they wait in their documents until it does");

    /**
     * Connects.
     *
     * @param properties further client settings, such as security
     * @param stamps for what is told to auditors
     */
    public KafkaEventPublisher(Vertx vertx, String bootstrapServers, Map<String, String> properties, Stamps stamps) {
        this(
                vertx,
                SOURCE,
                stamps,
                new PromptProducer(vertx, bootstrapServers, properties, List.of(Topics.SMS_SEND), 0),
                new PromptProducer(
                        vertx,
                        bootstrapServers,
                        properties,
                        List.of(Topics.AUDIT, Topics.SESSION, Topics.SMS_VERIFIED),
                        GATHER_MILLIS));
    }

    private KafkaEventPublisher(
            Vertx vertx, String source, Stamps stamps, PromptProducer urgent, PromptProducer gathered) {
        this.vertx = vertx;
        this.source = source;
        this.stamps = stamps;
        this.urgent = urgent;
        this.gathered = gathered;
    }

    /**
     * Connects, for a role that produces to one topic and waits for each event.
     *
     * @param properties further client settings, such as security
     * @param topic the one that it produces to
     * @param source the CloudEvents source of its events
     */
    public static KafkaEventPublisher forTopic(
            Vertx vertx, String bootstrapServers, Map<String, String> properties, String topic, String source) {
        PromptProducer producer = new PromptProducer(vertx, bootstrapServers, properties, List.of(topic), 0);
        return new KafkaEventPublisher(vertx, source, new Stamps(source), producer, producer);
    }

    @Override
    public void send(EventRecord event) {
        ProducerRecord<byte[], byte[]> record = CloudEvents.producerRecord(event, source);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
        try {
            await(sent(record, end).timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
        } catch (Exception e) {
            throw new PublishFailed(event.topic(), e);
        }
    }

    /** Tries again what failed at once, which was not sent at all; what failed late may have arrived. */
    private Future<RecordMetadata> sent(ProducerRecord<byte[], byte[]> record, long end) {
        long start = System.nanoTime();
        return urgent.send(record).recover(failure -> {
            boolean atOnce = System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
            boolean inTime = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * RETRY_MILLIS) < end;
            return failure instanceof TimeoutException && atOnce && inTime
                    ? vertx.timer(RETRY_MILLIS, TimeUnit.MILLISECONDS).compose(_ -> sent(record, end))
                    : Future.failedFuture(failure);
        });
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
            Map<String, String> stamp = event.topic().equals(Topics.AUDIT) ? stamps.next() : Map.of();
            sent.add(gathered.send(CloudEvents.producerRecord(event, source, stamp)));
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
        await(Future.join(Stream.of(gathered, urgent)
                .distinct()
                .map(PromptProducer::close)
                .toList()));
    }
}
