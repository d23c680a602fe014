package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.ConfigFiles;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.dispatch.GivenKeys;
import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.kafka.OwnRecords;
import dev.sallyport.dispatch.limit.Cell;
import dev.sallyport.dispatch.limit.Cell.Kind;
import dev.sallyport.dispatch.limit.Change;
import dev.sallyport.dispatch.limit.Count;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.limit.PartitionSums;
import dev.sallyport.dispatch.limit.PartitionSums.Period;
import dev.sallyport.dispatch.limit.PartitionSums.Span;
import dev.sallyport.dispatch.limit.RegionSums;
import dev.sallyport.dispatch.limit.Regions;
import dev.sallyport.dispatch.limit.Rule;
import dev.sallyport.dispatch.limit.Switch;
import dev.sallyport.dispatch.limit.Switch.RegionOff;
import dev.sallyport.dispatch.limit.SwitchBoard;
import dev.sallyport.dispatch.limit.Verdict;
import dev.sallyport.dispatch.limit.Verdict.Allowed;
import dev.sallyport.dispatch.limit.Verdict.Suppressed;
import dev.sallyport.dispatch.limit.kafka.ControlRecords;
import dev.sallyport.dispatch.limit.kafka.StatsFeed;
import dev.sallyport.dispatch.limit.kafka.StatsRecords;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers tell each other what they spend, and hear what operators set, through a real broker. */
@Tag("long")
class StatsFeedIT {

    private static final Duration IN_FORCE = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    private static EmbeddedKafka broker;

    private final List<Worker> workers = new ArrayList<>();

    @BeforeAll
    static void start() {
        broker = new EmbeddedKafka(folder, 0);
        broker.start();
        try (TopicAdmin admin = new TopicAdmin(broker.bootstrapServers(), Map.of())) {
            admin.apply(TopicPlan.all(1).stream()
                    .filter(plan -> Set.of(Topics.SMS_SEND, Topics.SMS_STATS, Topics.SMS_CONTROL)
                            .contains(plan.name()))
                    .toList());
        }
    }

    @AfterAll
    static void stop() {
        broker.stop();
    }

    @AfterEach
    void stopWorkers() throws Exception {
        for (Worker worker : workers) {
            worker.stop();
        }
    }

    @Test
    void whatOneSpendsAnotherKnowsSoonAndOneThatStartsLaterAtOnce() throws Exception {
        String region = "GB";
        Worker one = worker();
        Worker two = worker();
        long before = spent(two, region);
        one.owns(3);
        one.send(3, region, 5);
        Await.until(LONG, () -> spent(two, region) == before + 300_000);
        one.send(3, region, 1);
        Await.until(LONG, () -> spent(two, region) == before + 360_000);
        Worker late = worker();
        assertEquals(before + 360_000, spent(late, region));
        assertTrue(late.feed.check());
    }

    @Test
    void whoTakesAPartitionOverCountsItAnewAndAllAgree() throws Exception {
        String region = "FR";
        Worker former = worker();
        Worker next = worker();
        Worker third = worker();
        long before = spent(third, region);
        former.owns(5);
        List<Sending> ledger = former.send(5, region, 4);
        Await.until(LONG, () -> spent(third, region) == before + 360_000);
        former.limits.revoked(5);
        next.limits.assigned(5);
        ledger.forEach(order -> next.limits.sent(5, order, 1, "twilio"));
        next.limits.replayed(5, Instant.now().minus(Duration.ofHours(2)));
        next.send(5, region, 1);
        for (Worker worker : workers) {
            Await.until(LONG, () -> spent(worker, region) == before + 450_000);
        }
    }

    @Test
    void aSwitchIsInForceOnEveryWorkerWithinTwoSecondsAndOutlivesThem() throws Exception {
        Worker one = worker();
        Worker two = worker();
        one.owns(0);
        assertInstanceOf(Allowed.class, one.judge(0, "DE"));
        one.set(new RegionOff("DE", true));
        for (Worker worker : List.of(one, two)) {
            Await.until(IN_FORCE, () -> worker.switches.current().isOff("DE"));
        }
        assertEquals(
                Rule.REGION,
                assertInstanceOf(Suppressed.class, one.judge(0, "DE")).rule());
        one.producer.send(new ProducerRecord<>(Topics.SMS_CONTROL, "region.DE".getBytes(), "nonsense".getBytes()));
        assertTrue(worker().switches.current().isOff("DE"));
        one.set(new RegionOff("DE", false));
        Await.until(IN_FORCE, () -> !two.switches.current().isOff("DE"));
    }

    @Test
    void withoutKafkaMoneyIsNotSpentAndWhatWasSpentIsToldWhenItIsBack() throws Exception {
        String region = "IT";
        Worker one = worker();
        Worker two = worker();
        one.owns(9);
        long before = spent(two, region);
        broker.stop();
        try {
            one.send(9, region, 2);
            Await.until(Limits.FEED_LIMIT.plusSeconds(5), () -> !one.limits.isFed() && !two.limits.isFed());
            assertEquals(new Verdict.Unknown(Rule.MONEY), one.judge(9, region));
        } finally {
            broker.start();
        }
        Await.until(LONG, () -> spent(two, region) == before + 200_000);
        Await.until(LONG, () -> one.feed.check() && two.feed.check());
        assertInstanceOf(Allowed.class, one.judge(9, region));
    }

