package dev.sallyport.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalFloorTest {

    private final RefusalFloor floor = new RefusalFloor(Duration.ofMillis(500));

    @Test
    void aRefusalIsHeldBackToTheFloor() {
        assertEquals(500, remaining(0));
        assertEquals(380, remaining(120));
    }

    @Test
    void aHashAsLongAsTheFloorLeavesNothingAndRaisesNothing() {
        assertEquals(0, remaining(500));
        assertEquals(500, remaining(0));
    }

    @Test
    void aSlowerHashRaisesTheFloorToAQuarterAboveIt() {
        assertEquals(200, remaining(800));
        assertEquals(900, remaining(100));
    }

    @Test
    void aQuickerHashNeverLowersTheFloor() {
        remaining(800);
        remaining(600);
        assertEquals(1_000, remaining(0));
    }

    @Test
    void theFloorRisesToThreeSecondsAtMost() {
        assertEquals(100, remaining(2_900));
        assertEquals(3_000, remaining(0));
    }

    @Test
    void aHashAboveTheHighestFloorWaitsForNothing() {
        assertEquals(0, remaining(10_000));
        assertEquals(0, remaining(10_000));
        assertEquals(3_000, remaining(0));
    }

    private long remaining(long hashMillis) {
        return floor.remaining(Duration.ofMillis(hashMillis)).toMillis();
    }
}
