package dev.sallyport.deploy.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker with its controller on 127.0.0.1, in this JVM, without encryption or authentication; alone, or one
 * of several that are processes of their own. For trying out and for tests.
 *
 * <p>Topics aren't created by use, and none can have more replicas than there are brokers. {@link #stop()} keeps every
 * acknowledged record, as does a kill of the process; a power failure can take what the operating system had not written
 * yet.
 */
public final class EmbeddedKafka {

    /** The setting that moves the port, for messages. */
    static final String PORT_SETTING = "SALLYPORT_EMBEDDED_KAFKA_PORT";

    private final Path folder;
    private final OptionalInt advertised;
    private final KafkaMember member;
    private final Map<String, String> settings;
    private int port;
    private @Nullable Running running;

    /**
     * @param folder where the data lives; made at the first start
     * @param port to listen on; 0 lets the first start choose a free one, which later starts of this object keep
     */
    public EmbeddedKafka(Path folder, int port) {
        this(folder, port, OptionalInt.empty(), KafkaMember.alone(), Map.of());
    }

    /**
     * One of several. It starts once more than half of them do, and when it can't go on it ends the JVM, which has no
     * other work therefore.
     *
     * @param folder where its own data lives; made at the first start
     * @param port to listen on for clients
     */
    public EmbeddedKafka(Path folder, int port, KafkaMember member) {
        this(folder, port, OptionalInt.empty(), member, Map.of());
    }

    /**
     * @param advertised the port of 127.0.0.1 that clients are sent to where it is not the one that is listened on, so
     *     that something in between can cut their connections
     */
    EmbeddedKafka(Path folder, int port, OptionalInt advertised) {
        this(folder, port, advertised, KafkaMember.alone(), Map.of());
    }

    /** @param settings Kafka's, over those that it has otherwise; they may make it one that encrypts and refuses */
    EmbeddedKafka(Path folder, int port, Map<String, String> settings) {
        this(folder, port, OptionalInt.empty(), KafkaMember.alone(), settings);
    }

    private EmbeddedKafka(
            Path folder, int port, OptionalInt advertised, KafkaMember member, Map<String, String> settings) {
        this.folder = folder;
        this.port = port;
        this.advertised = advertised;
        this.member = member;
        this.settings = settings;
    }

    /**
     * Returns once clients are served, or fails after a minute; starting twice does nothing.
     *
     * @throws EmbeddedFailure if it can't start; nothing is left running or held
     */
    public synchronized void start() {
        if (running != null) {
            return;
        }
        if (folder.toAbsolutePath().toString().contains(",")) {
            throw new EmbeddedFailure.FolderUnusable(folder, "Kafka takes no comma in a path", null);
        }
        DataFolder data = DataFolder.open(folder);
        try {
            KafkaNode node = KafkaNode.start(data.path(), port, advertised, member, settings);
            running = new Running(data, node);
            port = node.clientPort();
        } catch (Exception e) {
            throw translated(data.path(), e);
        } finally {
            if (running == null) {
                data.close();
            }
        }
    }

    /** Returns when all is written down and every thread has ended; stopping twice does nothing. */
    public synchronized void stop() {
        if (running != null) {
            Running stopping = running;
            running = null;
            try {
                stopping.node.stop();
            } finally {
                stopping.data.close();
            }
        }
    }

    /**
     * Where clients connect.
     *
     * @throws IllegalStateException while it is not running
     */
    public synchronized InetSocketAddress address() {
        if (running == null) {
            throw new IllegalStateException("the embedded Kafka broker is not running");
        }
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), running.node.clientPort());
    }

    /** {@code 127.0.0.1:port}; fails as {@link #address()} does. */
    public String bootstrapServers() {
        return "127.0.0.1:" + address().getPort();
    }

    /** Kafka has no type for "this folder is bad", so whatever is not about time or the disk is about what lies there. */
    private static EmbeddedFailure translated(Path folder, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case EmbeddedFailure known -> {
                    return known;
                }
                case TimeoutException _ -> {
                    return new EmbeddedFailure.TooSlow("Kafka broker", KafkaSettings.START_LIMIT);
                }
                case EOFException _ -> {}
                case IOException io -> {
                    return new EmbeddedFailure.FolderUnusable(folder, DataFolder.reason(io), failure);
                }
                default -> {}
            }
        }
        return new EmbeddedFailure.DataUnreadable(folder, failure);
    }

    private record Running(DataFolder data, KafkaNode node) {}
}
