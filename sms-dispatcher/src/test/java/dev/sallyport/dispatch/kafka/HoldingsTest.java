package dev.sallyport.dispatch.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.dispatch.GivenKeys;
import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.dispatch.ledger.kafka.LedgerRecords;
import dev.sallyport.dispatch.limit.GivenLimits;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HoldingsTest {

    private static final TopicPartition ORDERS = new TopicPartition(Topics.SMS_SEND, 3);
    private static final TopicPartition LEDGER = new TopicPartition(Topics.SMS_LEDGER, 3);
    private static final TopicPartition VERIFIED = new TopicPartition(Topics.SMS_VERIFIED, 3);
    private static final TopicPartition REPORTS = new TopicPartition(Topics.SMS_CALLBACK, 3);

    /** Each partition is read from its beginning, and ends where the test says. */
    private final class FromTheBeginning implements Tail.Places {

        @Override
        public Map<TopicPartition, CompletionStage<Tail.Place>> find(Map<TopicPartition, Tail.Reading> readings) {
            Map<TopicPartition, CompletionStage<Tail.Place>> places = new HashMap<>();
            readings.keySet().forEach(partition -> {
                consumer.updateBeginningOffsets(Map.of(partition, 0L));
                places.put(
                        partition,
                        CompletableFuture.completedStage(new Tail.Place(0, ends.getOrDefault(partition, 0L))));
            });
            return places;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private static final OwnRecords OWN = GivenKeys.ownRecords();

    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Tail tail = new Tail(consumer, new FromTheBeginning());
    private final Producing producing = new Producing(
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()), OWN, "/test");
    private final Progress progress = new Progress(new MockConsumer<>("earliest"));
    private Holdings holdings;

    @BeforeEach
    void hold() {
        Trust trust = new Trust(new EventVerifier(GivenKeys.keyring()), OWN);
        holdings = new Holdings(
                producing, progress, tail, new Workers(null), GivenLimits.recordOnly(), trust, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        tail.close();
    }

    private void turns(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            try {
                tail.turn();
            } catch (WakeupException e) {
                // A change waits for the next turn.
            }
        }
    }

    private static Started claim(String claim) {
        Sending sending = new Sending("message", "challenge", "key", "US", "+1415555", "+14155550", Instant.now());
        return new Started(sending, 1, claim, "main", false, Instant.now());
    }

    private void write(TopicPartition partition, long offset, ProducerRecord<byte[], byte[]> record) {
        consumer.addRecord(record(partition, offset, record.key(), record.value(), record.headers()));
    }

    private static ConsumerRecord<byte[], byte[]> record(
            TopicPartition partition, long offset, byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                System.currentTimeMillis(),
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    private static ProducerRecord<byte[], byte[]> entry(Started started) {
        return CloudEvents.producerRecord(OWN.mark(LedgerRecords.encode("key", started)), "/test");
    }

    private static ProducerRecord<byte[], byte[]> entry(Started started, String body) {
        ProducerRecord<byte[], byte[]> whole = entry(started);
        return new ProducerRecord<>(whole.topic(), null, null, whole.key(), body.getBytes(UTF_8), whole.headers());
    }

    @Test
    void ordersAreReadOnceTheLedgerAndTheAcceptedCodesAre() throws Exception {
        ends.put(LEDGER, 1L);
        holdings.take(ORDERS);
        turns(4);
        assertFalse(holdings.isReady(ORDERS));
        assertEquals(Set.of(LEDGER, VERIFIED), consumer.assignment());
        write(LEDGER, 0, entry(claim("mine")));
        turns(4);
        assertTrue(holdings.isReady(ORDERS));
        assertEquals(Set.of(LEDGER, VERIFIED, REPORTS), consumer.assignment());
        Ledger ledger = holdings.ledger(ORDERS).orElseThrow();
        assertEquals("mine", ledger.book().owner("message", 1).orElseThrow().claim());
    }

    @Test
    void aClaimBehindARecordThatIsNonsenseIsRead() throws Exception {
        holdings.take(ORDERS);
        turns(4);
        Ledger ledger = holdings.ledger(ORDERS).orElseThrow();
        List<String> nonsense = List.of("null", "[]", "{\"message\":7}", "{\"message\":null,\"attempt\":null}", "");
        for (int i = 0; i < nonsense.size(); i++) {
            write(LEDGER, i, entry(claim("broken"), nonsense.get(i)));
        }
        turns(4);
        assertTrue(ledger.book().awaitRead(nonsense.size() - 1, Duration.ofMillis(1)));
        write(LEDGER, nonsense.size(), entry(claim("good")));
        turns(4);
        assertTrue(ledger.book().awaitRead(nonsense.size(), Duration.ofMillis(1)));
        assertEquals("good", ledger.book().owner("message", 1).orElseThrow().claim());
    }

    @Test
    void anEntryThatNoDispatcherWroteOrThatIsACopyOfAnOldOneIsNotBelieved() throws Exception {
        holdings.take(ORDERS);
        turns(4);
        Ledger ledger = holdings.ledger(ORDERS).orElseThrow();
        write(LEDGER, 0, CloudEvents.producerRecord(LedgerRecords.encode("key", claim("forged")), "/test"));
        OwnRecords others = GivenKeys.ownRecords();
        write(
                LEDGER,
                1,
                CloudEvents.producerRecord(others.mark(LedgerRecords.encode("key", claim("forged"))), "/test"));
        Started fresh = claim("old");
        Instant longAgo = Instant.now().minus(Duration.ofMinutes(11));
        write(LEDGER, 2, entry(new Started(fresh.sending(), 1, "old", "main", false, longAgo)));
        turns(4);
        assertTrue(ledger.book().awaitRead(2, Duration.ofMillis(1)));
        assertEquals(Optional.empty(), ledger.book().owner("message", 1));
        write(LEDGER, 3, entry(fresh));
        turns(4);
        assertEquals(Optional.of(fresh), ledger.book().owner("message", 1));
    }

    @Test
    void whatIsGivenAwayIsReadNoMoreAndEndsNobodysWaiting() throws Exception {
        holdings.take(ORDERS);
        turns(4);
        Ledger ledger = holdings.ledger(ORDERS).orElseThrow();
        holdings.release(List.of(ORDERS));
        turns(4);
        assertEquals(Set.of(), consumer.assignment());
        assertFalse(ledger.isHeld());
        assertFalse(ledger.pause(Duration.ofMinutes(1)), "ends at once");
        assertFalse(holdings.isReady(ORDERS));
        assertEquals(Set.of(), holdings.partitions());
    }

    @Test
    void whoGivesAPartitionAwayBeforeItHasCaughtUpNeverReadsItsReports() throws Exception {
        ends.put(LEDGER, 1L);
        holdings.take(ORDERS);
        turns(4);
        holdings.release(List.of(ORDERS));
        turns(4);
        assertEquals(Set.of(), consumer.assignment());
        assertFalse(holdings.isReady(ORDERS));
    }
}
