package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.Role;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.dispatch.Delivery;
import dev.sallyport.dispatch.DispatchMeters;
import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.News;
import dev.sallyport.dispatch.OrderMaker;
import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.Senders;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.kafka.DispatchLoop;
import dev.sallyport.dispatch.kafka.Handling;
import dev.sallyport.dispatch.kafka.KafkaClients;
import dev.sallyport.dispatch.kafka.Offsets;
import dev.sallyport.dispatch.kafka.OwnRecords;
import dev.sallyport.dispatch.kafka.Producing;
import dev.sallyport.dispatch.kafka.Tail;
import dev.sallyport.dispatch.kafka.Trust;
import dev.sallyport.dispatch.kafka.Unread;
import dev.sallyport.dispatch.limit.GivenLimits;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.pace.Backoff;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.dispatch.route.Router;
import dev.sallyport.dispatch.route.Routes;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.SendCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Dispatchers come and go, and what they are fed is not always what it should be. */
class DispatcherRestartIT {

    private static final FaultyServers SERVERS = FaultyServers.shared();

    /** Takes a while over each message, as the real ones do, and counts what it was given. */
    private static final class CountingProvider implements SmsProvider {

        private final Map<String, Integer> sent = new ConcurrentHashMap<>();
        private volatile CountDownLatch open = new CountDownLatch(0);

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public SendResult send(TextMessage message) {
            try {
                open.await();
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            sent.merge(message.messageId(), 1, Integer::sum);
            return new SendResult.Accepted("id-" + message.messageId(), "queued", 1);
        }

        @Override
        public Optional<SendResult> find(TextMessage message, Instant begun, Set<String> others) {
            return Optional.empty();
        }
    }

    @TempDir
    Path folder;

    private final CountingProvider provider = new CountingProvider();
    private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();
    private final Queue<String> uncaught = new ConcurrentLinkedQueue<>();
    private final List<DispatchLoop> loops = new ArrayList<>();
    private Keyring keyring;
    private OrderMaker orders;
    private KafkaProducer<byte[], byte[]> producer;
    private Admin admin;

    @BeforeEach
    void connect() {
        new KeyFolder(folder).init();
        keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
        orders = new OrderMaker(keyring, Clock.systemUTC());
        admin = Admin.create(Map.of("bootstrap.servers", SERVERS.bootstrapServers()));
        Map<String, Object> config = Map.of("bootstrap.servers", SERVERS.bootstrapServers(), "acks", "all");
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @BeforeEach
    void listen() {
        complaints.start();
        dispatchLog().addAppender(complaints);
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(thread.getName() + ": " + failure));
    }

    @AfterEach
    void nothingBroke() {
        Thread.setDefaultUncaughtExceptionHandler(null);
        dispatchLog().detachAppender(complaints);
        assertEquals(List.of(), List.copyOf(uncaught));
        List<String> errors = complaints.list.stream()
                .filter(event -> event.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        assertEquals(List.of(), errors);
    }

    private static Logger dispatchLog() {
        return (Logger) LoggerFactory.getLogger("dev.sallyport.dispatch");
    }

    /** One that a failed test leaves would take partitions from the next. */
    @AfterEach
    void disconnect() throws InterruptedException {
        for (DispatchLoop loop : loops) {
            loop.stop();
        }
        producer.close();
        admin.close();
    }

    @Test
    @Tag("long")
    void stoppingAmongMessagesSendsNoneTwiceAndNoneNever() throws Exception {
        int wave = 60;
        for (int round = 1; round <= 4; round++) {
            DispatchLoop loop = loop();
            loop.start();
            IntStream.range(0, wave).forEach(i -> produce(order()));
            producer.flush();
            int before = (round - 1) * wave;
            Await.until(Duration.ofSeconds(20), () -> provider.sent.size() > before + wave / 3);
            loop.stop();
            finishWith(round * wave);
        }
    }

    @Test
    void aDispatcherThatJoinsOrLeavesTheGroupSendsNoneTwice() throws Exception {
        DispatchLoop first = loop();
        first.start();
        Await.until(Duration.ofSeconds(20), first::check);
        int count = 200;
        DispatchLoop second = loop();
        for (int i = 0; i < count; i++) {
            produce(order());
            if (i == count / 4) {
                second.start();
            }
        }
        producer.flush();
        Await.until(Duration.ofSeconds(20), () -> provider.sent.size() > count / 2);
        first.stop();
        Await.until(Duration.ofSeconds(20), () -> provider.sent.size() == count);
        second.stop();
        finishWith(count);
    }

    @Test
    void recordsThatAreNoOrdersStopNothingAndLeaveANoteWithoutTheirContent() throws Exception {
        String canary = "+14155550199 code 314159";
        List<ProducerRecord<byte[], byte[]>> poison = List.of(
                new ProducerRecord<>(Topics.SMS_SEND, bytes(canary), bytes(canary)),
                new ProducerRecord<>(Topics.SMS_SEND, null, null),
                new ProducerRecord<>(Topics.SMS_SEND, bytes("key"), new byte[15_000]),
                signedByNobody(canary));
        int before = notes().size();
        DispatchLoop loop = loop();
        loop.start();
        poison.forEach(producer::send);
        produce(order());
        producer.flush();
        Await.until(Duration.ofSeconds(20), () -> provider.sent.size() == 1);
        Await.until(Duration.ofSeconds(20), () -> notes().size() == before + poison.size());
        loop.stop();
        for (TopicReader.Event note : notes()) {
            String text = note.key() + note.body().encode();
            assertEquals(-1, text.indexOf("314159") + text.indexOf("4155550199") + 1, text);
        }
        finishWith(1);
    }

    @Test
    void aDispatcherThatStartsWhileTheBrokerIsAwayJoinsWhenItIsBack() throws Exception {
        SERVERS.toKafka().refuse();
        DispatchLoop loop;
        try {
            loop = loop();
            loop.start();
            // More than one question goes unanswered.
            Await.until(Duration.ofSeconds(20), () -> complaints.list.stream()
                    .anyMatch(event -> event.getFormattedMessage().startsWith("Orders can't be read from Kafka")));
            assertFalse(loop.check());
        } finally {
            SERVERS.restore();
        }
        Await.until(Duration.ofSeconds(30), loop::check);
        produce(order());
        producer.flush();
        Await.until(Duration.ofSeconds(20), () -> provider.sent.size() == 1);
        loop.stop();
        finishWith(1);
    }

    @Test
    void whatCantBeReadYetIsCountedAsLag() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        provider.open = open;
        DispatchLoop loop = loop();
        loop.start();
        // A dispatcher of tests before may be missed only after its time.
        Await.until(Duration.ofSeconds(60), () -> loop.partitions() == 24);
        // More than a partition may have under way and one poll brings besides.
        int tooMany = 1_000;
        for (int i = 0; i < tooMany; i++) {
            produce(order("+14152670001"));
        }
        producer.flush();
        Await.until(Duration.ofSeconds(30), () -> loop.lag() > 0 && loop.lag() <= tooMany - 200);
        open.countDown();
        Await.until(Duration.ofSeconds(30), () -> loop.lag() == 0 && provider.sent.size() == tooMany);
        loop.stop();
    }

