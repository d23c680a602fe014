package dev.sallyport.sms.news;

import dev.sallyport.sms.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who waits for news at this node right now; so many and no more. Safe for use by any number of threads. */
public final class NewsDesk {

    /** One browser has one page open, rarely two; more would take its other connections away. */
    public static final int MOST_OF_CHALLENGE = 3;

    /** Each keeps a connection open. */
    public static final int MOST = 2_000;

    private final Map<String, List<Consumer<Outcome>>> listeners = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MOST);

    /**
     * Hears the outcomes of one challenge's messages from now on.
     *
     * @param listener called on any thread; returns at once
     * @return ends it; empty if there is no place left, at the node or for this challenge
     */
    public Optional<Runnable> listen(String challengeId, Consumer<Outcome> listener) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        List<Consumer<Outcome>> all = listeners.compute(
                challengeId,
                (_, before) -> before == null
                        ? List.of(listener)
                        : before.size() < MOST_OF_CHALLENGE ? with(before, listener) : before);
        if (!all.contains(listener)) {
            places.release();
            return Optional.empty();
        }
        AtomicBoolean left = new AtomicBoolean();
        return Optional.of(() -> {
            if (left.compareAndSet(false, true)) {
                listeners.computeIfPresent(challengeId, (_, before) -> without(before, listener));
                places.release();
            }
        });
    }

    /** Tells whoever waits for it. */
    public void tell(Outcome outcome) {
        listeners.getOrDefault(outcome.challengeId(), List.of()).forEach(listener -> listener.accept(outcome));
    }

    private static List<Consumer<Outcome>> with(List<Consumer<Outcome>> before, Consumer<Outcome> listener) {
        List<Consumer<Outcome>> after = new ArrayList<>(before);
        after.add(listener);
        return List.copyOf(after);
    }

    /** Null, which forgets the challenge, if nobody is left. */
    private static @Nullable List<Consumer<Outcome>> without(
            List<Consumer<Outcome>> before, Consumer<Outcome> listener) {
        List<Consumer<Outcome>> after = new ArrayList<>(before);
        after.remove(listener);
        return after.isEmpty() ? null : List.copyOf(after);
    }
}
