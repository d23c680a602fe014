package dev.sallyport.dispatch.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Brokers answer when the test says so. */
class UnreadTest {

    private static final TopicPartition ONE = new TopicPartition("orders", 1);
    private static final TopicPartition TWO = new TopicPartition("orders", 2);

    private final Map<TopicPartition, CompletableFuture<Long>> open = new HashMap<>();
    private final List<Set<TopicPartition>> questions = new ArrayList<>();
    private final Unread unread = new Unread(this::ends);

    private Map<TopicPartition, CompletionStage<Long>> ends(Set<TopicPartition> partitions) {
        questions.add(Set.copyOf(partitions));
        Map<TopicPartition, CompletionStage<Long>> answers = new HashMap<>();
        partitions.forEach(partition -> {
            open.put(partition, new CompletableFuture<>());
            answers.put(partition, open.get(partition));
        });
        return answers;
    }

    private void ask(Map<TopicPartition, Long> positions) {
        unread.ask(positions.keySet(), positions);
    }

    private void answer(TopicPartition partition, long end) {
        open.remove(partition).complete(end);
    }

    @Test
    void whatStandsBetweenPositionAndEndIsCountedWhenTheBrokersHaveAnswered() {
        ask(Map.of(ONE, 10L, TWO, 5L));
        assertEquals(0, unread.count());
        answer(ONE, 13);
        assertEquals(3, unread.count());
        answer(TWO, 9);
        assertEquals(7, unread.count());
    }

    @Test
    void aPartitionThatNobodyAnswersForKeepsWhatWasKnownAndIsNotAskedTwice() {
        ask(Map.of(ONE, 10L, TWO, 5L));
        answer(ONE, 13);
        answer(TWO, 9);
        ask(Map.of(ONE, 12L, TWO, 9L));
        answer(ONE, 13);
        ask(Map.of(ONE, 13L, TWO, 9L));
        assertEquals(List.of(Set.of(ONE, TWO), Set.of(ONE, TWO), Set.of(ONE)), questions);
        assertEquals(1 + 4, unread.count());
    }

    @Test
    void aPartitionWhosePositionIsUnknownForAMomentKeepsWhatWasKnown() {
        ask(Map.of(ONE, 10L));
        answer(ONE, 13);
        unread.ask(Set.of(ONE), Map.of());
        assertEquals(3, unread.count());
    }

    @Test
    void aQuestionThatFailedIsAskedAgain() {
        ask(Map.of(ONE, 10L));
        open.remove(ONE).completeExceptionally(new TimeoutException("no leader"));
        assertEquals(0, unread.count());
        ask(Map.of(ONE, 10L));
        answer(ONE, 12);
        assertEquals(2, unread.count());
    }

    @Test
    void whatWasGivenAwayCountsNoMoreEvenIfAnAnswerComesLate() {
        ask(Map.of(ONE, 10L));
        ask(Map.of());
        answer(ONE, 12);
        assertEquals(0, unread.count());
    }

    @Test
    void whatWasReadSinceTheAnswerWasMadeIsNotCountedBelowNothing() {
        ask(Map.of(ONE, 10L));
        answer(ONE, 8);
        assertEquals(0, unread.count());
    }
}
