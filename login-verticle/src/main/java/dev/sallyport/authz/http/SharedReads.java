package dev.sallyport.authz.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Reads that are under way at this node: who asks for the same meanwhile waits for the same. */
final class SharedReads<T> {

    /** More at once would take the store's connections from sign-ins; made-up cookies cost a read each. */
    static final int MOST = 32;

    private final Map<String, Future<T>> underWay = new ConcurrentHashMap<>();

    /** Fails at once while too many others are under way. */
    Future<T> read(String key, Room room, Supplier<T> read) {
        if (underWay.size() >= MOST && !underWay.containsKey(key)) {
            return Future.failedFuture("more cookies are asked about than the store is asked for at once");
        }
        Promise<T> promise = Promise.promise();
        Future<T> other = underWay.putIfAbsent(key, promise.future());
        if (other != null) {
            return other;
        }
        return room.call(read).onComplete(_ -> underWay.remove(key)).onComplete(promise);
    }
}
