package dev.sallyport.seal.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.event.kafka.ReaderThread;
import dev.sallyport.seal.SealMeters;
import dev.sallyport.seal.file.CheckpointFolder;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the audit stream: each partition is sealed by one of all sealers, which share them as a consumer group. Whatever goes
 * wrong ends the connection, and the next one begins after the last seal that was committed.
 */
public final class AuditSealer {

    private static final Logger LOG = LoggerFactory.getLogger(AuditSealer.class);

    private final SealerLoop loop;
    private final ReaderThread thread;

    /**
     * Makes one, which does nothing yet.
     *
     * @param every how long records wait for their seal at most
     * @param folder where seals are copied to
     */
    public AuditSealer(
            SealerClients clients,
            NoteSigner signer,
            NoteKeys keys,
            Duration every,
            Optional<CheckpointFolder> folder,
            SealMeters meters,
            Clock clock) {
        this.loop = new SealerLoop(clients, signer, keys, every, folder, meters, clock);
        this.thread = new ReaderThread(
                "audit-sealer",
                clients::groupConsumer,
                loop,
                new OutageLog(LOG, "The audit stream is not sealed; that goes on where it was when Kafka is back"));
        meters.unsealed(loop::unsealed, loop::age);
    }

    public void start() {
        thread.start();
    }

    /** Leaves the group; what is not sealed yet the next owner reads again. Blocks. */
    public void stop() throws InterruptedException {
        thread.stop();
        loop.close();
    }

    /** Completed when this process has its share of the stream. */
    public CompletionStage<Void> joined() {
        return loop.joined();
    }

    /** True while it works. */
    public boolean check() {
        return loop.isAlive();
    }
}
