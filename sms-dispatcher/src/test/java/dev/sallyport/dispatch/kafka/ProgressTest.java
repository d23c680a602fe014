package dev.sallyport.dispatch.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.event.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final TopicPartition ONE = new TopicPartition(Topics.SMS_SEND, 1);
    private static final TopicPartition TWO = new TopicPartition(Topics.SMS_SEND, 2);
    private static final TopicPartition REPORTS = new TopicPartition(Topics.SMS_CALLBACK, 1);

    private final Map<TopicPartition, Long> stored = new HashMap<>();
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            commits.incrementAndGet();
            if (refusals.getAndDecrement() > 0) {
                throw new RebalanceInProgressException();
            }
            offsets.forEach((partition, offset) -> stored.put(partition, offset.offset()));
            super.commitSync(offsets, timeout);
        }
    };
    private final Progress progress = new Progress(consumer);

    @BeforeEach
    void assign() {
        consumer.assign(List.of(ONE, TWO));
        consumer.updateBeginningOffsets(Map.of(ONE, 0L, TWO, 0L));
        List.of(ONE, TWO, REPORTS).forEach(progress::take);
    }

    private Window window(TopicPartition partition) {
        return progress.window(partition).orElseThrow();
    }

    private long committed(TopicPartition partition) {
        return stored.getOrDefault(partition, -1L);
    }

    @Test
    void onlyPartitionsThatAreReadyAndHaveRoomAreRead() {
        progress.choose(ONE::equals);
        assertEquals(Set.of(TWO), consumer.paused());
        for (int i = 0; i < Window.FULL; i++) {
            window(ONE).begin(i, 0);
        }
        progress.choose(partition -> true);
        assertEquals(Set.of(ONE), consumer.paused());
        window(ONE).finish(0);
        progress.choose(partition -> true);
        assertEquals(Set.of(), consumer.paused());
    }

    @Test
    void whatIsGivenAwayIsWaitedForCommittedAndForgotten() {
        window(ONE).begin(5, 0);
        window(REPORTS).begin(8, 0);
        window(TWO).begin(1, 0);
        Thread.startVirtualThread(() -> {
            progress.window(ONE).ifPresent(window -> window.finish(5));
            progress.window(REPORTS).ifPresent(window -> window.finish(8));
        });
        progress.drain(List.of(ONE, REPORTS));
        assertEquals(6, committed(ONE));
        assertEquals(9, committed(REPORTS));
        assertEquals(-1, committed(TWO));
        assertTrue(progress.window(ONE).isEmpty());
        assertTrue(progress.window(TWO).isPresent());
    }

    @Test
    void whatDoesNotEndIsGivenAwayUncommittedBeforeTheGroupLosesPatience() {
        window(ONE).begin(5, 0);
        window(ONE).begin(6, 0);
        window(ONE).finish(6);
        long begun = System.nanoTime();
        progress.drain(List.of(ONE));
        assertTrue(System.nanoTime() - begun < Duration.ofMillis(5_500).toNanos());
        assertEquals(5, committed(ONE));
    }

    @Test
    void whatIsLostIsNotCommitted() {
        window(ONE).begin(5, 0);
        window(ONE).finish(5);
        progress.forget(List.of(ONE));
        window(TWO).begin(1, 0);
        window(TWO).finish(1);
        progress.commitLater();
        assertEquals(Map.of(TWO, new OffsetAndMetadata(2)), consumer.committed(Set.of(ONE, TWO)));
    }

    @Test
    void aCommitThatARebalanceRefusesIsTriedAgainWhileItPolls() {
        refusals.set(2);
        window(ONE).begin(5, 0);
        window(ONE).finish(5);
        progress.finish();
        assertEquals(3, commits.get());
        assertEquals(6, committed(ONE));
        assertEquals(Set.of(ONE, TWO), consumer.paused());
    }

    @Test
    void brokersThatAreAwayDoNotKeepItFromEnding() {
        refusals.set(Integer.MAX_VALUE);
        consumer.setPollException(new TimeoutException("no broker"));
        window(ONE).begin(5, 0);
        window(ONE).finish(5);
        progress.finish();
        assertEquals(-1, committed(ONE));
    }

    @Test
    void whatIsUnderWayIsKnownByTopic() {
        window(ONE).begin(5, 3_000);
        window(TWO).begin(9, 2_000);
        window(REPORTS).begin(1, 1_000);
        assertEquals(2, progress.underWay(Topics.SMS_SEND));
        assertEquals(OptionalLong.of(2_000), progress.oldest(Topics.SMS_SEND));
        window(TWO).finish(9);
        window(ONE).finish(5);
        assertEquals(OptionalLong.empty(), progress.oldest(Topics.SMS_SEND));
        assertFalse(progress.oldest(Topics.SMS_CALLBACK).isEmpty());
    }
}
