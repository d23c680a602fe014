package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.NoteKey;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.Refusals;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.file.CheckpointFolder;
import dev.sallyport.seal.file.ExportCheck;
import dev.sallyport.seal.file.ExportLine;
import dev.sallyport.seal.kafka.AuditLog;
import dev.sallyport.seal.kafka.SealerClients;
import dev.sallyport.seal.verify.InclusionProof;
import dev.sallyport.seal.verify.Merged;
import dev.sallyport.seal.verify.PartitionCheck;
import dev.sallyport.seal.verify.Verification;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** For auditors: the audit stream, and the proof that it is whole. */
@Command(name = "audit", description = "Verifies, proves and exports the audit stream.")
final class AuditCommand {

    /** Sealers that run make a checkpoint at least once in the time that is configured; this much is a stop. */
    private static final Duration STALE = Duration.ofMinutes(5);

    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

    @ParentCommand
    private Sallyport program;

    @Command(
            description =
                    "Prints the public keys that check checkpoints, the oldest first; keep them where the platform's"
                            + " operators can't change them.")
    void key() {
        NoteKeys.in(program.settings().keysFolder()).forEach(program.out()::println);
    }

    @Command(
            description = "Compares the audit stream with its checkpoints. Reads Kafka, or an export and a folder of"
                    + " checkpoints. Exit code 1 if anything is not as it was sealed.")
    int verify(
            @Option(names = "--from", paramLabel = "TIME", description = "Only what was sealed from this time on.")
                    @Nullable
                    Instant from,
            @Option(
                            names = "--to",
                            paramLabel = "TIME",
                            description =
                                    "Only what was sealed until this time, up to which there must be checkpoints.")
                    @Nullable
                    Instant to,
            @Option(names = "--export", paramLabel = "FILE", description = "An export to look at in place of Kafka.")
                    @Nullable
                    Path export,
            @Option(
                            names = "--checkpoints",
                            paramLabel = "DIR",
                            description =
                                    "The folder to which sealers copy their checkpoints; it counts more than Kafka.")
                    @Nullable
                    Path checkpoints,
            @Option(
                            names = "--key",
                            paramLabel = "PUB",
                            description = "A public key, or a file of several, the oldest"
                                    + " first. Default: that of the keys folder.")
                    @Nullable
                    String key)
            throws IOException {
        Optional<CheckpointFolder> folder = Optional.ofNullable(checkpoints).map(AuditCommand::existing);
        Range range = new Range(
                Optional.ofNullable(from).orElse(Instant.EPOCH),
                Optional.ofNullable(to).orElse(END_OF_TIME));
        Verification verification;
        if (export != null) {
            verification = new Verification(keys(key));
            CheckpointFolder files = folder.orElseThrow(
                    () -> new CommandFailed("Name the folder of checkpoints with --checkpoints as well.", null));
            try (BufferedReader lines = Files.newBufferedReader(readable(export))) {
                new ExportCheck(files, verification, range.from(), range.to()).run(lines);
            }
        } else {
            verification = inKafka(keys(key), range, from == null, folder);
        }
        return tell(verification, Optional.ofNullable(to), export != null);
    }

    /** A span of time in which checkpoints were made. */
    private record Range(Instant from, Instant to) {}

