package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.NoteKey;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.Refusals;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.file.CheckpointFolder;
import dev.sallyport.seal.file.ExportLine;
import dev.sallyport.seal.kafka.AuditLog;
import dev.sallyport.seal.kafka.SealerClients;
import dev.sallyport.seal.verify.InclusionProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
@Command(
        name = "audit",
        description = "Shows, verifies, proves and exports the audit stream.",
        subcommands = {AuditTailCommand.class, AuditStatsCommand.class, AuditVerifyCommand.class})
final class AuditCommand {

    static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

    @ParentCommand
    private Sallyport program;

    @Command(
            description =
                    "Prints the public keys that check checkpoints, the oldest first; keep them where the platform's"
                            + " operators can't change them.")
    void key() {
        NoteKeys.in(program.settings().keysFolder()).forEach(out()::println);
    }

    @Command(
            description =
                    "Prints a proof that a record is in the audit stream, which audit verify-proof checks with the"
                            + " public key alone.")
    void prove(
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
            // Its seal is no older than the record, where clocks agree.
            Instant near = Instant.ofEpochMilli(record.timestamp()).minus(Duration.ofMinutes(10));
            Seal seal = sealOf(record, log, near)
                    .or(() -> sealOf(record, log, Instant.EPOCH))
                    .orElseThrow(() ->
                            new CommandFailed("The record is not sealed yet; try again in a minute or two.", null));
            out().print(InclusionProof.of(record, seal));
            out().flush();
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(
                    "The record is not the one that was sealed; ./sallyport audit verify tells more.", e);
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    private static Optional<Seal> sealOf(LoggedRecord record, AuditLog log, Instant from) {
        Iterator<Seal> seals = log.seals(record.partition(), from, END_OF_TIME, _ -> {});
        while (seals.hasNext()) {
            Seal seal = seals.next();
            if (seal.checkpoint().covers(record.offset())) {
                return Optional.of(seal);
            }
        }
        return Optional.empty();
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
                            description = "A public key, or a file of several, the oldest first.")
                    String key) {
        InclusionProof proof;
        try {
            proof = InclusionProof.parse(Files.readString(readable(file)));
        } catch (IllegalArgumentException | IOException e) {
            throw new CommandFailed(file + " is not a proof that ./sallyport audit prove has printed.", e);
        }
        Optional<NoteKey> signer = proof.provenBy(keys(key));
        LogId log = proof.seal().checkpoint().log();
        if (signer.isEmpty()) {
            out().println("This proves nothing: its record, path, checkpoint and signature do not belong together, or"
                    + " another key has signed.");
            return 1;
        }
        out().println("Record %d of partition %d of %s (%s) is in the audit stream, sealed at %s by %s:"
                .formatted(
                        proof.record().offset(),
                        log.partition(),
                        plain(log.topic()),
                        plain(log.topicId()),
                        proof.seal().checkpoint().time(),
                        signer.get().name()));
        out().println(plain(new ExportLine(log, proof.record()).toString()));
        return 0;
    }

    @Command(
            description = "Prints the audit stream as JSON lines, partition after partition, with all that is sealed of"
                    + " each record.")
    void export(
            @Option(names = "--from", paramLabel = "TIME", description = "Only what was sealed from this time on.")
                    @Nullable
                    Moment from,
            @Option(names = "--to", paramLabel = "TIME", description = "Only what was sealed until this time.")
                    @Nullable
                    Moment to,
            @Option(
                            names = "--checkpoints",
                            paramLabel = "DIR",
                            description = "Copies the checkpoints of that time from Kafka to this folder as well.")
                    @Nullable
                    Path checkpoints) {
        Instant first = from == null ? Instant.EPOCH : from.instant();
        Instant last = to == null ? END_OF_TIME : to.instant();
        List<NoteKey> keys = checkpoints == null ? List.of() : keys(null);
        try (AuditLog log = open()) {
            for (LogId partition : log.partitions()) {
                Sealed sealed = new Sealed(from == null ? 0 : Long.MAX_VALUE, to == null ? Long.MAX_VALUE : 0);
                Iterator<Seal> seals = log.seals(partition.partition(), first, last, _ -> {});
                while (seals.hasNext()) {
                    Seal seal = seals.next();
                    sealed = sealed.with(seal);
                    if (checkpoints != null && seal.signedBy(keys).isPresent()) {
                        new CheckpointFolder(checkpoints).write(seal);
                    }
                }
                print(partition, log, sealed);
            }
        } catch (KafkaException e) {
            throw unanswered(e);
        } catch (IOException e) {
            throw new CommandFailed("A checkpoint can't be written: " + e, e);
        }
        if (out().checkError()) {
            throw new CommandFailed("The export could not be written to its end: see that there is room.", null);
        }
    }

    /** From which offset on and before which one something is sealed in a span of time. */
    private record Sealed(long first, long end) {

        Sealed with(Seal seal) {
            return new Sealed(
                    Math.min(first, seal.checkpoint().first()),
                    Math.max(end, seal.checkpoint().next()));
        }
    }

    private void print(LogId partition, AuditLog log, Sealed sealed) {
        if (sealed.first() >= sealed.end()) {
            return;
        }
        Iterator<LoggedRecord> records = log.records(partition.partition(), sealed.first());
        while (records.hasNext()) {
            LoggedRecord record = records.next();
            if (record.offset() >= sealed.end()) {
                return;
            }
            out().println(new ExportLine(partition, record));
        }
    }

    AuditLog open() {
        SallyportConfig config = program.settings();
        try {
            return new AuditLog(
                    new SealerClients(Addresses.kafka(config), config.kafka().properties()));
        } catch (KafkaException e) {
            throw new CommandFailed(Refusals.ofSettings(e, config.kafka().properties()), e);
        }
    }

    TopicPeek peek() {
        SallyportConfig config = program.settings();
        return new TopicPeek(Addresses.kafka(config), config.kafka().properties());
    }

    PrintWriter out() {
        return program.out();
    }

    /** @param key one, or a file of several; null: those of the keys folder */
    List<NoteKey> keys(@Nullable String key) {
        if (key == null) {
            return NoteKeys.in(program.settings().keysFolder());
        }
        try {
            Path file = Path.of(key);
            List<String> lines =
                    Files.isReadable(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of(key);
            return lines.stream()
                    .filter(line -> !line.isBlank())
                    .map(NoteKey::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("--key " + key + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailed("--key " + key + " can't be read: " + e, e);
        }
    }

    static Path readable(Path file) {
        if (!Files.isReadable(file)) {
            throw new CommandFailed(file + " can't be read: name a file that is there.", null);
        }
        return file;
    }

    /** What comes from Kafka or a file might hold what steers a terminal. */
    static String plain(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }

    static CommandFailed unanswered(KafkaException cause) {
        return new CommandFailed(
                Refusals.ofBrokers(cause)
                        .orElse(
                                "Kafka did not answer; check SALLYPORT_KAFKA_BOOTSTRAP_SERVERS, that its brokers are up and"
                                        + " that the topics are there (./sallyport topics check)."),
                cause);
    }
}
