package dev.sallyport.dispatch.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.ledger.Ledger.Claim;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final LongSupplier OPEN = () -> 0;

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private final Book book = new Book();
    private long nanos = 1_000_000_000_000L;
    private Function<LedgerEntry, CompletionStage<Long>> log = this::writeAndRead;
    private final Ledger ledger = new Ledger(7, book, (phoneKey, entry) -> log.apply(entry), () -> nanos);
    private long end;

    private CompletionStage<Long> writeAndRead(LedgerEntry entry) {
        book.add(end, entry);
        return CompletableFuture.completedFuture(end++);
    }

    @Test
    void theFirstClaimIsMine() throws Exception {
        assertEquals(Claim.MINE, ledger.claim(started(1, "mine"), LONG, OPEN));
    }

    @Test
    void theSecondClaimIsAnothers() throws Exception {
        book.add(end++, started(1, "theirs"));
        assertEquals(Claim.ANOTHERS, ledger.claim(started(1, "mine"), LONG, OPEN));
    }

    @Test
    void aProcessThatWasStoppedAfterItHeardOfItsClaimIsTooLate() throws Exception {
        Ledger stopped = new Ledger(7, book, (phoneKey, entry) -> log.apply(entry), this::aSecondLaterEachTime);
        assertEquals(Claim.TOO_LATE, stopped.claim(started(1, "mine"), LONG, OPEN));
    }

    private long aSecondLaterEachTime() {
        nanos += 1_000_000_000;
        return nanos;
    }

    @Test
    void aProcessThatWasStoppedBeforeItHeardOfItsClaimIsTooLate() throws Exception {
        log = entry -> {
            CompletionStage<Long> written = writeAndRead(entry);
            nanos += Duration.ofMinutes(1).toNanos();
            return written;
        };
        assertEquals(Claim.TOO_LATE, ledger.claim(started(1, "mine"), LONG, OPEN));
    }

    @Test
    void aClaimThatIsNotReadBackIsTooLate() throws Exception {
        log = entry -> CompletableFuture.completedFuture(5L);
        assertEquals(Claim.TOO_LATE, ledger.claim(started(1, "mine"), LONG, OPEN));
    }

    @Test
    void aClaimThatWasPassedOverIsTooLate() throws Exception {
        log = entry -> {
            book.readTo(5);
            return CompletableFuture.completedFuture(5L);
        };
        assertEquals(Claim.TOO_LATE, ledger.claim(started(1, "mine"), LONG, OPEN));
    }

    @Test
    void aClaimThatIsNotWrittenIsTooLate() throws Exception {
        log = entry -> CompletableFuture.failedFuture(new IllegalStateException("no broker"));
        assertEquals(Claim.TOO_LATE, ledger.claim(started(1, "mine"), LONG, OPEN));
        log = entry -> new CompletableFuture<>();
        assertEquals(Claim.TOO_LATE, ledger.claim(started(1, "mine"), Duration.ofMillis(20), OPEN));
    }

    @Test
    void anAttemptThatOthersHaveGoneBeyondIsNotMadeAnyMore() throws Exception {
        log = entry -> {
            CompletionStage<Long> written = writeAndRead(entry);
            book.add(end++, started(2, "theirs"));
            return written;
        };
        assertEquals(Claim.TOO_LATE, ledger.claim(started(1, "mine"), LONG, OPEN));
    }

    @Test
    void anAttemptOfAMessageThatHasItsEndIsNotMadeAnyMore() throws Exception {
        log = entry -> {
            CompletionStage<Long> written = writeAndRead(entry);
            book.add(end++, ended(1));
            return written;
        };
        assertEquals(Claim.TOO_LATE, ledger.claim(started(1, "mine"), LONG, OPEN));
    }

    @Test
    void aMessageIsInOneHandAtATimeAndInNoneOfThePastWhenThePartitionComesAgain() {
        assertTrue(ledger.begin("m"));
        assertFalse(ledger.begin("m"));
        assertTrue(ledger.begin("another"));
        assertTrue(new Ledger(7, new Book(), (phoneKey, entry) -> log.apply(entry), () -> nanos).begin("m"));
        ledger.done("m");
        assertTrue(ledger.begin("m"));
    }

    @Test
    void whoPausesHearsThatThePartitionIsAnothers() throws Exception {
        assertTrue(ledger.pause(Duration.ofMillis(1)));
        ledger.release();
        assertFalse(ledger.pause(LONG));
        assertFalse(ledger.isHeld());
    }

    private static Started started(int attempt, String claim) {
        Sending sending = new Sending("m", "challenge", "phone-key", "US", "+1415555", "+14155550", NOON);
        return new Started(sending, attempt, claim, "main", false, NOON);
    }

    private static Ended ended(int attempt) {
        return new Ended(
                "m",
                attempt,
                End.ACCEPTED,
                Optional.empty(),
                Optional.of("main"),
                Optional.of("id"),
                Optional.empty(),
                Optional.empty(),
                NOON);
    }
}
