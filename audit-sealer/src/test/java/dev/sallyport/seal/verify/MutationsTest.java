package dev.sallyport.seal.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.crypto.SignedNote;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Hash;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.LoggedRecord.Header;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.SealedLog;
import dev.sallyport.seal.verify.Damage.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand single changes of a sealed log, each of which has to be found, and at its place. */
class MutationsTest {

    private static final int MUTATIONS = 1_000;
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 400;
    private static final long SEED = 6962;

    private static SealedLog log;
    private static NoteSigner stranger;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeAll
    static void seal(@TempDir Path keys, @TempDir Path otherKeys) {
        log = new SealedLog(keys, PARTITIONS, RECORDS);
        stranger = new NoteSigner(SealedLog.keyring(otherKeys));
    }

    /** A copy of the log that may be changed, and what has to be found afterwards. */
    private final class Copy {
        private final List<List<LoggedRecord>> records = new ArrayList<>();
        private final List<List<Seal>> seals = new ArrayList<>();
        private String topicId = SealedLog.TOPIC_ID;
        private final int partition = random.nextInt(PARTITIONS);

        Copy() {
            for (int i = 0; i < PARTITIONS; i++) {
                records.add(new ArrayList<>(log.records(i)));
                seals.add(new ArrayList<>(log.seals(i)));
            }
        }

        List<LoggedRecord> records() {
            return records.get(partition);
        }

        List<Seal> seals() {
            return seals.get(partition);
        }

        int anyRecord() {
            return random.nextInt(records().size());
        }

        int anySeal() {
            return random.nextInt(seals().size());
        }

        Verification verify() {
            Verification verification = new Verification(log.keys());
            for (int i = 0; i < PARTITIONS; i++) {
                PartitionCheck check = verification.begin(
                        new LogId("sallyport.audit", topicId, i), seals.get(i).iterator(), Instant.EPOCH);
                records.get(i).forEach(check::record);
                verification.end(check);
            }
            verification.end();
            return verification;
        }
    }

    /** What was done, and where it must be found: a kind of damage, and the offset that it must name. */
    private record Expected(Kind kind, long offset) {}

    private enum Mutation {
        VALUE,
        KEY,
        HEADER,
        HEADER_ORDER,
        TIMESTAMP,
        DELETE,
        DELETE_FIRST,
        DELETE_LAST,
        INSERT_TWICE,
        INSERT_AND_SHIFT,
        INSERT_ELSEWHERE,
        SWAP_PLACES,
        SWAP_CONTENTS,
        TRUNCATE,
        CHECKPOINT_DROPPED,
        FIRST_CHECKPOINT_DROPPED,
        CHECKPOINT_REPLAYED,
        CHECKPOINT_TWICE,
        CHECKPOINT_EDITED,
        CHECKPOINT_BY_A_STRANGER,
        TOPIC_RECREATED
    }

