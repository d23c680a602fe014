package dev.sallyport.sms.news.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.TopicTail;
import dev.sallyport.sms.Outcome;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears every outcome from now on, at each node of the web roles, for the pages that are open there. What came before, or
 * while Kafka was away for long, is in the store.
 */
public final class OutcomeTail {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeTail.class);

    private final TopicTail tail;

    /**
     * @param properties further client settings, such as security
     * @param desk is told each outcome, on this reader's thread
     */
    public OutcomeTail(String bootstrapServers, Map<String, String> properties, Consumer<Outcome> desk, Clock clock) {
        this.tail = new TopicTail(
                "sms-news-tail",
                Topics.SMS_OUTCOME,
                bootstrapServers,
                properties,
                // What can't be read is skipped; the group says so, once and not at each node.
                record -> Readers.read(record)
                        .filter(outcome -> Readers.isNews(outcome, clock.instant()))
                        .ifPresent(desk),
                new OutageLog(
                        LOG,
                        "Open pages hear of their messages late; see that the web roles may read "
                                + Topics.SMS_OUTCOME));
    }

    public void start() {
        tail.start();
    }

    /** Blocks until it has disconnected. */
    public void stop() throws InterruptedException {
        tail.stop();
    }
}
