package dev.sallyport.deploy.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Drops complaints that libraries have at every start or stop and that nobody can act on; {@code logback.xml} names it. */
public final class KnownNoise extends Filter<ILoggingEvent> {

    /** Prefix of the logger's name, and a part of the message or the name of what is thrown. */
    private record Noise(Level level, String logger, String message) {
        boolean matches(ILoggingEvent event) {
            return event.getLevel() == level
                    && event.getLoggerName().startsWith(logger)
                    && (event.getFormattedMessage().contains(message) || isThrown(event.getThrowableProxy()));
        }

        private boolean isThrown(@Nullable IThrowableProxy thrown) {
            return thrown != null && (thrown.getClassName().endsWith(message) || isThrown(thrown.getCause()));
        }
    }

    private static final List<Noise> NOISE = List.of(
            new Noise(Level.WARN, "org.apache.kafka.", "Performing controller activation"),
            new Noise(
                    Level.WARN, "org.apache.kafka.", "Attempting to close NetworkClient that has already been closed"),
            // Whoever is refused says so itself, in a sentence that names the setting.
            new Noise(Level.ERROR, "org.apache.kafka.clients.NetworkClient", "failed authentication due to"),
            new Noise(
                    Level.WARN,
                    "org.apache.kafka.clients.admin.internals.AdminMetadataManager",
                    "Fatal error during metadata update"),
            new Noise(
                    Level.ERROR,
                    "org.apache.kafka.common.security.ssl.DefaultSslEngineFactory",
                    "Modification time of key store could not be obtained"),
            new Noise(Level.ERROR, "org.apache.kafka.clients.Metadata", "Topic authorization failed for topics"),
            // A start asks what it may do in its group, which nobody may have joined yet.
            new Noise(
                    Level.ERROR,
                    "org.apache.kafka.clients.admin.internals.DescribeConsumerGroupsHandler",
                    "GROUP_ID_NOT_FOUND"),
            // The broker asks its own controller a moment too early, and then again.
            new Noise(Level.ERROR, "kafka.server.ControllerApis", "NotControllerException"),
            // A server that closes has no event loop any more for whoever comes just then; the connection is closed.
            new Noise(Level.WARN, "io.netty.bootstrap.ServerBootstrap", "Failed to register an accepted channel"),
            // The first clients of a new broker all ask for the topic of offsets, and one of them makes it.
            new Noise(Level.WARN, "kafka.server.", "Topic '__consumer_offsets' already exists"));

    @Override
    public FilterReply decide(ILoggingEvent event) {
        boolean isNoise = NOISE.stream().anyMatch(noise -> noise.matches(event));
        return isNoise ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
