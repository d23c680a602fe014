package dev.sallyport.seal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.SealedLog;
import dev.sallyport.seal.verify.Damage;
import dev.sallyport.seal.verify.Damage.Kind;
import dev.sallyport.seal.verify.Verification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of checkpoints, and an export that is compared with it. */
class CheckpointFolderTest {

    private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

    @TempDir
    Path keys;

    @TempDir
    Path files;

    private SealedLog log;
    private CheckpointFolder folder;

    @BeforeEach
    void write() throws IOException {
        log = new SealedLog(keys, 2, 300);
        folder = new CheckpointFolder(files);
        for (int partition = 0; partition < 2; partition++) {
            for (Seal seal : log.seals(partition)) {
                folder.write(seal);
            }
        }
    }

    private List<Seal> read(int partition, Instant from, Instant to) throws IOException {
        List<Seal> read = new ArrayList<>();
        folder.seals(partition, from, to, damage -> {
                    throw new AssertionError(damage);
                })
                .forEachRemaining(read::add);
        return read;
    }

    private List<Damage> verify(String export) throws IOException {
        Verification verification = new Verification(log.keys());
        new ExportCheck(folder, verification, Instant.EPOCH, END).run(new BufferedReader(new StringReader(export)));
        return verification.firsts();
    }

    private String export() {
        StringBuilder lines = new StringBuilder();
        for (int partition = 0; partition < 2; partition++) {
            int number = partition;
            log.records(partition).forEach(record -> lines.append(new ExportLine(SealedLog.log(number), record))
                    .append('\n'));
        }
        return lines.toString();
    }

    private Path file(Checkpoint checkpoint, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(files)) {
            return all.filter(path -> path.endsWith("%012d%s".formatted(checkpoint.number(), ending))
                            && path.toString().contains("/" + checkpoint.log().partition() + "/"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void whatWasWrittenIsReadInItsOrderAcrossDays() throws IOException {
        assertEquals(log.seals(1), read(1, Instant.EPOCH, END));
        assertEquals(Set.of(0, 1), folder.partitions());
        assertEquals(OptionalLong.of(log.seals(0).getLast().checkpoint().number()), folder.newest(0));
        assertEquals(OptionalLong.empty(), folder.newest(7));
        Instant midnight = Instant.parse("2026-05-05T00:00:00Z");
        List<Seal> after = read(0, midnight, END);
        assertTrue(!after.isEmpty() && after.size() < log.seals(0).size(), "some are of the next day");
        assertEquals(
                log.seals(0).stream()
                        .filter(seal -> !seal.checkpoint().time().isBefore(midnight))
                        .toList(),
                after);
    }

    @Test
    void aSealIsWrittenOnceAndNoOtherTakesItsPlace() throws IOException {
        Seal seal = log.seals(0).getFirst();
        folder.write(seal);
        Checkpoint was = seal.checkpoint();
        Checkpoint forged = new Checkpoint(
                was.log(),
                was.number(),
                was.first(),
                was.count(),
                was.root(),
                was.previous(),
                was.time().plusMillis(1));
        Seal other = new Seal(forged, log.signer().sign(forged.text()), seal.leaves());

        assertThrows(FileAlreadyExistsException.class, () -> folder.write(other));

        assertEquals(seal, read(0, Instant.EPOCH, END).getFirst());
    }

    @Test
    void anExportIsVerifiedAgainstTheFolder() throws IOException {
        assertEquals(List.of(), verify(export()));
    }

    @Test
    void aPartitionThatWasLeftOutIsMissed() throws IOException {
        String half = export().lines()
                .filter(line -> line.contains("\"partition\":0,"))
                .reduce("", (all, line) -> all + line + '\n');

        assertEquals(
                List.of(new Damage(Kind.MISSING, 1, 0, "")),
                verify(half).stream()
                        .map(damage -> new Damage(damage.kind(), damage.partition(), damage.offset(), ""))
                        .toList());
        assertEquals(2, verify("").size());
    }

    @Test
    void aLineThatIsNoneIsToldAndItsRecordMissed() throws IOException {
        List<String> lines = new ArrayList<>(export().lines().toList());
        lines.set(5, lines.get(5).substring(7));

        List<Damage> damages = verify(String.join("\n", lines));

        assertEquals(
                List.of(Kind.UNREADABLE, Kind.MISSING),
                damages.stream().map(Damage::kind).toList());
        assertEquals(6, damages.getFirst().offset());
        assertEquals(5, damages.getLast().offset());
    }

    @Test
    void aFileUnderAnothersNameIsNoticed() throws IOException {
        Path first = file(log.seals(0).getFirst().checkpoint(), ".checkpoint");
        Path last = file(log.seals(0).getLast().checkpoint(), ".checkpoint");
        Files.writeString(last, Files.readString(first));

        assertEquals(
                List.of(Kind.CHECKPOINT_REPLAYED),
                verify(export()).stream().map(Damage::kind).toList());

        Files.writeString(last, "nonsense");
        assertEquals(
                List.of(Kind.UNREADABLE),
                verify(export()).stream().map(Damage::kind).toList());
    }

    @Test
    void whatElseLiesInTheFolderEndsNothing() throws IOException {
        Path day = file(log.seals(0).getFirst().checkpoint(), ".checkpoint").getParent();
        Files.createFile(day.getParent().resolveSibling(".DS_Store"));
        Files.createDirectory(day.resolve("000000999999.checkpoint"));
        Files.write(day.resolve("000000999998.checkpoint"), new byte[] {(byte) 0xff, 1});
        Files.createFile(day.resolve("half.part"));

        assertEquals(
                List.of(Kind.UNREADABLE),
                verify(export()).stream().map(Damage::kind).distinct().toList());
    }

    @Test
    void aLineHasOneSpelling() throws IOException {
        List<String> lines = export().lines().toList();
        String line = lines.get(5);
        for (String other : List.of(
                line.replace("\"offset\":5,", "\"offset\":5.9,"),
                line.replace("\"offset\":5,", "\"offset\":5,\"offset\":5,"),
                line.replace("{\"topic\"", "{\"more\":1,\"topic\""),
                line.replace("\"partition\":0", "\"partition\":4294967296"),
                line.replace("\"headers\":[[\"ce_id\"", "\"headers\":[[null"),
                line + " ")) {
            List<String> changed = new ArrayList<>(lines);
            changed.set(5, other);
            assertTrue(!other.equals(line), other);
            assertEquals(
                    List.of(Kind.UNREADABLE, Kind.MISSING),
                    verify(String.join("\n", changed)).stream()
                            .map(Damage::kind)
                            .toList(),
                    other);
        }
    }

    @Test
    void bytesThatAreNoTextSurviveTheExport() {
        byte[] odd = {(byte) 0xff, 0, (byte) 0xc3};
        var record = new dev.sallyport.seal.LoggedRecord(
                3,
                17,
                42,
                odd,
                List.of(
                        new dev.sallyport.seal.LoggedRecord.Header("h", null),
                        new dev.sallyport.seal.LoggedRecord.Header("", odd)),
                null);
        ExportLine read = ExportLine.parse(new ExportLine(SealedLog.log(3), record).toString());

        assertEquals(record.leafHash(), read.record().leafHash());
    }
}
