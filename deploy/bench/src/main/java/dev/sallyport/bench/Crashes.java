package dev.sallyport.bench;

import dev.sallyport.Role;
import dev.sallyport.deploy.cluster.Brokers;
import dev.sallyport.deploy.cluster.Node;
import dev.sallyport.deploy.cluster.Ports;
import dev.sallyport.deploy.cluster.ProductJar;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.deploy.cluster.RoleNodes;
import dev.sallyport.dispatch.ledger.LedgerEntry;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.dispatch.ledger.kafka.LedgerRecords;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.dispatch.twilio.fake.SentMessage;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.kafka.OutcomeRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Orders for text messages while dispatchers and brokers are killed with SIGKILL and started again, and then the books are
 * compared: what was ordered, what Twilio's fake has, what the ledger and the outcomes tell.
 */
final class Crashes implements AutoCloseable {

    /**
     * What the books say.
     *
     * @param told orders that have an outcome
     * @param outcomes the last one of each order, by status
     * @param doubled messages at the provider beyond the first of one order and attempt
     * @param again attempts that were made though nothing could tell whether the one before was sent
     * @param unknown orders of which nothing could tell it in the end
     * @param asked how often the provider was asked what became of a message
     * @param violations of Twilio's contract
     */
    record Books(
            int orders,
            int kills,
            int told,
            Map<String, Integer> outcomes,
            int sent,
            int doubled,
            int again,
            int unknown,
            int asked,
            List<String> violations) {}

    /** Of one dispatcher, and so what it leaves in doubt at most when it is killed. */
    static final int CALLS_AT_ONCE = 8;

