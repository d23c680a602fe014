package dev.sallyport.dispatch.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WindowTest {

    private final Window window = new Window();

    private void begin(long from, long to) {
        LongStream.rangeClosed(from, to).forEach(offset -> window.begin(offset, 1_000 + offset));
    }

    @Test
    void nothingIsCommittedBeforeSomethingWasBegun() {
        assertEquals(-1, window.committable());
        assertEquals(-1, window.oldest());
    }

    @Test
    void whatFinishesOutOfOrderIsCommittedUpToTheLowestUnfinishedRecord() {
        begin(7, 10);
        window.finish(9);
        window.finish(8);
        assertEquals(7, window.committable());
        assertEquals(1_007, window.oldest());
        window.finish(7);
        assertEquals(10, window.committable());
        window.finish(10);
        assertEquals(11, window.committable());
        assertEquals(0, window.underWay());
    }

    @Test
    void gapsBetweenOffsetsDoNotMatter() {
        window.begin(3, 0);
        window.begin(90, 0);
        window.finish(90);
        window.finish(3);
        assertEquals(91, window.committable());
    }

    @Test
    void whatIsLeftToAnotherWorkerIsNeverCommittedNorWhatLiesBehindIt() {
        begin(1, 3);
        window.leave(2);
        window.finish(1);
        window.finish(3);
        window.finish(2);
        assertEquals(2, window.committable());
        assertEquals(0, window.underWay());
        assertEquals(-1, window.oldest());
    }

    @Test
    void itIsFullWithSoManyUnderWayAndHasRoomWhenOneHasEnded() {
        begin(0, Window.FULL - 1);
        assertTrue(window.isFull());
        window.finish(50);
        assertFalse(window.isFull());
    }

    @Test
    void oneThatTakesLongHoldsUpOnlyWhatARestartWouldReadAgain() {
        begin(0, Window.MOST - 1);
        LongStream.range(1, Window.MOST).forEach(window::finish);
        assertEquals(1, window.underWay());
        assertTrue(window.isFull());
        window.finish(0);
        assertFalse(window.isFull());
        assertEquals(Window.MOST, window.committable());
    }

    @Test
    void waitingEndsWithTheLastOne() throws InterruptedException {
        begin(0, 1);
        Thread.startVirtualThread(() -> {
            window.leave(0);
            window.finish(1);
        });
        window.awaitIdle(30_000);
        assertEquals(0, window.underWay());
    }
}
