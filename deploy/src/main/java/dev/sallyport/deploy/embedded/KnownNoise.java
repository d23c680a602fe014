package dev.sallyport.deploy.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/** Drops warnings that the broker gives at every start or stop and that nobody can act on; {@code logback.xml} names it. */
public final class KnownNoise extends Filter<ILoggingEvent> {

    private static final List<String> NOISE = List.of(
            "Performing controller activation", "Attempting to close NetworkClient that has already been closed");

    @Override
    public FilterReply decide(ILoggingEvent event) {
        boolean isNoise = event.getLevel() == Level.WARN
                && event.getLoggerName().startsWith("org.apache.kafka.")
                && NOISE.stream().anyMatch(event.getFormattedMessage()::contains);
        return isNoise ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
