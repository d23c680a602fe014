package dev.sallyport.sms.news;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NewestMessageTest {

    private static final Instant ORDERED = Instant.parse("2026-05-06T07:08:09Z");
    private static final NewestMessage FRESH = new NewestMessage("message-5", ORDERED, Optional.empty());

    private static Instant after(long seconds) {
        return ORDERED.plusSeconds(seconds);
    }

    private static Outcome outcome(String message, Status status) {
        return Outcome.of(message, "challenge", "key", status, after(1));
    }

    private static NewestMessage told(Status... inThisOrder) {
        NewestMessage message = FRESH;
        for (Status status : inThisOrder) {
            message = message.after(outcome(FRESH.id(), status));
        }
        return message;
    }

    @Test
    void withoutNewsItIsOnItsWayThenDelayedThenUncertain() {
        assertEquals(MessageState.ON_ITS_WAY, FRESH.state(ORDERED));
        assertEquals(MessageState.ON_ITS_WAY, FRESH.state(after(15).minusMillis(1)));
        assertEquals(MessageState.DELAYED, FRESH.state(after(15)));
        assertEquals(MessageState.DELAYED, FRESH.state(after(60).minusMillis(1)));
        assertEquals(MessageState.UNCERTAIN, FRESH.state(after(60)));
    }

    @Test
    void theNextChangeIsWhereTheStateChanges() {
        for (NewestMessage open : List.of(FRESH, told(Status.UNKNOWN))) {
            assertEquals(Optional.of(Duration.ofSeconds(15)), open.untilChange(ORDERED));
            assertEquals(
                    Optional.of(Duration.ofMillis(1)),
                    open.untilChange(after(15).minusMillis(1)));
            assertEquals(Optional.of(Duration.ofSeconds(45)), open.untilChange(after(15)));
            assertEquals(Optional.empty(), open.untilChange(after(60)));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void whatIsKnownStaysWhileNothingIsTold(Status status) {
        NewestMessage message = told(status);
        assertEquals(Optional.empty(), message.untilChange(ORDERED));
        assertEquals(message.state(ORDERED), message.state(after(600)));
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, ON_ITS_WAY",
        "SENT, ON_ITS_WAY",
        "DELIVERED, DELIVERED",
        "UNDELIVERED, FAILED",
        "EXPIRED, FAILED",
        "SUPERSEDED, FAILED",
        "SUPPRESSED, TOO_MANY",
        "FAILED, FAILED",
    })
    void eachStatusMeansOneThing(Status status, MessageState meaning) {
        assertEquals(meaning, told(status).state(after(2)));
    }

    @Test
    void whatIsUnknownIsDelayedAndThenUncertain() {
        NewestMessage unknown = told(Status.UNKNOWN);
        assertEquals(MessageState.ON_ITS_WAY, unknown.state(after(14)));
        assertEquals(MessageState.DELAYED, unknown.state(after(59)));
        assertEquals(MessageState.UNCERTAIN, unknown.state(after(60)));
    }

    @ParameterizedTest
    @EnumSource
    void theReasonIsTheOwnersOnlyWhereTheOwnerCanDoSomething(FailureClass failure) {
        MessageState expected =
                switch (failure) {
                    case NUMBER -> MessageState.NO_TEXTS;
                    case CONSENT -> MessageState.STOPPED;
                    case NOT_DELIVERED -> MessageState.NOT_REACHED;
                    default -> MessageState.FAILED;
                };
        for (Status status : List.of(Status.FAILED, Status.UNDELIVERED)) {
            Outcome failed = outcome(FRESH.id(), status).because(failure, "1");
            assertEquals(expected, FRESH.after(failed).state(after(2)));
        }
    }

    @Test
    void newsNeverGoBack() {
        assertEquals(Status.DELIVERED, status(told(Status.DELIVERED, Status.SENT, Status.ACCEPTED)));
        assertEquals(Status.SENT, status(told(Status.SENT, Status.UNKNOWN)));
        assertEquals(Status.UNDELIVERED, status(told(Status.UNDELIVERED, Status.DELIVERED)), "the first of two ends");
        assertEquals(Status.ACCEPTED, status(told(Status.ACCEPTED, Status.UNKNOWN)));
        assertEquals(Status.DELIVERED, status(told(Status.UNKNOWN, Status.DELIVERED)));
    }

    /** Whatever order they are told in, and however often, in the end the same is known. */
    @Test
    void theOrderDoesNotMatter() {
        List<Outcome> all = new ArrayList<>();
        for (String message : List.of("message-4", "message-5", "message-6")) {
            for (Status status : List.of(Status.ACCEPTED, Status.SENT, Status.DELIVERED)) {
                all.add(outcome(message, status));
                all.add(outcome(message, status));
            }
        }
        for (int seed = 0; seed < 200; seed++) {
            Collections.shuffle(all, new Random(seed));
            NewestMessage message = FRESH;
            for (Outcome outcome : all) {
                message = message.after(outcome);
            }
            assertEquals("message-6", message.id());
            assertEquals(Status.DELIVERED, status(message));
        }
    }

    @Test
    void anOlderMessageIsOfNoInterestAndANewerOneTakesThePlace() {
        assertEquals(FRESH, FRESH.after(outcome("message-4", Status.DELIVERED)));
        NewestMessage next = told(Status.DELIVERED).after(outcome("message-6", Status.ACCEPTED));
        assertEquals("message-6", next.id());
        assertEquals(Status.ACCEPTED, status(next));
    }

    @Test
    void aLookAtTheStoreTakesNothingBack() {
        NewestMessage delivered = told(Status.DELIVERED);
        assertEquals(delivered, delivered.after(FRESH));
        assertEquals(delivered, delivered.after(told(Status.SENT)));
        assertEquals(delivered, FRESH.after(delivered));
        NewestMessage next = new NewestMessage("message-6", after(30), Optional.empty());
        assertEquals(next, delivered.after(next));
        assertEquals(next, next.after(delivered));
    }

    private static Status status(NewestMessage message) {
        return message.news().orElseThrow().status();
    }
}
