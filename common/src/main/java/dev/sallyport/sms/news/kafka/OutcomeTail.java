package dev.sallyport.sms.news.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears every outcome from now on, at each node of the web roles, for the pages that are open there. In no group, and
 * without memory: what came before, or while Kafka was away for long, is in the store.
 */
public final class OutcomeTail {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeTail.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ReaderThread thread;

    /**
     * @param properties further client settings, such as security
     * @param desk is told each outcome, on this reader's thread
     */
    public OutcomeTail(
            String bootstrapServers,
            Map<String, String> properties,
            java.util.function.Consumer<Outcome> desk,
            Clock clock) {
        Map<String, Object> config = Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        this.thread = new ReaderThread(
                "sms-news-tail",
                () -> Readers.connect(bootstrapServers, properties, config),
                new Tailing(desk, clock),
                new OutageLog(
                        LOG,
                        "Open pages hear of their messages late; see that the web roles may read "
                                + Topics.SMS_OUTCOME));
    }

    public void start() {
        thread.start();
    }

    /** Blocks until it has disconnected. */
    public void stop() throws InterruptedException {
        thread.stop();
    }

    private record Tailing(java.util.function.Consumer<Outcome> desk, Clock clock) implements ReaderThread.Work {

        @Override
        public void begin(Consumer<byte[], byte[]> consumer) {
            List<TopicPartition> all = consumer.partitionsFor(Topics.SMS_OUTCOME, PATIENCE).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToEnd(all);
        }

        @Override
        public void step(Consumer<byte[], byte[]> consumer) {
            // What can't be read is skipped; the group says so, once and not at each node.
            consumer.poll(POLL).forEach(record -> Readers.read(record)
                    .filter(outcome -> Readers.isNews(outcome, clock.instant()))
                    .ifPresent(desk));
        }

        @Override
        public void end(Consumer<byte[], byte[]> consumer) {
            // It has nothing to remember.
        }
    }
}
