package dev.sallyport.dispatch.kafka;

import java.util.TreeMap;

/**
 * The records of one partition that are under way. Records finish in any order; what may be committed is everything
 * below the lowest unfinished one. Used by the consumer's thread and the workers.
 */
final class Window {

    /** With so many under way a partition is paused. */
    static final int FULL = 200;

    private final TreeMap<Long, Boolean> finished = new TreeMap<>();
    private long committable = -1;

    synchronized void begin(long offset) {
        finished.put(offset, false);
        if (committable < 0) {
            committable = offset;
        }
    }

    synchronized void finish(long offset) {
        finished.replace(offset, true);
        while (!finished.isEmpty() && finished.firstEntry().getValue()) {
            committable = finished.pollFirstEntry().getKey() + 1;
        }
        notifyAll();
    }

    synchronized boolean isFull() {
        return finished.size() >= FULL;
    }

    /** The offset to commit: the next record to read after a restart; -1 if nothing was begun. */
    synchronized long committable() {
        return committable;
    }

    /** Waits until nothing is under way, at most so long. */
    synchronized void awaitIdle(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!finished.isEmpty() && System.nanoTime() < end) {
            wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
    }
}
