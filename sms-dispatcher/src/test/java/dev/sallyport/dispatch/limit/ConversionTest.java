package dev.sallyport.dispatch.limit;

import static dev.sallyport.dispatch.limit.Workers.enforcing;
import static dev.sallyport.dispatch.limit.Workers.isAllowed;
import static dev.sallyport.dispatch.limit.Workers.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.Sending;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Blocks of numbers and regions from which no codes come back. */
class ConversionTest {

    private final Workers workers = new Workers(enforcing(Rule.PREFIX, Rule.CONVERSION));
    private final Limits one = workers.worker(0);
    private final Limits two = workers.worker(1);

    @Test
    void fiveMessagesWithoutACodeCloseABlockOf10000Numbers() {
        for (int i = 0; i < 5; i++) {
            assertTrue(isAllowed(workers.send(one, 0, "US", number(i))));
        }
        assertEquals(Optional.of(Rule.PREFIX), rule(workers.send(one, 0, "US", number(5))));
        assertTrue(isAllowed(workers.send(one, 0, "US", "+14155560123")));
    }

    @Test
    void codesThatComeBackKeepItOpen() {
        for (int i = 0; i < 10; i++) {
            Sending order = workers.order("US", number(i));
            assertTrue(isAllowed(Workers.send(one, 0, order)), "message " + i);
            if (i % 4 == 0) {
                one.verified(0, order.messageId());
            }
            workers.pass(Duration.ofMinutes(1));
        }
    }

    @Test
    void oneCodeInTenIsNotEnoughAfterTwoMinutes() {
        Sending lucky = workers.order("US", number(0));
        Workers.send(one, 0, lucky);
        one.verified(0, lucky.messageId());
        for (int i = 1; i < 10; i++) {
            assertTrue(isAllowed(workers.send(one, 0, "US", number(i))), "while they are young, message " + i);
        }
        workers.pass(Duration.ofMinutes(3));
        assertEquals(Optional.of(Rule.PREFIX), rule(workers.send(one, 0, "US", number(0))));
    }

    @Test
    void whatTheOtherWorkersSendThereCounts() {
        for (int i = 0; i < 3; i++) {
            assertTrue(isAllowed(workers.send(one, 0, "US", number(i))));
        }
        for (int i = 3; i < 5; i++) {
            assertTrue(isAllowed(workers.send(two, 1, "US", number(i))));
        }
        assertTrue(isAllowed(two.judge(1, workers.order("US", number(6)))));
        workers.exchange();
        assertEquals(Optional.of(Rule.PREFIX), rule(workers.send(two, 1, "US", number(7))));
    }

    @Test
    void fourDifferentNumbersOfABlockOf1000InTenMinutesAreTooMany() {
        for (int i = 0; i < 3; i++) {
            assertTrue(isAllowed(workers.send(i == 1 ? two : one, i == 1 ? 1 : 0, "US", "+1415555012" + i)));
        }
        workers.exchange();
        assertTrue(isAllowed(workers.send(one, 0, "US", "+14155551129")), "another block of 1,000");
        assertEquals(Optional.of(Rule.PREFIX), rule(workers.send(one, 0, "US", "+14155550129")));
        assertTrue(isAllowed(workers.send(one, 0, "US", "+14155550120")), "a number that was texted already");
    }

    @Test
    void afterTenMinutesABlockOf1000HasThreeNumbersMore() {
        for (int i = 0; i < 3; i++) {
            assertTrue(isAllowed(workers.send(one, 0, "US", "+1415555012" + i)));
        }
        workers.pass(Duration.ofMinutes(10));
        assertTrue(isAllowed(workers.send(one, 0, "US", "+14155550129")));
    }

    @Test
    void ownMessagesWithoutACodeDoNotCloseTheBlockToOneself() {
        Workers lenient = new Workers(enforcing(Rule.PREFIX));
        Limits limits = lenient.worker(0);
        for (int i = 0; i < 8; i++) {
            assertTrue(isAllowed(lenient.send(limits, 0, "US", number(0))));
            lenient.pass(Duration.ofMinutes(1));
        }
    }