    private static final int DISPATCHERS = 3;
    private static final int LOTS_A_SECOND = 5;
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    /** No order is told of later than this, once nothing is killed any more. */
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);

    private static final Duration CALM_FOR = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(200);

    private final FakeTwilio twilio = FakeTwilio.start();
    private final Ports ports = new Ports();
    private final Brokers brokers;
    private final RoleNodes roles;
    private final CallbackProxy callbacks = new CallbackProxy(this::callbackPorts);
    private final KafkaProducer<byte[], byte[]> producer;
    private final Orders orders;
    private final Random random = new Random(20_261_126);
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();

    /**
     * The product, with half the processor time until a process is ready: where they are restarted again and again on one
     * machine, each takes from the others what it does not in production.
     *
     * @param deploy the folder of that module
     */
    static ProductJar jar(Path deploy) {
        Path jar = deploy.resolve("target").resolve("sallyport.jar");
        return ProductJar.at(
                        jar.toAbsolutePath(),
                        "@" + deploy.resolve("java.options").toAbsolutePath())
                .with("-XX:TieredStopAtLevel=1");
    }

    /** Everything is up when it returns. */
    Crashes(Path folder, ProductJar jar) throws InterruptedException {
        brokers = new Brokers(folder, jar, ports);
        roles = new RoleNodes(
                folder,
                jar,
                ports,
                new RoleNodes.Servers(brokers.bootstrapServers(), Brokers.COUNT, "mongodb://127.0.0.1:1/"),
                role -> settings());
        brokers.start();
        brokers.awaitReady(START_LIMIT);
        try (TopicAdmin admin = new TopicAdmin(brokers.bootstrapServers(), Map.of())) {
            admin.apply(TopicPlan.all(Brokers.COUNT));
        }
        for (int i = 0; i < DISPATCHERS; i++) {
            roles.add(Role.SMS_DISPATCHER);
        }
        roles.start(START_LIMIT);
        twilio.reportAll("sent", "delivered");
        orders = new Orders(roles.allKeys());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers.bootstrapServers(), "acks", "all", "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("SALLYPORT_SMS_RATE", "200");
        settings.put("SALLYPORT_SMS_CALLS_AT_ONCE", String.valueOf(CALLS_AT_ONCE));
        settings.put("SALLYPORT_LIMITS_MONEY_MODE", "record-only");
        settings.put("SALLYPORT_SMS_CALLBACK_URL", callbacks.url() + "/callbacks");
        settings.putAll(twilio.environment());
        return settings;
    }

    /** Those of dispatchers that run. */
    private List<Integer> callbackPorts() {
        return roles.of(Role.SMS_DISPATCHER).stream()
                .filter(Node::isAlive)
                .map(node -> Integer.parseInt(node.environment().getOrDefault("SALLYPORT_SMS_CALLBACK_PORT", "0")))
                .toList();
    }

    /**
     * One process at a time is down, as long as there are orders.
     *
     * @param kills at least
     * @param calm whether the next is killed only when all are at work again and nothing is left over from the last
     */
    Books run(int count, int perSecond, int kills, boolean calm) throws InterruptedException {
        Thread people = Thread.ofPlatform().start(() -> order(count, perSecond));
        int killed = 0;
        while (killed < kills || people.isAlive()) {
            Node victim = victim();
            victim.restart();
            killed++;
            victim.awaitReady(START_LIMIT);
            if (calm) {
                awaitCalm();
            }
        }
        people.join();
        for (Node node : roles.all()) {
            node.awaitReady(START_LIMIT);
        }
        awaitOutcomes(count);
        return compare(count, killed);
    }

    /** For some seconds all that was ordered has left, but for what is in doubt, which takes its time and is no more. */
    private void awaitCalm() {
        long now = System.nanoTime();
        long end = now + SETTLED_WITHIN.toNanos();
        for (long since = now; now - since < CALM_FOR.toNanos(); now = System.nanoTime()) {
            if (now > end) {
                throw new IllegalStateException("Messages don't leave any more");
            }
            if (twilio.ledger().messages().size() < made.get() - CALLS_AT_ONCE * DISPATCHERS) {
                since = now;
            }
            Machine.rest(POLL.toMillis());
        }
    }

    /** Dispatchers twice as often as brokers. */
    private Node victim() {
        List<RoleNode> dispatchers = roles.of(Role.SMS_DISPATCHER);
        return random.nextInt(3) == 0
                ? brokers.nodes().get(random.nextInt(Brokers.COUNT))
                : dispatchers.get(random.nextInt(dispatchers.size()));
    }

    private void order(int count, int perSecond) {
        List<Future<RecordMetadata>> written = new ArrayList<>();
        while (made.get() < count) {
            int lot = Math.min(perSecond / LOTS_A_SECOND, count - made.get());
            for (ProducerRecord<byte[], byte[]> record : orders.make(lot)) {
                written.add(producer.send(record));
            }
            made.addAndGet(lot);
            Machine.rest(1_000 / LOTS_A_SECOND);
        }
        producer.flush();
        refused.set((int) written.stream()
                .filter(one -> one.state() == Future.State.FAILED)
                .count());
    }

    private void awaitOutcomes(int count) {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        while (outcomes().size() < count - refused.get()) {
            if (System.nanoTime() > end) {
                return;
            }
            Machine.rest(1_000);
        }
    }

    private Map<String, String> outcomes() {
        Map<String, String> last = new HashMap<>();
        read(Topics.SMS_OUTCOME, record -> CloudEvents.read(record)
                .flatMap(OutcomeRecords::decode)
                .ifPresent(outcome -> last.put(outcome.messageId(), word(outcome))));
        return last;
    }

    private static String word(Outcome outcome) {
        return outcome.status().name().toLowerCase(java.util.Locale.ROOT);
    }

    private Books compare(int count, int kills) {
        Map<String, String> last = outcomes();
        Map<String, Integer> byStatus = new TreeMap<>();
        last.values().forEach(word -> byStatus.merge(word, 1, Integer::sum));
        List<LedgerEntry> entries = new ArrayList<>();
        read(Topics.SMS_LEDGER, record -> CloudEvents.read(record)
                .flatMap(LedgerRecords::decode)
                .ifPresent(entries::add));
        List<SentMessage> sent = twilio.ledger().messages();
        Set<String> attempts = new HashSet<>();
        int doubled = (int) sent.stream()
                .filter(message -> !attempts.add(message.to() + ' ' + message.attempt()))
                .count();
        return new Books(
                count - refused.get(),
                kills,
                last.size(),
                byStatus,
                sent.size(),
                doubled,
                (int) entries.stream()
                        .filter(entry -> entry instanceof Started started && started.again())
                        .map(entry -> entry.messageId() + ' ' + entry.attempt())
                        .distinct()
                        .count(),
                (int) entries.stream()
                        .filter(entry -> entry instanceof Ended ended && ended.end() == End.UNKNOWN)
                        .map(LedgerEntry::messageId)
                        .distinct()
                        .count(),
                twilio.ledger().lookUps(),
                twilio.ledger().violations());
    }

    /** A topic from its beginning to what is its end now. */
    private void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> take) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(one.topic(), one.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                consumer.poll(POLL).forEach(take);
            }
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        roles.close();
        brokers.close();
        ports.close();
        callbacks.close();
        twilio.close();
    }
}
