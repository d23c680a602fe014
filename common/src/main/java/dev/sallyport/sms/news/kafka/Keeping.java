package dev.sallyport.sms.news.kafka;

import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.ReaderThread;
import dev.sallyport.sms.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link OutcomeKeeper} does with its consumer: a batch is read and written, and then the next; committed now and then. */
final class Keeping implements ReaderThread.Work, ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long COMMIT_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final OutcomeWrites writes;
    private final Clock clock;
    /** Up to where the batch goes that is being written. */
    private final Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    /** Up to where all is written, where that is not committed yet. */
    private final Map<TopicPartition, OffsetAndMetadata> written = new HashMap<>();

    private long committedAt = System.nanoTime() - COMMIT_EVERY_NANOS;

    Keeping(OutcomeWrites writes, Clock clock) {
        this.writes = writes;
        this.clock = clock;
    }

    @Override
    public void begin(Consumer<byte[], byte[]> consumer) {
        ends.clear();
        written.clear();
        consumer.subscribe(List.of(Topics.SMS_OUTCOME), this);
    }

    @Override
    public void step(Consumer<byte[], byte[]> consumer) {
        consumer.poll(POLL).forEach(this::take);
        if (!ends.isEmpty() || !consumer.paused().isEmpty()) {
            write(consumer);
        }
        if (!written.isEmpty() && System.nanoTime() - committedAt >= COMMIT_EVERY_NANOS) {
            committedAt = System.nanoTime();
            commit(consumer);
        }
    }

    /** Until the batch is written no more is read, though it polls on. */
    private void write(Consumer<byte[], byte[]> consumer) {
        consumer.pause(consumer.assignment());
        if (writes.doneWithin(PATIENCE)) {
            written.putAll(ends);
            ends.clear();
            consumer.resume(consumer.assignment());
        }
    }

    /** Disconnecting waits for this commit, as long as it waits for anything. */
    @Override
    public void end(Consumer<byte[], byte[]> consumer) {
        commit(consumer);
    }

    private void commit(Consumer<byte[], byte[]> consumer) {
        consumer.commitAsync(Map.copyOf(written), (_, _) -> {
            // What failed is read again, or committed with what comes next.
        });
        written.clear();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        ends.put(partition, new OffsetAndMetadata(record.offset() + 1));
        Optional<Outcome> outcome = Readers.read(record);
        if (outcome.isEmpty()) {
            LOG.warn(
                    "Record {}-{}@{} is no outcome and is skipped",
                    record.topic(),
                    record.partition(),
                    record.offset());
        }
        outcome.filter(news -> Readers.isNews(news, clock.instant())).ifPresent(writes::add);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        // What is not committed is read and written once more by the next owner.
        ends.keySet().removeAll(partitions);
        written.keySet().removeAll(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        // The next step reads from them.
    }
}