    private Verification inKafka(List<NoteKey> keys, Range asked, boolean all, Optional<CheckpointFolder> folder)
            throws IOException {
        try (AuditLog log = open()) {
            Instant kept = Clock.systemUTC().instant().minus(retention());
            Verification verification = new Verification(keys);
            for (LogId partition : log.partitions()) {
                int number = partition.partition();
                // What is older than the topic keeps may be gone, and is then not asked for.
                boolean cut = all && log.begin(number) > 0;
                Range range = cut && kept.isAfter(asked.from()) ? new Range(kept, asked.to()) : asked;
                Iterator<Seal> seals = log.seals(number, range.from(), range.to(), verification::found);
                if (folder.isPresent()) {
                    Iterator<Seal> copies = folder.get().seals(number, range.from(), range.to(), verification::found);
                    seals = new Merged(copies, seals, verification::found);
                }
                PartitionCheck check = verification.begin(partition, seals, all && !cut);
                log.records(number, check.firstOffset()).forEachRemaining(check::record);
                verification.end(check);
            }
            return verification;
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    private static Duration retention() {
        return TopicPlan.all(1).stream()
                .filter(plan -> plan.name().equals(Topics.AUDIT))
                .map(plan -> Duration.ofMillis(Long.parseLong(plan.settings().get("retention.ms"))))
                .findFirst()
                .orElseThrow();
    }

    private int tell(Verification verification, Optional<Instant> to, boolean offline) {
        verification.firsts().forEach(damage -> program.out()
                .println("%-20s %s: %s".formatted(damage.kind(), damage.place(), plain(damage.what()))));
        Optional<Instant> until = verification.sealedUntil();
        if (verification.checkpoints() == 0) {
            program.out().println("There are no checkpoints, so nothing is proven: see that an audit-sealer runs.");
            return 1;
        }
        Instant due =
                to.orElseGet(() -> offline ? Instant.EPOCH : Clock.systemUTC().instant());
        boolean stale = until.isEmpty() || until.get().plus(STALE).isBefore(due);
        if (stale) {
            program.out()
                    .println("NOT SEALED           the last checkpoint of a partition is of %s: see that an"
                                    .formatted(until.map(Instant::toString).orElse("never"))
                            + " audit-sealer runs, and that no checkpoint was deleted.");
        }
        program.out()
                .println(
                        "%,d records under %,d checkpoints of %d partitions, sealed until %s; %,d records are not sealed yet."
                                .formatted(
                                        verification.sealedRecords(),
                                        verification.checkpoints(),
                                        verification.partitions(),
                                        until.map(Instant::toString).orElse("never"),
                                        verification.unsealedRecords()));
        if (verification.isClean() && !stale) {
            program.out().println("Everything is as it was sealed.");
            return 0;
        }
        verification.counts().forEach((kind, count) -> program.out().println("%,d %s".formatted(count, kind)));
        return 1;
    }

    @Command(
            description =
                    "Prints a proof that a record is in the audit stream, which audit verify-proof checks with the"
                            + " public key alone.")
    int prove(
            @Parameters(paramLabel = "OFFSET", description = "The record's offset.") long offset,
            @Option(names = "--partition", required = true, description = "Its partition.") int partition) {
        try (AuditLog log = open()) {
            int partitions = log.partitions().size();
            if (partition < 0 || partition >= partitions) {
                throw new CommandFailed("%s has the partitions 0 to %d.".formatted(Topics.AUDIT, partitions - 1), null);
            }
            LoggedRecord record = log.record(partition, offset)
                    .orElseThrow(() -> new CommandFailed(
                            "There is no record of offset %d in partition %d of %s."
                                    .formatted(offset, partition, Topics.AUDIT),
                            null));
            // Its seal is no older than the record, but clocks differ.
            Instant from = Instant.ofEpochMilli(record.timestamp()).minus(Duration.ofMinutes(10));
            Iterator<Seal> seals = log.seals(partition, from, END_OF_TIME, _ -> {});
            while (seals.hasNext()) {
                Seal seal = seals.next();
                if (seal.checkpoint().covers(offset)) {
                    program.out().print(InclusionProof.of(record, seal));
                    program.out().flush();
                    return 0;
                }
            }
            throw new CommandFailed("The record is not sealed yet; try again in a minute or two.", null);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(
                    "The record is not the one that was sealed; ./sallyport audit verify tells more.", e);
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    @Command(
            name = "verify-proof",
            description = "Checks a proof with the public key and nothing else, and prints the record that it is about."
                    + " Exit code 1 if it proves nothing.")
    int verifyProof(
            @Parameters(paramLabel = "FILE", description = "What audit prove has printed.") Path file,
            @Option(
                            names = "--key",
                            required = true,
                            paramLabel = "PUB",
                            description = "A public key, or a file of" + " several, the oldest first.")
                    String key)
            throws IOException {
        InclusionProof proof;
        try {
            proof = InclusionProof.parse(Files.readString(readable(file)));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(file + " is not a proof that ./sallyport audit prove has printed.", e);
        }
        Optional<NoteKey> signer = proof.provenBy(keys(key));
        LogId log = proof.seal().checkpoint().log();
        if (signer.isEmpty()) {
            program.out()
                    .println(
                            "This proves nothing: its record, path, checkpoint and signature do not belong together, or"
                                    + " another key has signed.");
            return 1;
        }
        program.out()
                .println("Record %d of partition %d of %s (%s) is in the audit stream, sealed at %s by %s:"
                        .formatted(
                                proof.record().offset(),
                                log.partition(),
                                plain(log.topic()),
                                plain(log.topicId()),
                                proof.seal().checkpoint().time(),
                                signer.get().name()));
        program.out().println(plain(new ExportLine(log, proof.record()).toString()));
        return 0;
    }

    @Command(
            description = "Prints the audit stream as JSON lines, partition after partition, with all that is sealed of"
                    + " each record.")
    int export(
            @Option(names = "--from", paramLabel = "TIME", description = "Only records of this time and later ones.")
                    @Nullable
                    Instant from,
            @Option(names = "--to", paramLabel = "TIME", description = "Only records before this time.") @Nullable
                    Instant to,
            @Option(
                            names = "--checkpoints",
                            paramLabel = "DIR",
                            description = "Copies all checkpoints from Kafka to this folder as well.")
                    @Nullable
                    Path checkpoints)
            throws IOException {
        try (AuditLog log = open()) {
            for (LogId partition : log.partitions()) {
                int number = partition.partition();
                long first = log.offset(number, Optional.ofNullable(from).orElse(Instant.EPOCH));
                long end = to == null ? Long.MAX_VALUE : log.offset(number, to);
                Iterator<LoggedRecord> records = log.records(number, first);
                for (LoggedRecord record = next(records); record != null && record.offset() < end; ) {
                    program.out().println(new ExportLine(partition, record));
                    record = next(records);
                }
                if (checkpoints != null) {
                    copySeals(log, number, new CheckpointFolder(checkpoints));
                }
            }
            return 0;
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    private static @Nullable LoggedRecord next(Iterator<LoggedRecord> records) {
        return records.hasNext() ? records.next() : null;
    }

    private static void copySeals(AuditLog log, int partition, CheckpointFolder folder) throws IOException {
        Iterator<Seal> seals = log.seals(partition, Instant.EPOCH, END_OF_TIME, _ -> {});
        while (seals.hasNext()) {
            folder.write(seals.next());
        }
    }

    private AuditLog open() {
        SallyportConfig config = program.settings();
        try {
            return new AuditLog(
                    new SealerClients(Addresses.kafka(config), config.kafka().properties()));
        } catch (KafkaException e) {
            throw new CommandFailed(Refusals.ofSettings(e, config.kafka().properties()), e);
        }
    }

    private List<NoteKey> keys(@Nullable String key) throws IOException {
        if (key == null) {
            return NoteKeys.in(program.settings().keysFolder());
        }
        Path file = Path.of(key);
        List<String> lines = Files.isReadable(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of(key);
        List<NoteKey> keys = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank()) {
                try {
                    keys.add(NoteKey.parse(line));
                } catch (IllegalArgumentException e) {
                    throw new CommandFailed("--key " + key + ": " + e.getMessage(), e);
                }
            }
        }
        return keys;
    }

    private static CheckpointFolder existing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new CommandFailed(
                    folder + " is no folder: name the one that SALLYPORT_AUDIT_CHECKPOINTS_DIR names for the sealers.",
                    null);
        }
        return new CheckpointFolder(folder);
    }

    private static Path readable(Path file) {
        if (!Files.isReadable(file)) {
            throw new CommandFailed(file + " can't be read: name a file that is there.", null);
        }
        return file;
    }

    /** What comes from Kafka or a file might hold what steers a terminal. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }

    private static CommandFailed unanswered(KafkaException cause) {
        return new CommandFailed(
                Refusals.ofBrokers(cause)
                        .orElse(
                                "Kafka did not answer; check SALLYPORT_KAFKA_BOOTSTRAP_SERVERS, that its brokers are up and"
                                        + " that the topics are there (./sallyport topics check)."),
                cause);
    }
}
