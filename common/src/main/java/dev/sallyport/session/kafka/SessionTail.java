package dev.sallyport.session.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.event.kafka.TopicTail;
import dev.sallyport.session.CachedSessions;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears at each node which sessions have ended or changed. What is forged there costs a read of the store and ends
 * nothing.
 */
public final class SessionTail {

    private static final Logger LOG = LoggerFactory.getLogger(SessionTail.class);

    private final TopicTail tail;

    /**
     * @param properties further client settings, such as security
     * @param sessions is told, on this reader's thread
     */
    public SessionTail(String bootstrapServers, Map<String, String> properties, CachedSessions sessions) {
        this.tail = new TopicTail(
                "sessions-tail",
                Topics.SESSION,
                bootstrapServers,
                properties,
                new TopicTail.Listener() {
                    @Override
                    public void listening() {
                        sessions.listening();
                    }

                    @Override
                    public void hear(ConsumerRecord<byte[], byte[]> record) {
                        CloudEvents.read(record)
                                .flatMap(SessionRecords::session)
                                .ifPresent(sessions::changed);
                    }
                },
                new OutageLog(
                        LOG,
                        "Sessions that end elsewhere are accepted here for up to "
                                + CachedSessions.REMEMBERED.toSeconds() + " s; see that the web roles may read "
                                + Topics.SESSION));
    }

    public void start() {
        tail.start();
    }

    /** Blocks until it has disconnected. */
    public void stop() throws InterruptedException {
        tail.stop();
    }
}