    private Expected apply(Mutation mutation, Copy copy) {
        List<LoggedRecord> records = copy.records();
        List<Seal> seals = copy.seals();
        int at = copy.anyRecord();
        int sealAt = copy.anySeal();
        return switch (mutation) {
            case VALUE -> {
                LoggedRecord was = records.get(at);
                records.set(at, with(was, was.key(), was.headers(), flipped(was.value()), was.timestamp()));
                yield new Expected(Kind.CHANGED, at);
            }
            case KEY -> {
                LoggedRecord was = records.get(at);
                records.set(at, with(was, flipped(was.key()), was.headers(), was.value(), was.timestamp()));
                yield new Expected(Kind.CHANGED, at);
            }
            case HEADER -> {
                LoggedRecord was = records.get(at);
                List<Header> headers = new ArrayList<>(was.headers());
                headers.set(
                        0,
                        new Header(
                                headers.getFirst().name(),
                                flipped(headers.getFirst().value())));
                records.set(at, with(was, was.key(), headers, was.value(), was.timestamp()));
                yield new Expected(Kind.CHANGED, at);
            }
            case HEADER_ORDER -> {
                LoggedRecord was = records.get(at);
                records.set(at, with(was, was.key(), was.headers().reversed(), was.value(), was.timestamp()));
                yield new Expected(Kind.CHANGED, at);
            }
            case TIMESTAMP -> {
                LoggedRecord was = records.get(at);
                records.set(at, with(was, was.key(), was.headers(), was.value(), was.timestamp() + 1));
                yield new Expected(Kind.CHANGED, at);
            }
            case DELETE -> {
                records.remove(at);
                yield new Expected(Kind.MISSING, at);
            }
            case DELETE_FIRST -> {
                records.removeFirst();
                yield new Expected(Kind.MISSING, 0);
            }
            case DELETE_LAST -> {
                records.removeLast();
                yield new Expected(Kind.MISSING, records.size());
            }
            case INSERT_TWICE -> {
                records.add(at, records.get(at));
                yield new Expected(Kind.INSERTED, at);
            }
            case INSERT_AND_SHIFT -> {
                records.add(at, SealedLog.record(copy.partition, at, 1));
                for (int i = at + 1; i < records.size(); i++) {
                    records.set(i, at(records.get(i), i));
                }
                yield new Expected(Kind.CHANGED, at);
            }
            case INSERT_ELSEWHERE -> {
                int from = random.nextInt(at + 1);
                records.add(at + 1, at(records.get(at), from));
                yield new Expected(Kind.INSERTED, from);
            }
            case SWAP_PLACES -> {
                int low = Math.min(at, records.size() - 2);
                Collections.swap(records, low, low + 1);
                yield new Expected(Kind.MISSING, low);
            }
            case SWAP_CONTENTS -> {
                int low = Math.min(at, records.size() - 2);
                LoggedRecord first = records.get(low);
                records.set(low, at(records.get(low + 1), low));
                records.set(low + 1, at(first, low + 1));
                yield new Expected(Kind.CHANGED, low);
            }
            case TRUNCATE -> {
                records.subList(at, records.size()).clear();
                yield new Expected(Kind.MISSING, at);
            }
            case CHECKPOINT_DROPPED -> {
                // Without the last, the rest is a whole log that is not sealed as far: see the test of the command.
                int middle = Math.min(sealAt, seals.size() - 2);
                yield new Expected(
                        Kind.CHECKPOINT_MISSING,
                        seals.remove(middle).checkpoint().first());
            }
            case FIRST_CHECKPOINT_DROPPED -> {
                seals.removeFirst();
                yield new Expected(Kind.CHECKPOINT_MISSING, 0);
            }
            case CHECKPOINT_REPLAYED -> {
                int later = 1 + random.nextInt(seals.size() - 1);
                Seal earlier = seals.get(random.nextInt(later));
                seals.set(later, earlier);
                yield new Expected(
                        Kind.CHECKPOINT_REPLAYED, earlier.checkpoint().first());
            }
            case CHECKPOINT_TWICE -> {
                seals.add(sealAt, seals.get(sealAt));
                yield new Expected(
                        Kind.CHECKPOINT_REPLAYED, seals.get(sealAt).checkpoint().first());
            }
            case CHECKPOINT_EDITED -> {
                Seal was = seals.get(sealAt);
                Checkpoint edited = edited(was.checkpoint());
                seals.set(
                        sealAt,
                        new Seal(
                                edited, new SignedNote(edited.text(), was.note().signatures()), List.of()));
                yield new Expected(Kind.CHECKPOINT_FORGED, edited.first());
            }
            case CHECKPOINT_BY_A_STRANGER -> {
                Seal was = seals.get(sealAt);
                seals.set(
                        sealAt,
                        new Seal(
                                was.checkpoint(), stranger.sign(was.checkpoint().text()), was.leaves()));
                yield new Expected(Kind.CHECKPOINT_FORGED, was.checkpoint().first());
            }
            case TOPIC_RECREATED -> {
                copy.topicId = "BBBBBBBBBBBBBBBBBBBBBB";
                yield new Expected(Kind.TOPIC_RECREATED, 0);
            }
        };
    }

