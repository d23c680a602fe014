package dev.sallyport.dispatch.twilio.fake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a test has asked the fake to do. */
final class Script {

    private final Queue<Fault> oneShots = new ConcurrentLinkedQueue<>();
    private final Queue<Fault> lookUps = new ConcurrentLinkedQueue<>();
    private volatile Optional<Fault> standing = Optional.empty();
    private volatile Duration delay = Duration.ZERO;

    void next(List<Fault> faults) {
        oneShots.addAll(faults);
    }

    void nextLookUps(List<Fault> faults) {
        lookUps.addAll(faults);
    }

    void always(Fault fault) {
        standing = Optional.of(fault);
    }

    void delayBy(Duration longer) {
        delay = longer;
    }

    void clear() {
        oneShots.clear();
        lookUps.clear();
        standing = Optional.empty();
        delay = Duration.ZERO;
    }

    Optional<Fault> take() {
        return Optional.ofNullable(oneShots.poll()).or(() -> standing);
    }

    Optional<Fault> takeForLookUp() {
        return Optional.ofNullable(lookUps.poll());
    }

    Duration delay() {
        return delay;
    }
}
