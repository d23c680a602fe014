package dev.sallyport.dispatch.kafka;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records of some partitions are not read yet. Where a partition ends is asked of the brokers, since a consumer
 * knows no more than when it last read there; nothing here waits for the answer, and while there is none the last one counts.
 */
public final class Unread {

    private final Function<Set<TopicPartition>, Map<TopicPartition, CompletionStage<Long>>> ends;
    private final Map<TopicPartition, Long> unread = new ConcurrentHashMap<>();
    private final Set<TopicPartition> asked = ConcurrentHashMap.newKeySet();

    /** @param ends tells of each partition the offset behind its last record, or fails of it; must not block */
    public Unread(Function<Set<TopicPartition>, Map<TopicPartition, CompletionStage<Long>>> ends) {
        this.ends = ends;
    }

    /**
     * Asks once more.
     *
     * @param held the partitions that count; all others are forgotten
     * @param positions the offset that is read next of each of these, as far as that is known
     */
    void ask(Set<TopicPartition> held, Map<TopicPartition, Long> positions) {
        unread.keySet().retainAll(held);
        Map<TopicPartition, Long> open = new HashMap<>(positions);
        open.keySet().removeAll(asked);
        if (open.isEmpty()) {
            return;
        }
        asked.addAll(open.keySet());
        open.keySet().forEach(partition -> unread.putIfAbsent(partition, 0L));
        Map<TopicPartition, CompletionStage<Long>> answers = ends.apply(open.keySet());
        open.forEach(
                (partition, position) -> requireNonNull(answers.get(partition)).whenComplete((end, failure) -> {
                    asked.remove(partition);
                    if (failure == null) {
                        unread.computeIfPresent(partition, (_, _) -> Math.max(0, end - position));
                    }
                }));
    }

    long count() {
        return unread.values().stream().mapToLong(Long::longValue).sum();
    }
}
