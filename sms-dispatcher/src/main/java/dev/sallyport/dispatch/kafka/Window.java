package dev.sallyport.dispatch.kafka;

import java.util.TreeMap;

/**
 * The records of one partition that are under way. Records finish in any order; what may be committed is everything
 * below the lowest unfinished one. Used by the consumer's thread and the workers.
 */
final class Window {

    private enum State {
        UNDER_WAY,
        /** What became of it is in Kafka. */
        FINISHED,
        /** Left for whoever reads it next: nothing from here on may be committed. */
        LEFT
    }

    /** With so many under way a partition is paused. */
    static final int FULL = 200;

    /** With so many behind one that takes long, too: a restart reads all of them again. */
    static final int MOST = 5_000;

    private static final class Entry {
        private final long time;
        private State state = State.UNDER_WAY;

        Entry(long time) {
            this.time = time;
        }
    }

    private final TreeMap<Long, Entry> records = new TreeMap<>();
    private int underWay;
    private long committable = -1;

    /** @param time of the record, milliseconds since 1970 */
    synchronized void begin(long offset, long time) {
        records.put(offset, new Entry(time));
        underWay++;
        if (committable < 0) {
            committable = offset;
        }
    }

    synchronized void finish(long offset) {
        settle(offset, State.FINISHED);
        while (!records.isEmpty() && records.firstEntry().getValue().state == State.FINISHED) {
            committable = records.pollFirstEntry().getKey() + 1;
        }
    }

    synchronized void leave(long offset) {
        settle(offset, State.LEFT);
    }

    private void settle(long offset, State state) {
        Entry entry = records.get(offset);
        if (entry != null && entry.state == State.UNDER_WAY) {
            entry.state = state;
            underWay--;
            notifyAll();
        }
    }

    synchronized int underWay() {
        return underWay;
    }

    /** The time of the oldest record under way, milliseconds since 1970; -1 without one. */
    synchronized long oldest() {
        return records.values().stream()
                .filter(entry -> entry.state == State.UNDER_WAY)
                .mapToLong(entry -> entry.time)
                .min()
                .orElse(-1);
    }

    synchronized boolean isFull() {
        return underWay >= FULL || records.size() >= MOST;
    }

    /** The offset to commit: the next record to read after a restart; -1 if nothing was begun. */
    synchronized long committable() {
        return committable;
    }

    /** Waits until nothing is under way, at most so long. */
    synchronized void awaitIdle(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (underWay > 0 && System.nanoTime() < end) {
            wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
    }
}
