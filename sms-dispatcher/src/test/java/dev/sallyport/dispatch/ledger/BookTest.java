package dev.sallyport.dispatch.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BookTest {

    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private final Book book = new Book();
    private long offset;

    @Test
    void nothingIsKnownOfANewMessage() {
        assertEquals(List.of(), book.attempts("m"));
    }

    @Test
    void theFirstClaimOwnsTheAttempt() {
        Started first = started("m", 1, "a");
        Started second = started("m", 1, "b");
        add(first);
        add(second);
        assertEquals(Optional.of(first), book.owner("m", 1));
    }

    @Test
    void anAttemptThatNobodyClaimedHasNoOwner() {
        add(started("m", 1, "a"));
        assertEquals(Optional.empty(), book.owner("m", 2));
        assertEquals(Optional.empty(), book.owner("other", 1));
    }

    @Test
    void theFirstEndCounts() {
        add(started("m", 1, "a"));
        add(ended("m", 1, End.ACCEPTED));
        add(ended("m", 1, End.UNKNOWN));
        assertEquals(
                End.ACCEPTED,
                book.attempts("m").getFirst().ended().orElseThrow().end());
    }

    @Test
    void attemptsKeepTheirOrder() {
        add(started("m", 1, "a"));
        add(ended("m", 1, End.NOT_SENT));
        add(started("other", 1, "c"));
        add(started("m", 2, "a"));
        List<Book.Attempt> attempts = book.attempts("m");
        assertEquals(List.of(1, 2), attempts.stream().map(Book.Attempt::number).toList());
        assertTrue(attempts.getLast().ended().isEmpty());
    }

    @Test
    void anEndWithoutAStartIsAnAttemptToo() {
        add(ended("m", 0, End.REFUSED));
        assertEquals(Optional.empty(), book.attempts("m").getFirst().started());
    }

    @Test
    void whoWaitsForAnOffsetGoesOnOnceItWasRead() throws Exception {
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> await(7, Duration.ofSeconds(10)));
        book.readTo(6);
        assertFalse(waiting.isDone());
        book.readTo(7);
        assertTrue(waiting.get());
        assertTrue(await(3, Duration.ZERO));
    }

    @Test
    void whoWaitsInVainIsTold() {
        assertFalse(await(1, Duration.ofMillis(20)));
    }

    @Test
    void theEndOfAClaimThatWasInVainEndsNotTheAttempt() {
        add(started("m", 1, "a"));
        add(started("m", 1, "b"));
        add(ended("m", 1, End.NOT_SENT, Optional.of("b")));
        assertTrue(book.attempts("m").getFirst().isOpen());
        add(ended("m", 1, End.ACCEPTED, Optional.of("a")));
        assertEquals(End.ACCEPTED, book.end("m").orElseThrow().end());
    }

    @Test
    void ofOldMessagesOnlyTheirEndsAreRememberedAndOfOlderOnesNothing() {
        String message = "01a21821-32d7-7627-a143-c303f176b971";
        add(started(message, 1, "a"));
        add(ended(message, 1, End.ACCEPTED));
        add(started("open", 1, "a"));
        book.forget(NOON.plus(Book.STORIES_KEPT));
        assertEquals(1, book.attempts(message).size());
        book.forget(NOON.plus(Book.STORIES_KEPT).plusSeconds(1));
        assertEquals(List.of(), book.attempts(message));
        assertEquals(Optional.empty(), book.end(message));
        assertEquals(Optional.of(End.ACCEPTED), book.oldEnd(message));
        assertEquals(Optional.empty(), book.oldEnd("01a21821-32d7-7627-a143-c303f176b972"));
        assertEquals(1, book.attempts("open").size());
        book.forget(NOON.plus(Book.ENDS_KEPT).plusSeconds(1));
        assertEquals(List.of(), book.attempts("open"));
        assertEquals(Optional.of(End.ACCEPTED), book.oldEnd(message));
        for (int hour = 0; hour < 4; hour++) {
            book.forget(NOON.plus(Book.ENDS_KEPT).plus(Duration.ofMinutes(61L * hour)));
        }
        assertEquals(Optional.empty(), book.oldEnd(message));
    }

    @Test
    void whatWasWrittenOfLatelyIsRemembered() {
        add(started("touched", 1, "a"));
        book.add(++offset, started("touched", 2, "b", NOON.plusSeconds(600)));
        add(ended("touched", 2, End.ACCEPTED));
        book.forget(NOON.plus(Book.STORIES_KEPT).plusSeconds(300));
        assertEquals(2, book.attempts("touched").size());
    }

    private void add(LedgerEntry entry) {
        book.add(++offset, entry);
    }

    private boolean await(long wanted, Duration atMost) {
        try {
            return book.awaitRead(wanted, atMost);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void onlyWhatEndsAStoryIsItsEnd() {
        add(started("m", 1, "a"));
        add(ended("m", 1, End.NOT_SENT));
        assertEquals(Optional.empty(), book.end("m"));
        add(started("m", 2, "a"));
        add(ended("m", 2, End.ACCEPTED));
        assertEquals(End.ACCEPTED, book.end("m").orElseThrow().end());
    }

    @Test
    void anAttemptIsOpenUntilItsEndIsKnown() {
        add(started("m", 1, "a"));
        assertTrue(book.attempts("m").getFirst().isOpen());
        add(ended("m", 1, End.REFUSED));
        assertFalse(book.attempts("m").getFirst().isOpen());
    }

    @Test
    void aNewerOrderOfAChallengeSupersedesTheOlder() {
        Sending older = sending("older", NOON);
        Sending newer = sending("newer", NOON.plusSeconds(30));
        book.note(older);
        assertFalse(book.isSuperseded(older));
        book.note(newer);
        book.note(older);
        assertTrue(book.isSuperseded(older));
        assertFalse(book.isSuperseded(newer));
    }

    @Test
    void aStartInTheLedgerSupersedesAsAnOrderDoes() {
        add(new Started(sending("newer", NOON.plusSeconds(30)), 1, "a", "p", false, NOON.plusSeconds(31)));
        assertTrue(book.isSuperseded(sending("older", NOON)));
        book.forget(NOON.plusSeconds(31).plus(Book.STORIES_KEPT));
        assertFalse(book.isSuperseded(sending("older", NOON)));
    }

    @Test
    void whoWaitsForAnEndIsToldWhicheverItIs() throws Exception {
        add(started("m", 1, "a"));
        CompletableFuture<Optional<Ended>> waiting = CompletableFuture.supplyAsync(() -> awaitEnd("m"));
        add(ended("m", 2, End.ACCEPTED));
        assertFalse(waiting.isDone());
        add(ended("m", 1, End.UNKNOWN));
        assertEquals(End.UNKNOWN, waiting.get().orElseThrow().end());
    }

    @Test
    void nobodyWaitsForABookThatIsClosed() throws Exception {
        CompletableFuture<Optional<Ended>> waiting = CompletableFuture.supplyAsync(() -> awaitEnd("m"));
        book.close();
        assertEquals(Optional.empty(), waiting.get(5, TimeUnit.SECONDS));
        assertFalse(await(1, Duration.ofMinutes(1)));
    }

    private Optional<Ended> awaitEnd(String message) {
        try {
            return book.awaitEnd(message, 1, Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Sending sending(String message, Instant ordered) {
        return new Sending(message, "challenge", "phone-key", "US", "+1415555", "+14155550", ordered);
    }

    private static Started started(String message, int attempt, String claim) {
        return started(message, attempt, claim, NOON);
    }

    private static Started started(String message, int attempt, String claim, Instant at) {
        return new Started(sending(message, NOON), attempt, claim, "p", false, at);
    }

    private static Ended ended(String message, int attempt, End end) {
        return ended(message, attempt, end, Optional.empty());
    }

    private static Ended ended(String message, int attempt, End end, Optional<String> claim) {
        return new Ended(
                message,
                attempt,
                end,
                claim,
                Optional.of("p"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                NOON);
    }
}
