package dev.sallyport.seal;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.NoteKey;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.seal.LoggedRecord.Header;
import dev.sallyport.testing.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Partitions of an audit log with the seals over them: seals of a few dozen records and silent minutes between them. */
public final class SealedLog {

    public static final String TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAA";
    public static final Instant BEGIN = Instant.parse("2026-05-04T23:50:00Z");
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Keyring keyring;
    private final List<List<LoggedRecord>> records = new ArrayList<>();
    private final List<List<Seal>> seals = new ArrayList<>();

    /** @param keys an empty folder */
    public SealedLog(Path keys, int partitions, int recordsEach) {
        keyring = keyring(keys);
        for (int partition = 0; partition < partitions; partition++) {
            fill(partition, recordsEach + partition);
        }
    }

    /** Keys of a platform of its own. */
    public static Keyring keyring(Path folder) {
        new KeyFolder(folder).init();
        return Keyring.open(folder, EnumSet.allOf(Role.class));
    }

    private void fill(int partition, int count) {
        MovableClock clock = new MovableClock(BEGIN);
        Sealing sealing = new Sealing(log(partition), Optional.empty(), 0, new NoteSigner(keyring), EVERY, clock);
        List<LoggedRecord> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LoggedRecord record = record(partition, i, clock.millis());
            added.add(record);
            sealing.add(record);
            // Every now and then nothing comes for two minutes.
            clock.advance(i % 97 == 96 ? EVERY.multipliedBy(2) : Duration.ofMillis(1_300));
            sealing.sealIfDue();
            if (i % 97 == 96) {
                clock.advance(EVERY);
                sealing.sealIfDue();
            }
        }
        clock.advance(EVERY);
        sealing.sealIfDue();
        records.add(added);
        seals.add(sealing.take());
    }

    public static LogId log(int partition) {
        return new LogId("sallyport.audit", TOPIC_ID, partition);
    }

    /** A record that looks like one of the audit stream's. */
    public static LoggedRecord record(int partition, long offset, long timestamp) {
        return new LoggedRecord(
                partition,
                offset,
                timestamp,
                bytes("account-" + offset % 7),
                List.of(
                        new Header("ce_id", bytes("id-" + partition + "-" + offset)),
                        new Header("ce_type", bytes("t"))),
                bytes("{\"time\":%d,\"what\":\"signed-in\"}".formatted(timestamp)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public List<NoteKey> keys() {
        return new NoteKeys(keyring).list();
    }

    public NoteSigner signer() {
        return new NoteSigner(keyring);
    }

    public int partitions() {
        return records.size();
    }

    public List<LoggedRecord> records(int partition) {
        return records.get(partition);
    }

    public List<Seal> seals(int partition) {
        return seals.get(partition);
    }
}