    @Test
    void oneWhoseSumsKafkaDoesNotTakeSpendsNoMoneyThoughItHearsTheOthers() throws Exception {
        Worker mute = new Worker();
        mute.feed = mute.feed((record, callback) -> callback.onCompletion(null, new IllegalStateException("refused")));
        workers.add(mute);
        mute.feed.start();
        mute.feed.ready().toCompletableFuture().get(20, TimeUnit.SECONDS);
        Worker other = worker();
        long before = spent(mute, "ES");
        mute.owns(11);
        other.owns(12);
        assertTrue(mute.limits.isFed(), "while it has nothing to tell");
        mute.send(11, "ES", 1);
        other.send(12, "ES", 1);
        Await.until(LONG, () -> spent(mute, "ES") == before + 180_000);
        Await.until(Limits.FEED_LIMIT.plusSeconds(5), () -> !mute.limits.isFed());
        assertTrue(other.limits.isFed());
    }

    @Test
    void whatIsMadeUpOrBrokenChangesNothingAndStopsNobody() throws Exception {
        String region = "ES";
        Worker one = worker();
        Worker two = worker();
        long before = spent(two, region);
        Instant now = Instant.now();
        two.tell(new PartitionSums(24, "forger", Span.MINUTE, List.of(period(now, region, 1_000))));
        two.tell(new PartitionSums(
                7, "forger", Span.MINUTE, List.of(period(now.plus(Duration.ofMinutes(7)), region, 1_000))));
        for (String nonsense : List.of("null", "[]", "{\"partition\":null}", "")) {
            two.producer.send(new ProducerRecord<>(Topics.SMS_STATS, "7".getBytes(), nonsense.getBytes()));
            two.producer.send(new ProducerRecord<>(Topics.SMS_CONTROL, "rate".getBytes(), nonsense.getBytes()));
        }
        two.producer.flush();
        one.owns(15);
        one.send(15, region, 1);
        Await.until(LONG, () -> spent(two, region) == before + 90_000);
        assertTrue(one.feed.check() && two.feed.check());
    }

    private static Period period(Instant at, String region, int sent) {
        return new Period(at, Map.of(new Cell(Kind.REGION, region), new Count(sent, 0, 0, 0, 60_000L * sent)));
    }

    private static long spent(Worker worker, String region) {
        return worker.limits.regions().stream()
                .filter(sums -> sums.region().equals(region))
                .mapToLong(RegionSums::hourMicros)
                .sum();
    }

    private Worker worker() throws Exception {
        Worker worker = new Worker();
        workers.add(worker);
        worker.feed.start();
        worker.feed.ready().toCompletableFuture().get(20, TimeUnit.SECONDS);
        return worker;
    }

    /** What a dispatcher has of this: limits, switches, a feed and a producer. */
    private static final class Worker {

        private static final OwnRecords OWN = GivenKeys.ownRecords();

        final SwitchBoard switches = new SwitchBoard();
        final Limits limits;
        final KafkaProducer<byte[], byte[]> producer;
        StatsFeed feed;

        Worker() {
            SallyportConfig config = ConfigFiles.readSettings(
                    Map.of("SALLYPORT_PHONE_REGIONS", "US,GB,FR,DE,IT,ES"), Path.of("no such folder"));
            limits = new Limits(
                    config.limits(),
                    Regions.read(config.limits(), config.phone().regions(), "US"),
                    switches,
                    UUID.randomUUID().toString(),
                    Clock.systemUTC(),
                    System::nanoTime);
            producer = new KafkaProducer<>(
                    Map.of(
                            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            broker.bootstrapServers(),
                            ProducerConfig.MAX_BLOCK_MS_CONFIG,
                            1_000,
                            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                            2_000,
                            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                            3_000),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            feed = feed(producer::send);
        }

        private StatsFeed feed(BiConsumer<ProducerRecord<byte[], byte[]>, Callback> outlet) {
            return StatsFeed.connect(
                    broker.bootstrapServers(), Map.of(), limits, switches, outlet, OWN, Clock.systemUTC(), "/test");
        }

        void owns(int partition) {
            limits.assigned(partition);
            limits.replayed(partition, Instant.now().minus(Duration.ofHours(2)));
        }

        List<Sending> send(int partition, String region, int messages) {
            List<Sending> sent = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                Sending order = order(region);
                sent.add(order);
                limits.sent(partition, order, 1, "twilio");
            }
            return sent;
        }

        Verdict judge(int partition, String region) {
            return limits.judge(partition, order(region));
        }

        private static Sending order(String region) {
            String id = UUID.randomUUID().toString();
            String block = "+%09d".formatted(Math.floorMod(id.hashCode(), 1_000_000_000));
            return new Sending(id, id, id, region, block.substring(0, 9), block, Instant.now());
        }

        void set(Switch what) {
            Change change = new Change(what, "ada", Instant.now());
            producer.send(CloudEvents.producerRecord(
                    ControlRecords.encode(change, UUID.randomUUID().toString()), "/test"));
        }

        void tell(PartitionSums sums) {
            EventRecord event = StatsRecords.encode(sums, UUID.randomUUID().toString(), Instant.now());
            producer.send(CloudEvents.producerRecord(OWN.mark(event), "/test"));
        }

        void stop() throws InterruptedException {
            feed.stop();
            producer.close(Duration.ofSeconds(1));
        }
    }
}