    /** A last dispatcher finds nothing to do: every message of before was sent once. */
    private void finishWith(int messages) throws Exception {
        DispatchLoop last = loop();
        last.start();
        Await.until(Duration.ofSeconds(20), last::check);
        Await.until(Duration.ofSeconds(20), this::everythingIsCommitted);
        last.stop();
        assertEquals(messages, provider.sent.size());
        List<Integer> more =
                provider.sent.values().stream().filter(times -> times > 1).toList();
        assertEquals(List.of(), more, "messages that were sent more than once");
    }

    /** True once the group has nothing left to read. */
    private boolean everythingIsCommitted() {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            "sallyport.sms-dispatcher")
                    .partitionsToOffsetAndMetadata()
                    .get();
            try (TopicReader reader = new TopicReader(SERVERS.bootstrapServers())) {
                return reader.ends(Topics.SMS_SEND).entrySet().stream()
                        .allMatch(end -> committed.containsKey(end.getKey())
                                && committed.get(end.getKey()).offset() == end.getValue());
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<TopicReader.Event> notes() {
        try (TopicReader reader = new TopicReader(SERVERS.bootstrapServers())) {
            return reader.events(Topics.SMS_DEAD_LETTER);
        }
    }

    private DispatchLoop loop() {
        Clock clock = Clock.systemUTC();
        Pace pace = new Pace(10_000, System::nanoTime);
        DispatchMeters meters = new DispatchMeters(new SimpleMeterRegistry());
        Senders senders = new Senders(
                List.of(provider),
                new Router(new Routes(Set.of("counting"), Map.of()), new Random()),
                pace,
                32,
                System::nanoTime);
        Limits limits = GivenLimits.recordOnly();
        DispatchMac mac = new DispatchMac(keyring);
        Delivery delivery =
                new Delivery(senders, limits, pace, new Backoff(RandomGenerator.getDefault()), mac, meters, clock);
        Trust trust = new Trust(new EventVerifier(keyring), new OwnRecords(mac));
        Dispatcher dispatcher =
                new Dispatcher(trust.verifier(), new CodeOpener(keyring), delivery, meters, "Acme", "localhost", clock);
        String kafka = SERVERS.bootstrapServers();
        Producing producing = new Producing(KafkaClients.producer(kafka, Map.of()), trust.own(), "/sallyport/test");
        Offsets offsets = new Offsets(KafkaClients.admin(kafka, Map.of()), clock);
        DispatchLoop loop = new DispatchLoop(
                KafkaClients.groupConsumer(kafka, Map.of()),
                producing,
                new Tail(KafkaClients.tailConsumer(kafka, Map.of()), offsets),
                new Unread(offsets::ends),
                new Handling(dispatcher, trust, new News(meters), producing, meters, clock),
                limits,
                trust,
                pace,
                senders,
                "test",
                clock);
        loops.add(loop);
        return loop;
    }

    /** To a phone of its own, so that orders spread over all partitions. */
    private SendCode order() {
        return order("+1415267%04d".formatted(new Random().nextInt(10_000)));
    }

    private SendCode order(String phone) {
        return orders.order(phone, "271828", Instant.now());
    }

    private void produce(SendCode order) {
        producer.send(orders.signed(Role.LOGIN, order));
    }

    private ProducerRecord<byte[], byte[]> signedByNobody(String body) {
        ProducerRecord<byte[], byte[]> genuine = orders.signed(Role.LOGIN, order());
        return new ProducerRecord<>(Topics.SMS_SEND, null, genuine.key(), bytes(body), genuine.headers());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
