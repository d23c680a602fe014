package dev.sallyport.deploy.embedded;

import de.bwaldvogel.mongo.MongoServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on 127.0.0.1 that speaks MongoDB's protocol and keeps its data in one file: for trying out and for tests,
 * never for production.
 *
 * <p>Single-document writes, {@code findAndModify}, upserts and unique, sparse and compound unique indexes behave as
 * MongoDB's do. It silently ignores TTL expiry, collations, {@code $jsonSchema}, indexes that are not unique, read and
 * write concerns, and {@code partialFilterExpression}: such an index is unique over all documents, so that valid
 * inserts fail. It refuses transactions, update pipelines, {@code $text}, authentication and {@code explain}. Lean
 * neither on what it ignores nor on what only it allows.
 *
 * <p>{@link #stop()} keeps every acknowledged write. When the process is killed, the writes of the last
 * {@value #COMMIT_MILLIS} ms or so are gone; when the machine loses power, those of the last few seconds.
 */
public final class EmbeddedMongo {

    /** The setting that moves the port, for messages. */
    static final String PORT_SETTING = "SALLYPORT_EMBEDDED_MONGO_PORT";

    private static final int COMMIT_MILLIS = 20;
    private static final int SYNC_MILLIS = 1000;
    /** Old versions of data must outlive the next sync, or a power failure could find the new ones not yet on disk. */
    private static final int RETENTION_MILLIS = 3 * SYNC_MILLIS;

    private static final int CACHE_MEGABYTES = 8;

    private static final Logger log = LoggerFactory.getLogger(EmbeddedMongo.class);

    private final Path folder;
    private final int cacheMegabytes;
    private int port;
    private @Nullable Running running;

    /**
     * @param folder where the data lives; made at the first start
     * @param port to listen on; 0 lets the first start choose a free one, which later starts of this object keep
     */
    public EmbeddedMongo(Path folder, int port) {
        this(folder, port, CACHE_MEGABYTES);
    }

    /** One that holds so much of its data in memory, for more documents than people who try things out have. */
    public EmbeddedMongo(Path folder, int port, int cacheMegabytes) {
        this.folder = folder;
        this.cacheMegabytes = cacheMegabytes;
        this.port = port;
    }

    /**
     * Returns once clients can connect; starting twice does nothing.
     *
     * @throws EmbeddedFailure if it can't start; nothing is left running or held
     */
    public synchronized void start() {
        if (running != null) {
            return;
        }
        DataFolder data = DataFolder.open(folder);
        try {
            running = Running.start(data, port, cacheMegabytes);
            port = running.address.getPort();
        } catch (MVStoreException e) {
            throw translated(data.path(), e);
        } finally {
            if (running == null) {
                data.close();
            }
        }
    }

    /** Lets running commands end, closes all connections and writes everything down; stopping twice does nothing. */
    public synchronized void stop() {
        if (running != null) {
            Running stopping = running;
            running = null;
            stopping.stop();
        }
    }

    /**
     * Where it listens.
     *
     * @throws IllegalStateException while it is not running
     */
    public synchronized InetSocketAddress address() {
        if (running == null) {
            throw new IllegalStateException("the embedded MongoDB-protocol server is not running");
        }
        return running.address;
    }

    /** {@code mongodb://127.0.0.1:port}, without a database; fails as {@link #address()} does. */
    public String uri() {
        return "mongodb://127.0.0.1:" + address().getPort();
    }

    /** What the H2 store's error codes mean to a person. */
    private static EmbeddedFailure translated(Path folder, MVStoreException e) {
        return switch (e.getErrorCode()) {
            case DataUtils.ERROR_FILE_LOCKED -> new EmbeddedFailure.FolderInUse(folder);
            case DataUtils.ERROR_READING_FAILED, DataUtils.ERROR_WRITING_FAILED ->
                new EmbeddedFailure.FolderUnusable(folder, String.valueOf(e.getMessage()), e);
            default -> new EmbeddedFailure.DataUnreadable(folder, e);
        };
    }

    private record Running(
            DataFolder data, MongoServer server, ScheduledExecutorService keeper, InetSocketAddress address) {

        static Running start(DataFolder data, int port, int cacheMegabytes) {
            SerialBackend backend = open(data.path(), cacheMegabytes);
            MongoServer server = new MongoServer(backend);
            try {
                server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1, 2);
            } catch (Exception e) { // Netty throws its IOException undeclared.
                server.shutdownNow();
                throw new EmbeddedFailure.PortTaken("MongoDB-protocol server", port, PORT_SETTING, e);
            }
            return new Running(data, server, keep(backend), server.getLocalAddress());
        }

        void stop() {
            try {
                keeper.close();
                server.shutdownNow();
            } finally {
                data.close();
            }
        }

        private static SerialBackend open(Path folder, int cacheMegabytes) {
            MVStore store = new MVStore.Builder()
                    .fileName(folder.resolve("store.mv").toString())
                    .cacheSize(cacheMegabytes)
                    .autoCommitDisabled()
                    .open();
            try {
                store.setRetentionTime(RETENTION_MILLIS);
                return new SerialBackend(store);
            } catch (RuntimeException e) {
                store.closeImmediately();
                throw e;
            }
        }

        /** Two threads, since a sync may take long and commits must not wait for it. */
        private static ScheduledExecutorService keep(SerialBackend backend) {
            ScheduledExecutorService keeper = Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().daemon().name("embedded-mongo-", 0).factory());
            var _ = keeper.scheduleWithFixedDelay(
                    orGiveUp(backend::commit), COMMIT_MILLIS, COMMIT_MILLIS, TimeUnit.MILLISECONDS);
            var _ = keeper.scheduleWithFixedDelay(
                    orGiveUp(backend::tidy), SYNC_MILLIS, SYNC_MILLIS, TimeUnit.MILLISECONDS);
            return keeper;
        }

        private static Runnable orGiveUp(Runnable step) {
            return () -> {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    log.error(
                            "The embedded MongoDB-protocol server can't write its file any more: stop Sallyport, see"
                                    + " that the disk has room and start again.",
                            e);
                    throw e;
                }
            };
        }
    }
}
