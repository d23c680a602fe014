package dev.sallyport.dispatch.twilio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SendResult.Accepted;
import dev.sallyport.dispatch.SendResult.Ambiguous;
import dev.sallyport.dispatch.SendResult.Refused;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.dispatch.twilio.fake.Fault;
import dev.sallyport.dispatch.twilio.fake.SentMessage;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What Twilio can be asked of a message whose answer was lost. */
class TwilioFindTest {

    private static final String NUMBER = "+14155550123";
    private static final TextMessage MESSAGE = message(NUMBER, "493028 is your code");

    @SuppressWarnings("unused") // by name, below
    private static final List<Fault> ANSWERS = List.of(
            new Fault.Refuse(500, 20500),
            new Fault.Refuse(401, 20003),
            new Fault.Throttle(Duration.ofSeconds(2)),
            Fault.html503(),
            new Fault.Answer(200, "text/html", "<html>"),
            new Fault.Answer(200, "application/json", ""),
            new Fault.Answer(200, "application/json", "null"),
            new Fault.Answer(200, "application/json", "{}"),
            new Fault.Answer(
                    200, "application/json", "{\"messages\":[{\"date_created\":\"yesterday\"}],\"uri\":\"/\"}"),
            new Fault.Answer(200, "application/json", "{\"messages\":[{}],\"uri\":\"/\"}"),
            new Fault.Answer(200, "application/json", " ".repeat(300_000)),
            new Fault.AcceptThenStall(),
            new Fault.Hang());

    private final FakeTwilio twilio = FakeTwilio.start();
    private final TwilioSmsProvider provider = new TwilioSmsProvider(twilio.config());
    private final TwilioSmsProvider hasty =
            new TwilioSmsProvider(twilio.config(), Duration.ofMillis(500), Duration.ofSeconds(1));
    private final Instant begun = Instant.now();

    @AfterEach
    void everyRequestKeptTwiliosContract() {
        provider.close();
        hasty.close();
        twilio.close();

        assertEquals(List.of(), twilio.ledger().violations());
    }

    @Test
    void aMessageWhoseAnswerWasLostIsFoundByOneGet() {
        var sid = lost(MESSAGE);

        assertEquals(Optional.of(new Accepted(sid, "queued", 1)), provider.find(MESSAGE, begun, Set.of()));
        assertEquals(1, twilio.ledger().lookUps());
        assertEquals(1, twilio.ledger().attempts().size());
    }

    @Test
    void aMessageThatNeverArrivedIsNotFound() {
        twilio.next(Fault.html503());
        assertInstanceOf(Ambiguous.class, provider.send(MESSAGE));

        assertEquals(Optional.empty(), provider.find(MESSAGE, begun, Set.of()));
    }

    @Test
    void aMessageThatIsKnownToBeAnotherIsLeftToIt() {
        var first = lost(MESSAGE);
        assertEquals(Optional.empty(), provider.find(MESSAGE, begun, Set.of(first)));

        lost(MESSAGE);
        var second = twilio.ledger().messages().getLast().sid();
        assertEquals(
                Optional.of(new Accepted(second, "queued", 1)), provider.find(MESSAGE, begun, Set.of(first, "SM00")));
    }

    @Test
    void anotherTextAndAnotherNumberAreOtherMessages() {
        lost(message(NUMBER, "493029 is your code"));
        lost(message("+14155550124", MESSAGE.text()));

        assertEquals(Optional.empty(), provider.find(MESSAGE, begun, Set.of()));
    }

    @Test
    void aMessageFromBeforeIsAnotherUnlessTheClocksExplainIt() {
        lost(MESSAGE);
        var accepted = twilio.ledger().messages().getFirst().acceptedAt();

        assertTrue(provider.find(MESSAGE, accepted.plusSeconds(3), Set.of()).isPresent());
        assertTrue(provider.find(MESSAGE, accepted.minusSeconds(60), Set.of()).isPresent());
        assertEquals(Optional.empty(), provider.find(MESSAGE, accepted.plusSeconds(7), Set.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "+15005550010, failed, NOT_DELIVERED, 30008",
        "+15005550011, undelivered, NOT_DELIVERED, 30003",
        "+15005550012, undelivered, NUMBER, 30005",
        "+15005550013, undelivered, NUMBER, 30006"
    })
    void aMessageThatHasFailedSinceIsRefused(String number, String status, FailureClass why, String code) {
        var message = message(number, "493028");
        lost(message);
        Eventually.equal(status, () -> twilio.ledger().messages().getFirst().status());

        assertEquals(Optional.of(new Refused(why, code)), provider.find(message, begun, Set.of()));
    }

    @Test
    void aMessageThatIsOnItsWayIsAccepted() {
        var message = message("+15005550014", "493028");
        var sid = lost(message);
        Eventually.equal("sent", () -> twilio.ledger().messages().getFirst().status());

        assertEquals(Optional.of(new Accepted(sid, "sent", 1)), provider.find(message, begun, Set.of()));
    }

    @ParameterizedTest
    @FieldSource("ANSWERS")
    void whatTwilioCantSayIsNotKnownAndCostsOneRequest(Fault fault) {
        var sid = lost(MESSAGE);
        var asked = fault instanceof Fault.Hang || fault instanceof Fault.AcceptThenStall ? hasty : provider;

        twilio.nextLookUps(fault);
        long start = System.nanoTime();
        assertEquals(Optional.empty(), asked.find(MESSAGE, begun, Set.of()));
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(4).toNanos(), "took too long");
        assertEquals(1, twilio.ledger().lookUps());

        assertEquals(Optional.of(new Accepted(sid, "queued", 1)), asked.find(MESSAGE, begun, Set.of()));
    }

    @Test
    void noPageAfterTheFirstIsFetched() {
        var sid = lost(MESSAGE);
        for (int i = 1; i < MessageSearch.PAGE_SIZE; i++) {
            provider.send(message(NUMBER, "other text " + i));
        }
        assertEquals(Optional.of(new Accepted(sid, "queued", 1)), provider.find(MESSAGE, begun, Set.of()));

        provider.send(message(NUMBER, "one more"));
        assertEquals(Optional.empty(), provider.find(MESSAGE, begun, Set.of()));
        assertEquals(2, twilio.ledger().lookUps());
    }

    @Test
    void anInterruptEndsTheWaitAndStays() throws Exception {
        twilio.nextLookUps(new Fault.Hang());
        var thread = Thread.ofVirtual().unstarted(() -> {
            assertEquals(Optional.empty(), provider.find(MESSAGE, begun, Set.of()));
            assertTrue(Thread.currentThread().isInterrupted());
        });
        var failures = new java.util.concurrent.CopyOnWriteArrayList<Throwable>();
        thread.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
        thread.start();
        Eventually.equal(1, () -> twilio.ledger().lookUps());
        thread.interrupt();
        thread.join();

        assertEquals(List.of(), failures);
    }

    /** Sent and accepted, but the answer was a failure; returns Twilio's id. */
    private String lost(TextMessage message) {
        twilio.next(new Fault.AcceptThenFail());
        SendResult result = provider.send(message);
        assertInstanceOf(Ambiguous.class, result);
        return twilio.ledger().messagesTo(message.to()).stream()
                .map(SentMessage::sid)
                .findFirst()
                .orElseThrow();
    }

    private static TextMessage message(String to, String text) {
        return new TextMessage("id-1", "phone-key", to, text, Duration.ofMinutes(4), 1);
    }
}
