package dev.sallyport.dispatch.kafka;

import java.time.Duration;

/** Something that one thread does now and then. */
final class Periodic {

    private final long every;
    private long last = System.nanoTime();

    Periodic(Duration every) {
        this.every = every.toNanos();
    }

    boolean isDue() {
        long now = System.nanoTime();
        boolean due = now - last >= every;
        last = due ? now : last;
        return due;
    }
}
