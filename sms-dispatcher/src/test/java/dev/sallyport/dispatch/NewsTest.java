package dev.sallyport.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NewsTest {

    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private final MemoryLedger partition = new MemoryLedger();
    private final Ledger ledger = partition.worker();
    private final News news = new News(new DispatchMeters(new SimpleMeterRegistry()));

    @ParameterizedTest
    @EnumSource(names = {"SENT", "DELIVERED"})
    void goodNewsIsToldWithWhatTheLedgerKnows(Status status) {
        partition.add(started(1, false));
        Outcome outcome = news.tell(callback(1, status), ledger).orElseThrow();
        assertEquals("m", outcome.messageId());
        assertEquals("challenge", outcome.challengeId());
        assertEquals("phone-key", outcome.phoneKey());
        assertEquals(status, outcome.status());
        assertEquals(Optional.of("main"), outcome.provider());
        assertEquals(Optional.of("SM1"), outcome.providerId());
        assertEquals(NOON, outcome.at());
    }

    @Test
    void badNewsHasItsReason() {
        partition.add(started(1, false));
        Callback undelivered = callback(1, Status.UNDELIVERED).because(FailureClass.NOT_DELIVERED, "30003");
        Outcome outcome = news.tell(undelivered, ledger).orElseThrow();
        assertEquals(Optional.of(FailureClass.NOT_DELIVERED), outcome.failure());
        assertEquals(Optional.of("30003"), outcome.code());
    }

    @Test
    void newsSettlesAnAttemptWhoseAnswerWasLost() {
        partition.add(started(1, false));
        news.tell(callback(1, Status.SENT), ledger);
        assertEquals(End.ACCEPTED, ledger.book().end("m").orElseThrow().end());
        assertEquals(Optional.of("SM1"), ledger.book().end("m").orElseThrow().providerId());
    }

    @Test
    void newsOfAFailureSettlesItAsRefused() {
        partition.add(started(1, false));
        news.tell(callback(1, Status.FAILED).because(FailureClass.CONSENT, "21610"), ledger);
        assertEquals(End.REFUSED, ledger.book().end("m").orElseThrow().end());
    }

    @Test
    void newsThatRepeatsIsToldAgainAndWrittenOnce() {
        partition.add(started(1, false));
        assertTrue(news.tell(callback(1, Status.SENT), ledger).isPresent());
        assertTrue(news.tell(callback(1, Status.SENT), ledger).isPresent());
        assertEquals(2, partition.entries().size());
    }

    @Test
    void badNewsOfAnAttemptThatWasRepeatedIsNotTheMessages() {
        partition.add(started(1, false));
        partition.add(started(2, true));
        Callback failed = callback(1, Status.FAILED).because(FailureClass.NUMBER, "21211");
        assertEquals(Optional.empty(), news.tell(failed, ledger));
        assertEquals(
                Status.DELIVERED,
                news.tell(callback(1, Status.DELIVERED), ledger).orElseThrow().status());
    }

    @Test
    void newsOfAMessageThatNobodySentIsNone() {
        assertEquals(Optional.empty(), news.tell(callback(1, Status.DELIVERED), ledger));
        partition.add(started(1, false));
        assertEquals(Optional.empty(), news.tell(callback(2, Status.DELIVERED), ledger));
        assertEquals(1, partition.entries().size());
    }

    @Test
    void aProviderThatWasNotAskedHasNoNews() {
        partition.add(started(1, false));
        Callback foreign = Callback.of("m", 1, "phone-key", "backup", "SM1", Status.DELIVERED, NOON);
        assertEquals(Optional.empty(), news.tell(foreign, ledger));
        assertEquals(1, partition.entries().size());
    }

    private static Callback callback(int attempt, Status status) {
        return Callback.of("m", attempt, "phone-key", "main", "SM1", status, NOON);
    }

    private static Started started(int attempt, boolean again) {
        Sending sending = new Sending("m", "challenge", "phone-key", "US", "+1415555", "+14155550", NOON);
        return new Started(sending, attempt, "claim-" + attempt, "main", again, NOON);
    }
}