    @Test
    void askingOnKeepsABlockClosedAndQuietOpensIt() {
        for (int i = 0; i < 5; i++) {
            workers.send(one, 0, "US", number(i));
        }
        for (int minute = 0; minute < 90; minute += 10) {
            workers.pass(Duration.ofMinutes(10));
            for (int i = 5; i < 10; i++) {
                assertFalse(isAllowed(workers.send(one, 0, "US", number(i))), "after " + minute + " minutes");
            }
        }
        workers.pass(Duration.ofMinutes(61));
        assertTrue(isAllowed(workers.send(one, 0, "US", number(5))));
    }

    @Test
    void aRegionWithoutCodesHasOneMessageForEachBlockOf10000() {
        dryOut();
        assertTrue(isAllowed(workers.send(one, 0, "ID", "+628990000123")), "a block that had none");
        assertTrue(isAllowed(workers.send(one, 0, "ID", "+628990000123")), "the same person again");
        assertEquals(Optional.of(Rule.CONVERSION), rule(workers.send(one, 0, "ID", "+628990000123")), "a third time");
        assertEquals(Optional.of(Rule.CONVERSION), rule(workers.send(one, 0, "ID", "+628990000124")));
        assertTrue(isAllowed(workers.send(one, 0, "US", "+14155560123")), "another region");
    }

    @Test
    void inARegionWithoutCodesAProvenBlockStaysOpen() {
        Sending person = workers.order("ID", "+628990000123");
        Workers.send(one, 0, person);
        one.verified(0, person.messageId());
        dryOut();
        for (int i = 0; i < 3; i++) {
            assertTrue(isAllowed(workers.send(one, 0, "ID", "+62899000%d123".formatted(i))));
        }
    }

    @Test
    void aRegionIsDryByItsOldMessagesToo() {
        for (int i = 0; i < 20; i++) {
            workers.send(one, 0, "ID", "+6281%02d0000123".formatted(i));
            workers.pass(Duration.ofMinutes(1));
        }
        workers.pass(Duration.ofMinutes(3));
        workers.send(one, 0, "ID", "+628990000123");
        assertEquals(Optional.of(Rule.CONVERSION), rule(workers.send(one, 0, "ID", "+628990000124")));
    }

    @Test
    void aRegionWhoseCodesComeBackIsNotDryHoweverBusy() {
        for (int i = 0; i < 300; i++) {
            Sending order = workers.order("ID", "+62%04d0000123".formatted(1_000 + i));
            assertTrue(isAllowed(Workers.send(one, 0, order)));
            if (i % 3 != 0) {
                one.verified(0, order.messageId());
            }
            workers.pass(Duration.ofSeconds(5));
        }
        workers.send(one, 0, "ID", "+628990000123");
        assertTrue(isAllowed(workers.send(one, 0, "ID", "+628990000124")));
    }

    @Test
    void aCodeCountsForEveryMessageThatCarriedItEvenBeforeTheLedgerTellsOfThem() {
        Sending first = workers.order("ID", "+628990000123");
        Sending again = new Sending(
                "again",
                first.challengeId(),
                first.phoneKey(),
                first.region(),
                first.prefix(),
                first.block(),
                first.orderedAt());
        Workers.send(one, 0, first);
        Workers.send(one, 0, again);
        one.verified(0, again.messageId());
        two.verified(1, "early");
        for (String id : List.of("earlier", "early", "later")) {
            Sending early = new Sending(
                    id, "challenge", "key", first.region(), first.prefix(), first.block(), workers.clock.instant());
            two.sent(1, early, 1, "twilio");
        }
        workers.pass(Duration.ofMinutes(3));
        workers.exchange();
        RegionSums sums = Workers.sums(one, "ID");
        assertEquals(5, sums.sent());
        assertEquals(5, sums.verified());
    }

    private void dryOut() {
        for (int i = 0; i < 21; i++) {
            assertTrue(isAllowed(workers.send(one, 0, "ID", "+6281%02d0000123".formatted(i))));
        }
    }

    /** Of one block of 10,000 numbers, each of another thousand. */
    private static String number(int i) {
        return "+1415555%d123".formatted(i % 10);
    }
}
