package dev.sallyport.authz.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Reads that are under way at this node: who asks for the same meanwhile waits for the same. */
final class SharedReads<T> {

    private final Map<String, Future<T>> underWay = new ConcurrentHashMap<>();

    Future<T> read(String key, Room room, Supplier<T> read) {
        Promise<T> promise = Promise.promise();
        Future<T> other = underWay.putIfAbsent(key, promise.future());
        if (other != null) {
            return other;
        }
        return room.call(read).onComplete(_ -> underWay.remove(key)).onComplete(promise);
    }
}
