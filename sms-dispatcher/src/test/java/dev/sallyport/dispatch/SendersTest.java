package dev.sallyport.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.Senders.Sender;
import dev.sallyport.dispatch.WorkerStatus.ProviderStatus;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.dispatch.route.Router;
import dev.sallyport.dispatch.route.Routes;
import dev.sallyport.sms.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is chosen: all messages go by {@code main} while it takes them. */
class SendersTest {

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private long now = 1;
    private final Pace pace = new Pace(100, () -> now);
    private final Senders senders = new Senders(
            List.of(new ScriptedProvider("main"), new ScriptedProvider("backup")),
            new Router(
                    new Routes(Set.of("main", "backup"), Map.of(Routes.DEFAULT, Map.of("main", 1, "backup", 0))),
                    new Random(1)),
            pace,
            2,
            () -> now);

    @BeforeEach
    void haveAShare() {
        pace.share(24, 24);
    }

    @Test
    void theOneWithTheWeightIsChosen() {
        assertEquals("main", chosen());
    }

    @Test
    void oneThatHasFailedTheMessageIsChosenOnlyWhereNoOtherIs() {
        assertEquals("backup", chosen("main"));
        assertEquals("main", chosen("main", "backup"));
    }

    @Test
    void oneWhoseBreakerIsOpenIsPassedOverUntilItMayBeTriedAgain() {
        breakOff("main");
        assertEquals("backup", chosen());
        breakOff("backup");
        assertEquals(Optional.empty(), senders.choose("US", Set.of()));
        now += 2_000_000_000L;
        assertEquals("main", chosen());
        assertTrue(sender("main").admits());
        assertFalse(sender("main").admits());
    }

    @Test
    void oneThatAsksToBeLeftAloneIsPassedOverWhereThereIsAnother() {
        sender("main").pace().tooFast(Optional.of(Duration.ofSeconds(5)));
        assertEquals("backup", chosen());
        assertEquals("main", chosen("backup"));
        now += 5_000_000_000L;
        assertEquals("main", chosen());
    }

    @Test
    void oneThatHangsHoldsUpOnlyItsOwnMessages() throws InterruptedException {
        Sender main = sender("main");
        assertTrue(main.beginCall(AT_ONCE) && main.beginCall(AT_ONCE));
        assertFalse(main.beginCall(AT_ONCE));
        assertEquals("backup", chosen());
        assertTrue(sender("backup").beginCall(AT_ONCE));
        assertEquals(
                List.of(1, 2),
                senders.status().stream().map(ProviderStatus::calls).toList());
        main.endCall();
        assertEquals("main", chosen());
    }

    @Test
    void aComplaintSlowsDownTheOneThatComplains() {
        sender("main").pace().tooFast(Optional.empty());
        assertEquals(0.5, senders.status("main").rateFactor(), 0.001);
        assertEquals(1, senders.status("backup").rateFactor());
        assertEquals(100, pace.current());
    }

    @Test
    void theLastFailureIsKeptForPeople() {
        sender("main").note(FailureClass.TIMEOUT, "timeout", NOON);
        assertEquals(Optional.of(NOON), senders.status("main").failedAt());
        assertEquals(Optional.of("timeout timeout"), senders.status("main").lastFailure());
    }

    private String chosen(String... avoid) {
        return senders.choose("US", Set.of(avoid)).orElseThrow().provider().name();
    }

    private Sender sender(String name) {
        return senders.named(name).orElseThrow();
    }

    private void breakOff(String name) {
        for (int i = 0; i < 5; i++) {
            sender(name).failed();
        }
    }
}
