package dev.sallyport.testing;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.StoreUnavailable;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.event.EventRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;

/** What the contracts of all stores have in common: how to call them, and what becomes of events. */
public abstract class StoreContract {

    /** As many as the requirement names. */
    protected static final int MANY = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration LONG_ENOUGH_TO_BE_LEFT_BEHIND = Duration.ofSeconds(10);

    protected abstract StoreRig rig();

    /** People, at the rig's time. */
    protected Given given;

    @BeforeEach
    void meetPeople() {
        given = new Given(rig().clock());
    }

    @AfterEach
    void everybodyReturns() {
        rig().brokerReturns();
        rig().storeReturns();
    }

    /** The audit topic tells these of this key, each once and in this order, and also later nothing else. */
    protected final void assertTold(String key, AuditEvent... events) {
        sweepLater();
        assertEquals(
                Arrays.stream(events).map(AuditEvent::id).toList(),
                rig().arrived(key).stream().map(EventRecord::id).toList());
    }

    /** Sweeps when whatever was left behind is old enough for it. */
    protected final void sweepLater() {
        rig().settle();
        rig().clock().advance(LONG_ENOUGH_TO_BE_LEFT_BEHIND);
        rig().sweep();
    }

    /** How many refusals an event tells of. */
    protected static int count(EventRecord event) {
        return new JsonObject(Buffer.buffer(event.body())).getInteger("count", 1);
    }

    /** With the store gone each of the calls says so, and does not keep a person waiting. */
    protected final void assertEachSaysThatTheStoreIsGone(List<Runnable> calls) {
        rig().storeLeaves();
        List<Executable> checks = rig().atOnce(calls.size(), i -> {
            long start = System.nanoTime();
            StoreUnavailable failure =
                    assertThrows(StoreUnavailable.class, () -> calls.get(i).run(), "call " + i);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            return () -> {
                assertEquals(0, failure.getStackTrace().length);
                assertTrue(took.compareTo(PATIENCE) < 0, "call " + i + " took " + took);
            };
        });
        assertAll(checks);
    }
}
