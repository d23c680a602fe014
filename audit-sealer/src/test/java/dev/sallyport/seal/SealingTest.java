package dev.sallyport.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.crypto.NoteSigner;
import dev.sallyport.testing.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingTest {

    private static final Duration EVERY = Duration.ofMinutes(1);

    @TempDir
    Path keys;

    private final MovableClock clock = new MovableClock(SealedLog.BEGIN);
    private NoteSigner signer;

    @BeforeEach
    void open() {
        signer = new NoteSigner(SealedLog.keyring(keys));
    }

    private Sealing after(Optional<Link> last, long next) {
        return new Sealing(SealedLog.log(0), last, next, signer, EVERY, clock);
    }

    @Test
    void aThousandRecordsAreSealedAtOnceAndTheRestAfterAMinute() {
        Sealing sealing = after(Optional.empty(), 0);
        for (int i = 0; i < 1_001; i++) {
            sealing.add(SealedLog.record(0, i, clock.millis()));
        }
        assertEquals(
                List.of(1_000),
                sealing.take().stream().map(seal -> seal.checkpoint().count()).toList());
        sealing.sealIfDue();
        assertEquals(List.of(), sealing.take());
        clock.advance(EVERY);
        sealing.sealIfDue();
        Checkpoint rest = sealing.take().getFirst().checkpoint();
        assertEquals(1, rest.count());
        assertEquals(1_000, rest.first());
        assertEquals(2, rest.number());
    }

    @Test
    void aSilentMinuteIsSealedToo() {
        Sealing sealing = after(Optional.empty(), 5);
        clock.advance(EVERY);
        sealing.sealIfDue();
        Checkpoint silent = sealing.take().getFirst().checkpoint();
        assertEquals(0, silent.count());
        assertEquals(5, silent.next());
    }

    @Test
    void whoeverGoesOnSealsWhenTheLastSealIsAMinuteOld() {
        Link last = new Link(
                SealedLog.TOPIC_ID,
                7,
                MerkleTree.root(List.of()),
                3,
                clock.instant().minus(EVERY));
        Sealing sealing = after(Optional.of(last), 3);
        sealing.sealIfDue();
        assertEquals(8, sealing.take().getFirst().checkpoint().number());
    }

    @Test
    void aClockThatWasAheadHoldsNothingUpAndTimeDoesNotGoBack() {
        Instant ahead = clock.instant().plus(Duration.ofDays(365));
        Sealing sealing = after(Optional.of(new Link(SealedLog.TOPIC_ID, 7, MerkleTree.root(List.of()), 3, ahead)), 3);
        clock.advance(EVERY);
        sealing.sealIfDue();
        assertEquals(ahead, sealing.take().getFirst().checkpoint().time());
    }

    @Test
    void onlyTheNextRecordIsTaken() {
        Sealing sealing = after(Optional.empty(), 3);
        assertThrows(IllegalArgumentException.class, () -> sealing.add(SealedLog.record(0, 4, 1)));
        sealing.add(SealedLog.record(0, 3, 1));
        sealing.skipTo(9);
        assertEquals(9, sealing.next());
        assertEquals(1, sealing.take().getFirst().checkpoint().count());
    }

    @Test
    void aLinkIsReadBack() {
        Link link = new Link(SealedLog.TOPIC_ID, 7, MerkleTree.root(List.of()), 3, clock.instant());
        assertEquals(Optional.of(link), Link.parse(link.toString()));
        for (String other :
                List.of("", "a b c d e", link + " x", link.toString().replace(" 7 ", " x "))) {
            assertEquals(Optional.empty(), Link.parse(other));
        }
    }
}
