package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.event.Topics;
import dev.sallyport.seal.SealMeters;
import dev.sallyport.seal.file.CheckpointFolder;
import dev.sallyport.seal.kafka.AuditSealer;
import dev.sallyport.seal.kafka.SealerClients;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Clock;

/** The audit sealer's role, wired by hand. */
final class SealParts {

    private final AuditSealer sealer;

    SealParts(SallyportConfig config, Keyring keyring, Clock clock, String kafka, MeterRegistry metrics) {
        sealer = new AuditSealer(
                new SealerClients(kafka, config.kafka().properties()),
                new NoteSigner(keyring),
                new NoteKeys(keyring),
                config.audit().sealEvery(),
                config.audit().checkpointsDir().map(CheckpointFolder::new),
                new SealMeters(metrics),
                clock);
    }

    void start() {
        sealer.start();
    }

    /** Waits until it has its share, so that whatever is told from then on is sealed in time. */
    void awaitShare() {
        GroupShare.await(
                "The audit sealer",
                Topics.AUDIT,
                SealerClients.GROUP,
                Future.fromCompletionStage(sealer.joined()),
                GroupShare.LIMIT);
    }

    boolean check() {
        return sealer.check();
    }

    /** Blocks until it has left the group. */
    void stop() throws InterruptedException {
        sealer.stop();
    }
}