    private Checkpoint edited(Checkpoint was) {
        return switch (random.nextInt(3)) {
            case 0 ->
                new Checkpoint(
                        was.log(),
                        was.number(),
                        was.first(),
                        was.count(),
                        was.root(),
                        was.previous(),
                        was.time().plusMillis(1));
            case 1 ->
                new Checkpoint(
                        was.log(),
                        was.number(),
                        was.first(),
                        was.count(),
                        new Hash(flipped(was.root().bytes())),
                        was.previous(),
                        was.time());
            default ->
                new Checkpoint(
                        was.log(),
                        was.number(),
                        was.first(),
                        was.count(),
                        was.root(),
                        Optional.of(was.root()),
                        was.time());
        };
    }

    private static LoggedRecord at(LoggedRecord record, long offset) {
        return new LoggedRecord(
                record.partition(), offset, record.timestamp(), record.key(), record.headers(), record.value());
    }

    private static LoggedRecord with(LoggedRecord was, byte[] key, List<Header> headers, byte[] value, long timestamp) {
        return new LoggedRecord(was.partition(), was.offset(), timestamp, key, headers, value);
    }

    private byte[] flipped(byte[] bytes) {
        byte[] flipped = Arrays.copyOf(bytes, bytes.length);
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    @Test
    void anUntouchedLogIsClean() {
        Verification verification = new Copy().verify();

        assertEquals(List.of(), verification.firsts());
        assertEquals(PARTITIONS * RECORDS + 3, verification.sealedRecords());
        assertEquals(0, verification.unsealedRecords());
        assertTrue(verification.checkpoints() > 10 * PARTITIONS, "several seals: " + verification.checkpoints());
    }

    @Test
    void aThousandChangesAreAllFoundAtTheirPlace() {
        Map<Mutation, Integer> found = new EnumMap<>(Mutation.class);
        for (int i = 0; i < MUTATIONS; i++) {
            Mutation mutation = Mutation.values()[i % Mutation.values().length];
            Copy copy = new Copy();
            Expected expected = apply(mutation, copy);

            List<Damage> damages = copy.verify().firsts();

            assertTrue(
                    damages.stream()
                            .anyMatch(damage -> damage.kind() == expected.kind()
                                    && damage.partition() == copy.partition
                                    && damage.offset() == expected.offset()),
                    () -> mutation + " in partition " + copy.partition + ", " + expected + ": " + damages);
            found.merge(mutation, 1, Integer::sum);
        }
        assertEquals(
                MUTATIONS, found.values().stream().mapToInt(Integer::intValue).sum());
    }

    /** The hashes beside the checkpoints may be lost: then the seal is named in which something was changed. */
    @Test
    void withoutTheHashesOfRecordsAChangeIsFoundInItsSeal() {
        for (int i = 0; i < 50; i++) {
            Copy copy = new Copy();
            copy.seals().replaceAll(seal -> new Seal(seal.checkpoint(), seal.note(), List.of()));
            Expected expected = apply(Mutation.VALUE, copy);

            Damage damage = copy.verify().firsts().getFirst();

            Checkpoint place = copy.seals().stream()
                    .map(Seal::checkpoint)
                    .filter(checkpoint -> checkpoint.covers(expected.offset()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(Kind.CHANGED, damage.kind());
            assertEquals(place.first(), damage.offset());
        }
    }

    @Test
    void wrongHashesBesideACheckpointAreToldAndTheRootDecides() {
        Copy copy = new Copy();
        List<Seal> seals = copy.seals();
        int full = 0;
        while (seals.get(full).leaves().size() < 2) {
            full++;
        }
        Seal was = seals.get(full);
        seals.set(full, new Seal(was.checkpoint(), was.note(), was.leaves().reversed()));

        List<Damage> damages = copy.verify().firsts();

        assertEquals(
                List.of(Kind.UNREADABLE), damages.stream().map(Damage::kind).toList());
    }
}
