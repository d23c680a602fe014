package dev.sallyport.seal.file;

import dev.sallyport.seal.LogId;
import dev.sallyport.seal.verify.Damage;
import dev.sallyport.seal.verify.Damage.Kind;
import dev.sallyport.seal.verify.PartitionCheck;
import dev.sallyport.seal.verify.Verification;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares an export, in which each partition's records stand together and in their order, with a folder of seals. */
public final class ExportCheck {

    private static final int NOWHERE = -1;

    private final CheckpointFolder folder;
    private final Verification verification;
    private final Instant from;
    private final Instant to;
    private final Set<Integer> done = new HashSet<>();
    private @Nullable PartitionCheck current;
    private @Nullable LogId log;

    /**
     * @param from seals that were made before are not asked for; {@link Instant#EPOCH} if all are
     * @param to nor those that were made after
     */
    public ExportCheck(CheckpointFolder folder, Verification verification, Instant from, Instant to) {
        this.folder = folder;
        this.verification = verification;
        this.from = from;
        this.to = to;
    }

    /** Reads all lines, and tells the verification what it finds. */
    public void run(BufferedReader lines) throws IOException {
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            try {
                take(ExportLine.parse(line));
            } catch (IllegalArgumentException e) {
                verification.found(new Damage(
                        Kind.UNREADABLE, NOWHERE, number, "line %d is no record of an export".formatted(number)));
            }
        }
        finish();
        for (int partition : folder.partitions()) {
            if (!done.contains(partition)) {
                begin(otherPartition(partition));
                finish();
            }
        }
        verification.end();
    }

    private LogId otherPartition(int partition) throws IOException {
        if (log != null) {
            return new LogId(log.topic(), log.topicId(), partition);
        }
        var seals = folder.seals(partition, from, to, _ -> {});
        return seals.hasNext() ? seals.next().checkpoint().log() : new LogId("", "", partition);
    }

    private void take(ExportLine line) throws IOException {
        if (current == null || line.log().partition() != current.partition()) {
            finish();
            if (done.contains(line.log().partition())) {
                verification.found(new Damage(
                        Kind.INSERTED,
                        line.log().partition(),
                        line.record().offset(),
                        "a record stands after those of another partition"));
                return;
            }
            begin(line.log());
        } else if (!line.log().equals(log)) {
            verification.found(new Damage(
                    Kind.TOPIC_RECREATED,
                    line.log().partition(),
                    line.record().offset(),
                    "the record is said to be of %s, those before it of %s".formatted(line.log(), log)));
        }
        if (current != null) {
            current.record(line.record());
        }
    }

    private void begin(LogId next) throws IOException {
        log = next;
        current = verification.begin(next, folder.seals(next.partition(), from, to, verification::found), from);
    }

    private void finish() {
        if (current != null) {
            verification.end(current);
            done.add(current.partition());
            current = null;
        }
    }
}
