package dev.sallyport.deploy.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.StoreUnavailable;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.kafka.OutcomeRecords;
import dev.sallyport.sms.news.kafka.OutcomeKeeper;
import dev.sallyport.testing.Eventually;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The group of the web roles on a real broker, with a store that comes and goes. */
class OutcomeKeeperIT {

    private static final AtomicInteger COUNT = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static EmbeddedKafka broker;
    private static KafkaProducer<byte[], byte[]> producer;
    private static ExecutorService places;

    @BeforeAll
    static void start() {
        broker = new EmbeddedKafka(folder, 0);
        broker.start();
        try (TopicAdmin admin = new TopicAdmin(broker.bootstrapServers(), Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        places = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void stop() {
        places.close();
        producer.close();
        broker.stop();
    }

    /** A node: a member of the group, and what it has kept. */
    private static final class Node implements AutoCloseable {

        private final Queue<String> kept = new ConcurrentLinkedQueue<>();
        private final AtomicInteger refused = new AtomicInteger();
        private final OutcomeKeeper keeper =
                new OutcomeKeeper(broker.bootstrapServers(), Map.of(), this::keep, places, Clock.systemUTC());
        private volatile boolean storeIsAway;

        Node(boolean storeIsAway) {
            this.storeIsAway = storeIsAway;
            keeper.start();
        }

        private void keep(Outcome outcome) {
            if (storeIsAway) {
                refused.incrementAndGet();
                throw new StoreUnavailable(null);
            }
            kept.add(outcome.messageId());
        }

        /** Of these messages, those that it has kept. */
        Set<String> keptOf(Set<String> messages) {
            return kept.stream().filter(messages::contains).collect(Collectors.toSet());
        }

        @Override
        public void close() {
            try {
                keeper.stop();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Tells what became of so many messages, of phones all over the partitions. */
    private static Set<String> tell(int count) {
        List<String> messages = IntStream.range(0, count)
                .mapToObj(_ -> "message-" + COUNT.incrementAndGet())
                .toList();
        for (String message : messages) {
            Outcome outcome = Outcome.of(message, "challenge", "key of " + message, Status.SENT, Instant.now());
            producer.send(CloudEvents.producerRecord(OutcomeRecords.encode(outcome), "/test"));
        }
        producer.flush();
        return new HashSet<>(messages);
    }

    @Test
    void whatWasKeptIsNotReadAgainByTheNextNode() {
        Set<String> first = tell(200);
        try (Node node = new Node(false)) {
            Eventually.equal(first, () -> node.keptOf(first));
        }
        Set<String> second = tell(50);
        try (Node node = new Node(false)) {
            Eventually.equal(second, () -> node.keptOf(second));
            assertEquals(Set.of(), node.keptOf(first));
        }
    }

    @Test
    void whatCouldNotBeKeptIsKeptByTheNextNode() {
        Set<String> messages = tell(200);
        try (Node node = new Node(true)) {
            Eventually.equal(true, () -> node.refused.get() > 0);
        }
        try (Node node = new Node(false)) {
            Eventually.equal(messages, () -> node.keptOf(messages));
        }
    }

    @Test
    void aStoreThatIsAwayIsAskedAgainNowAndThenAndHoldsOnlyItsOwnNodeUp() {
        Set<String> messages = tell(200);
        try (Node patient = new Node(true)) {
            Eventually.equal(true, () -> patient.refused.get() > 0);
            int before = patient.refused.get();
            Eventually.equal(true, () -> patient.refused.get() > before);
            assertTrue(patient.refused.get() - before <= 64, "once a second, not again and again");
            try (Node healthy = new Node(false)) {
                Eventually.equal(false, () -> healthy.keptOf(messages).isEmpty());
                patient.storeIsAway = false;
                Eventually.equal(messages, () -> {
                    Set<String> all = new HashSet<>(patient.keptOf(messages));
                    all.addAll(healthy.keptOf(messages));
                    return all;
                });
            }
        }
    }
}
