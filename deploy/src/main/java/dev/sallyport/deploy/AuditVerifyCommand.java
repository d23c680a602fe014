package dev.sallyport.deploy;

import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.file.CheckpointFolder;
import dev.sallyport.seal.file.ExportCheck;
import dev.sallyport.seal.kafka.AuditLog;
import dev.sallyport.seal.verify.Merged;
import dev.sallyport.seal.verify.PartitionCheck;
import dev.sallyport.seal.verify.Verification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Compares the audit stream with its checkpoints. */
@Command(
        name = "verify",
        description = "Compares the audit stream with its checkpoints. Reads Kafka, or an export and a folder of"
                + " checkpoints. Exit code 1 if anything is not as it was sealed.")
final class AuditVerifyCommand implements Callable<Integer> {

    /** Sealers that run make a checkpoint at least once in the time that is configured; this much is a stop. */
    private static final Duration STALE = Duration.ofMinutes(5);

    /** Records are deleted by their own age, and checkpoints are looked up by theirs. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    @ParentCommand
    private AuditCommand audit;

    @Option(names = "--from", paramLabel = "TIME", description = "Only what was sealed from this time on.")
    private @Nullable Moment from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "Only what was sealed until this time, up to which there must be checkpoints.")
    private @Nullable Moment to;

    @Option(names = "--export", paramLabel = "FILE", description = "An export to look at in place of Kafka.")
    private @Nullable Path export;

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            description = "The folder to which sealers copy their checkpoints; it counts more than Kafka.")
    private @Nullable Path checkpoints;

    @Option(
            names = "--key",
            paramLabel = "PUB",
            description = "A public key, or a file of several, the oldest first. Default: that of the keys folder.")
    private @Nullable String key;

    /** A span of time in which checkpoints were made. */
    private record Range(Instant from, Instant to) {}

    @Override
    public Integer call() {
        Optional<CheckpointFolder> folder = Optional.ofNullable(checkpoints).map(AuditVerifyCommand::existing);
        Range range = new Range(
                from == null ? Instant.EPOCH : from.instant(), to == null ? AuditCommand.END_OF_TIME : to.instant());
        Verification verification = new Verification(audit.keys(key));
        try {
            if (export == null) {
                inKafka(verification, range, folder);
            } else {
                inExport(verification, range, folder);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailed("The export or the folder of checkpoints can't be read: " + e, e);
        }
        return tell(verification);
    }

    private void inExport(Verification verification, Range range, Optional<CheckpointFolder> folder)
            throws IOException {
        CheckpointFolder files = folder.orElseThrow(
                () -> new CommandFailed("Name the folder of checkpoints with --checkpoints as well.", null));
        Path file = AuditCommand.readable(Objects.requireNonNull(export));
        // Bytes that are no text are replaced, and then are not what was sealed.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            new ExportCheck(files, verification, range.from(), range.to()).run(lines);
        }
    }

    private static CheckpointFolder existing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new CommandFailed(
                    folder + " is no folder: name the one that SALLYPORT_AUDIT_CHECKPOINTS_DIR names for the sealers.",
                    null);
        }
        return new CheckpointFolder(folder);
    }

    private void inKafka(Verification verification, Range asked, Optional<CheckpointFolder> folder) throws IOException {
        try (AuditLog log = audit.open()) {
            Instant now = Clock.systemUTC().instant();
            List<LogId> partitions = log.partitions();
            for (LogId partition : partitions) {
                int number = partition.partition();
                // What is older than the topic keeps may be gone, and is then not asked for.
                boolean cut = from == null && log.begin(number) > 0;
                Range range = cut ? new Range(now.minus(retention()).plus(LONGEST_WAIT), asked.to()) : asked;
                Iterator<Seal> seals = log.seals(number, range.from(), range.to(), verification::found);
                if (folder.isPresent()) {
                    seals = new Merged(
                            copies(folder.get(), number, range, verification),
                            seals,
                            now.minus(STALE),
                            verification::found);
                }
                PartitionCheck check = verification.begin(partition, seals, range.from());
                log.records(number, check.firstOffset()).forEachRemaining(check::record);
                verification.end(check);
            }
            if (folder.isPresent()) {
                lookForOthers(verification, asked, folder.get(), partitions);
            }
            verification.end();
        } catch (KafkaException e) {
            throw AuditCommand.unanswered(e);
        }
    }

    private static Iterator<Seal> copies(CheckpointFolder folder, int partition, Range range, Verification verification)
            throws IOException {
        return folder.seals(partition, range.from(), range.to(), verification::found);
    }

    /** Partitions that are in the folder and that Kafka says nothing of. */
    private static void lookForOthers(
            Verification verification, Range asked, CheckpointFolder folder, List<LogId> partitions)
            throws IOException {
        for (int partition : folder.partitions()) {
            if (partition >= partitions.size()) {
                LogId log = new LogId(Topics.AUDIT, partitions.getFirst().topicId(), partition);
                verification.end(verification.begin(log, copies(folder, partition, asked, verification), asked.from()));
            }
        }
    }

    private static Duration retention() {
        return TopicPlan.all(1).stream()
                .filter(plan -> plan.name().equals(Topics.AUDIT))
                .map(plan -> Duration.ofMillis(Long.parseLong(plan.settings().getOrDefault("retention.ms", "-1"))))
                .findFirst()
                .orElseThrow();
    }

    private int tell(Verification verification) {
        PrintWriter out = audit.out();
        verification
                .firsts()
                .forEach(damage -> out.println(
                        "%-20s %s: %s".formatted(damage.kind(), damage.place(), AuditCommand.plain(damage.what()))));
        if (verification.recordsBefore() > 0) {
            out.println(String.format(
                    Locale.ROOT,
                    "%,d records stand before the first checkpoint that was asked for.",
                    verification.recordsBefore()));
        }
        Instant soon = Clock.systemUTC().instant().plus(STALE);
        boolean ahead = verification.newest().filter(soon::isBefore).isPresent();
        if (ahead) {
            out.println("NOT SEALED           a checkpoint bears a time to come: see to the clocks of the sealers.");
        }
        String until = verification.sealedUntil().map(Instant::toString).orElse("never");
        boolean stale = isStale(verification);
        if (verification.checkpoints() == 0) {
            out.println("There are no checkpoints, so nothing is proven: see that an audit-sealer runs.");
        } else if (stale) {
            out.println(
                    "NOT SEALED           the last checkpoint of a partition is of %s: see that an audit-sealer runs, and"
                                    .formatted(until)
                            + " that no checkpoint was deleted.");
        }
        out.println(String.format(
                Locale.ROOT,
                "%,d records under %,d checkpoints of %d partitions, sealed until %s; %,d records are not sealed yet.",
                verification.sealedRecords(),
                verification.checkpoints(),
                verification.partitions(),
                until,
                verification.unsealedRecords()));
        if (verification.isClean() && !stale && !ahead) {
            out.println("Everything is as it was sealed.");
            return 0;
        }
        verification.counts().forEach((kind, count) -> out.println(String.format(Locale.ROOT, "%,d %s", count, kind)));
        return 1;
    }

    private boolean isStale(Verification verification) {
        Instant due = Instant.EPOCH;
        if (to != null) {
            due = to.instant();
        } else if (export == null) {
            due = Clock.systemUTC().instant();
        }
        return verification.sealedUntil().filter(due.minus(STALE)::isAfter).isPresent()
                || verification.checkpoints() == 0;
    }
}
