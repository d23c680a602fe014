package dev.sallyport.deploy.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.atomic.AtomicLong;

/**
 * While no broker answers, each of Kafka's clients warns of it several times a second. One warning a minute tells as
 * much; the others are dropped. {@code logback.xml} names it.
 */
public final class RepeatedNoise extends Filter<ILoggingEvent> {

    private static final String LOGGER = "org.apache.kafka.clients.NetworkClient";
    private static final long ONE_MINUTE = 60_000;

    private final AtomicLong nextTold = new AtomicLong(Long.MIN_VALUE);

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (event.getLevel() != Level.WARN || !LOGGER.equals(event.getLoggerName())) {
            return FilterReply.NEUTRAL;
        }
        long next = nextTold.get();
        boolean told = event.getTimeStamp() >= next && nextTold.compareAndSet(next, event.getTimeStamp() + ONE_MINUTE);
        return told ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
