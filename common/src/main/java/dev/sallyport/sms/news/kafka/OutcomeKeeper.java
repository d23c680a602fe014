package dev.sallyport.sms.news.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.ReaderThread;
import dev.sallyport.event.kafka.TopicTail;
import dev.sallyport.sms.Outcome;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the outcomes into their challenges, in one consumer group of all web roles. An offset is committed once what
 * lies before it is written, so none is lost; after a crash some are written twice, which changes nothing. While the
 * store is away it waits for it, polls on and stays in the group.
 */
public final class OutcomeKeeper {

    /** The consumer group of all web roles. */
    public static final String GROUP = "sallyport.web";

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeKeeper.class);

    /** Written at once; the store has other things to do as well. */
    private static final int MOST_AT_ONCE = 32;

    private final ReaderThread thread;

    /**
     * @param properties further client settings, such as security
     * @param keep writes one outcome and waits for it; throws {@link dev.sallyport.StoreUnavailable}
     * @param places where writing can wait; runs what it is given later and never on the caller's thread
     */
    public OutcomeKeeper(
            String bootstrapServers,
            Map<String, String> properties,
            Consumer<Outcome> keep,
            Executor places,
            Clock clock) {
        this.thread = new ReaderThread(
                "sms-news-keeper",
                () -> TopicTail.connect(bootstrapServers, properties, config()),
                new Keeping(new OutcomeWrites(keep, places), clock),
                new OutageLog(
                        LOG,
                        "What becomes of messages is not kept; see that the web roles may read " + Topics.SMS_OUTCOME
                                + " in the group " + GROUP));
    }

    private static Map<String, Object> config() {
        return Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                MOST_AT_ONCE,
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                30_000,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                6_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                2_000,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName());
    }

    public void start() {
        thread.start();
    }

    /** Blocks until it has left the group; what is not written by then is written by another node. */
    public void stop() throws InterruptedException {
        thread.stop();
    }
}
