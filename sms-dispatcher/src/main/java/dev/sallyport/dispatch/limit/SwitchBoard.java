package dev.sallyport.dispatch.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The switches as they are now, and whoever follows them. Thread-safe. */
public final class SwitchBoard {

    private final List<Consumer<Switches>> followers = new ArrayList<>();
    private volatile Switches current = Switches.NONE;

    public Switches current() {
        return current;
    }

    /** Tells the switches now, and again each time that one is set, in order and one at a time. Must not block. */
    public synchronized void follow(Consumer<Switches> follower) {
        followers.add(follower);
        follower.accept(current);
    }

    /** Takes in what somebody has set. */
    public synchronized void set(Change change) {
        current = current.with(change);
        followers.forEach(follower -> follower.accept(current));
    }
}
