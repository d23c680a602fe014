package dev.sallyport.authz.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Reads of this node: who asks for what is asked for already waits for the same. So many are under way at once, the
 * others wait for their turn; sign-ins keep the rest of the store's connections, whoever makes up cookies.
 */
final class SharedReads<T> {

    static final int AT_ONCE = 32;
    /** As many as the store reads in about a second. */
    static final int MOST_WAITING = 4_000;

    private record Turn<T>(String key, Room room, Supplier<T> read, Promise<T> promise) {}

    private final Map<String, Future<T>> asked = new HashMap<>();
    private final Queue<Turn<T>> waiting = new ArrayDeque<>();
    private int underWay;

    /** Fails at once while too many wait. */
    Future<T> read(String key, Room room, Supplier<T> read) {
        Promise<T> promise = Promise.promise();
        synchronized (this) {
            Future<T> other = asked.get(key);
            if (other != null) {
                return other;
            }
            if (waiting.size() >= MOST_WAITING) {
                return Future.failedFuture("too many cookies are to be looked up");
            }
            asked.put(key, promise.future());
            waiting.add(new Turn<>(key, room, read, promise));
        }
        next().ifPresent(this::start);
        return promise.future();
    }

    private synchronized Optional<Turn<T>> next() {
        if (underWay == AT_ONCE || waiting.isEmpty()) {
            return Optional.empty();
        }
        underWay++;
        return Optional.of(waiting.remove());
    }

    private void start(Turn<T> turn) {
        turn.room()
                .call(turn.read())
                .onComplete(_ -> {
                    over(turn.key());
                    next().ifPresent(this::start);
                })
                .onComplete(turn.promise());
    }

    private synchronized void over(String key) {
        asked.remove(key);
        underWay--;
    }
}
