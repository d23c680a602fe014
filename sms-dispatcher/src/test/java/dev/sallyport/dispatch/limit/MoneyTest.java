package dev.sallyport.dispatch.limit;

import static dev.sallyport.dispatch.limit.Workers.config;
import static dev.sallyport.dispatch.limit.Workers.isAllowed;
import static dev.sallyport.dispatch.limit.Workers.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.LimitsConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What messages may cost, over all workers. */
class MoneyTest {

    private static final LimitsConfig LIMITS =
            config("MONEY_HOUR", "3", "MONEY_DAY", "6", "MONEY_REGION_HOUR", "2", "MONEY_REGION_DAY", "4");

    private final Workers workers = new Workers(LIMITS);
    private final Limits one = workers.worker(0);
    private final Limits two = workers.worker(1);
    private int numbers;

    @Test
    void aRegionAwayFromHomeHasItsMoneyOfTheHour() {
        assertEquals(5, spend("ID", 10));
        assertEquals(Optional.of(Rule.MONEY), rule(send(one, 0, "ID")));
        assertTrue(isAllowed(send(one, 0, "GB")));
        workers.pass(Duration.ofMinutes(59));
        assertFalse(isAllowed(send(one, 0, "ID")));
        workers.pass(Duration.ofMinutes(1));
        assertTrue(isAllowed(send(one, 0, "ID")));
    }

    @Test
    void aRegionAwayFromHomeHasItsMoneyOfTheDay() {
        assertEquals(5, spend("ID", 10));
        workers.pass(Duration.ofHours(2));
        assertEquals(5, spend("ID", 10));
        workers.pass(Duration.ofHours(2));
        assertEquals(0, spend("ID", 10));
        workers.pass(Duration.ofHours(20));
        assertEquals(5, spend("ID", 10));
    }

    @Test
    void homeIsBoundByTheMoneyOfAllOnly() {
        assertEquals(300, spend("US", 400));
        assertEquals(Optional.of(Rule.MONEY), rule(send(one, 0, "GB")));
        workers.pass(Duration.ofHours(1));
        assertEquals(300, spend("US", 400));
        workers.pass(Duration.ofHours(1));
        assertEquals(0, spend("US", 400));
    }

    @Test
    void whatIsDoneToOtherRegionsLeavesThreeTenthsOfTheMoneyForHome() {
        Workers theirs = new Workers(LIMITS, "other,0.10,,100,100\nUS,0.01\n", Set.of("US", "ID", "GB"));
        Limits limits = theirs.worker(0);
        int away = 0;
        int home = 0;
        for (int i = 0; i < 200; i++) {
            String region = i % 2 == 0 ? "ID" : "GB";
            away += isAllowed(theirs.send(limits, 0, region, "+62%03d0000123".formatted(i))) ? 1 : 0;
        }
        for (int i = 0; i < 200; i++) {
            home += isAllowed(theirs.send(limits, 0, "US", "+1415%03d0123".formatted(i))) ? 1 : 0;
        }
        assertEquals(21, away);
        assertEquals(90, home);
    }

    @Test
    void whatOthersSpendCountsAsSoonAsTheyTell() {
        assertEquals(5, spend("ID", 5));
        assertTrue(isAllowed(send(two, 1, "ID")));
        workers.exchange();
        assertFalse(isAllowed(send(two, 1, "ID")));
        assertEquals(2_400_000, Workers.sums(one, "ID").hourMicros());
        assertEquals(Workers.sums(one, "ID"), Workers.sums(two, "ID"));
    }

    @Test
    void theTableOfRegionsMaySayOtherwise() {
        Workers theirs = new Workers(LIMITS, "other,0.5\nID,0.40,,0.8,1.2\nUS,0.01,,0.02\n", Set.of("US", "ID"));
        Limits limits = theirs.worker(0);
        for (int hour = 0; hour < 2; hour++) {
            for (int i = 0; i < 5; i++) {
                theirs.send(limits, 0, "ID", "+62812%d%d00123".formatted(hour, i));
                theirs.send(limits, 0, "US", "+1415%d%d00123".formatted(hour, i));
            }
            assertEquals(
                    hour == 0 ? 800_000 : 400_000, Workers.sums(limits, "ID").hourMicros());
            assertEquals(20_000, Workers.sums(limits, "US").hourMicros());
            theirs.pass(Duration.ofHours(1));
        }
    }

    @Test
    void withoutTheFeedNoMoneyIsSpent() {
        assertTrue(isAllowed(send(one, 0, "US")));
        workers.clock.advance(Limits.FEED_LIMIT);
        assertTrue(isAllowed(send(one, 0, "US")));
        workers.clock.advance(Duration.ofNanos(1));
        assertEquals(new Verdict.Unknown(Rule.MONEY), send(one, 0, "US"));
        assertFalse(one.isFed());
        one.feedAt(workers.nanos());
        assertTrue(isAllowed(send(one, 0, "US")));
        Limits fresh = workers.unfed();
        fresh.assigned(2);
        assertEquals(new Verdict.Unknown(Rule.MONEY), send(fresh, 2, "US"));
    }

    /** How many of so many messages to ever new numbers are allowed. */
    private int spend(String region, int messages) {
        int allowed = 0;
        for (int i = 0; i < messages; i++) {
            allowed += isAllowed(send(one, 0, region)) ? 1 : 0;
        }
        return allowed;
    }

    private Verdict send(Limits limits, int partition, String region) {
        return workers.send(limits, partition, region, "+%011d".formatted(10_000_000_000L + 10_000L * numbers++));
    }
}
