package dev.sallyport.seal.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyRotation;
import dev.sallyport.crypto.KeyRotation.Stage;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.crypto.NoteKey;
import dev.sallyport.crypto.NoteKeys;
import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.LogId;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.SealedLog;
import dev.sallyport.seal.verify.Damage.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would pass if only checkpoints and records that are there were looked at. */
class VerificationTest {

    @TempDir
    Path keys;

    private SealedLog log;

    @BeforeEach
    void seal() {
        log = new SealedLog(keys, 1, 300);
    }

    private Verification verify(List<Seal> seals, Instant from, List<NoteKey> by) {
        Verification verification = new Verification(by);
        PartitionCheck check = verification.begin(SealedLog.log(0), seals.iterator(), from);
        log.records(0).forEach(check::record);
        verification.end(check);
        verification.end();
        return verification;
    }

    private static List<Kind> kinds(Verification verification) {
        return verification.firsts().stream().map(Damage::kind).toList();
    }

    @Test
    void whatIsAskedForFromATimeMustBeginThere() {
        List<Seal> seals = log.seals(0);
        Instant from = seals.get(3).checkpoint().time();

        assertEquals(List.of(), kinds(verify(seals.subList(3, seals.size()), from, log.keys())));
        assertEquals(
                List.of(Kind.CHECKPOINT_MISSING),
                kinds(verify(seals.subList(3, seals.size()), from.minus(Duration.ofMinutes(6)), log.keys())));
    }

    @Test
    void aPartitionWithoutAnyCheckpointIsToldAndEndsNothing() {
        Verification verification = verify(List.of(), Instant.EPOCH, log.keys());

        assertEquals(List.of(Kind.CHECKPOINT_MISSING), kinds(verification));
        assertEquals(Optional.empty(), verification.sealedUntil());
        assertEquals(300, verification.unsealedRecords());
    }

    @Test
    void recordsBeforeTheFirstCheckpointOfAllAreToldAndBeforeOthersCounted() {
        List<Seal> seals = log.seals(0);
        Verification some =
                verify(seals.subList(2, seals.size()), seals.get(2).checkpoint().time(), log.keys());

        assertTrue(some.isClean());
        assertEquals(seals.get(2).checkpoint().first(), some.recordsBefore());

        Checkpoint second = seals.get(2).checkpoint();
        Checkpoint asFirst = new Checkpoint(
                second.log(), 1, second.first(), second.count(), second.root(), Optional.empty(), second.time());
        Seal first = new Seal(
                asFirst, log.signer().sign(asFirst.text()), seals.get(2).leaves());
        assertEquals(List.of(Kind.NEVER_SEALED), kinds(verify(List.of(first), Instant.EPOCH, log.keys())));
    }

    @Test
    void aCopyMustStandWhereItIsSaidToStand() {
        List<Seal> seals = log.seals(0);
        List<Damage> damages = new ArrayList<>();
        Instant copied = seals.getLast().checkpoint().time();
        Iterator<Seal> without = List.<Seal>of().iterator();

        new Merged(without, seals.iterator(), copied, damages::add).forEachRemaining(_ -> {});

        assertEquals(seals.size() - 1, damages.size(), "the newest may be on its way");
        assertEquals(Kind.CHECKPOINT_MISSING, damages.getFirst().kind());

        damages.clear();
        List<Seal> merged = new ArrayList<>();
        new Merged(seals.iterator(), seals.subList(0, 4).iterator(), copied, damages::add)
                .forEachRemaining(merged::add);
        assertEquals(seals, merged);
        assertEquals(seals.size() - 4, damages.size());
    }

    @Test
    void aKeyThatWasReplacedSignsNothingAnyMoreInAnyPartition() {
        SealedLog two = new SealedLog(keys.resolve("two"), 2, 300);
        List<NoteKey> old = two.keys();
        KeyRotation rotation = new KeyRotation(keys.resolve("two"));
        rotation.run(Keyset.AUDIT_SEAL, Stage.ADD);
        rotation.run(Keyset.AUDIT_SEAL, Stage.PROMOTE);
        Keyring rotated = Keyring.open(keys.resolve("two"), EnumSet.allOf(Role.class));
        List<NoteKey> both = new NoteKeys(rotated).list();
        assertEquals(2, both.size());
        assertEquals(old.getFirst(), both.getFirst());
        List<Seal> signedAnew = two.seals(0).stream()
                .map(seal -> new Seal(
                        seal.checkpoint(),
                        new NoteSigner(rotated).sign(seal.checkpoint().text()),
                        seal.leaves()))
                .toList();

        Verification verification = new Verification(both);
        for (int partition = 0; partition < 2; partition++) {
            List<Seal> seals = partition == 0 ? signedAnew : two.seals(1);
            PartitionCheck check = verification.begin(
                    new LogId("sallyport.audit", SealedLog.TOPIC_ID, partition), seals.iterator(), Instant.EPOCH);
            two.records(partition).forEach(check::record);
            verification.end(check);
        }
        assertTrue(verification.isClean());
        verification.end();

        assertEquals(List.of(Kind.CHECKPOINT_FORGED), kinds(verification));
        assertEquals(1, verification.firsts().getFirst().partition());
    }
}
