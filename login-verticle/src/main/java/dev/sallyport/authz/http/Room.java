package dev.sallyport.authz.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * Where what an event loop can't answer at once is waited for.
 *
 * @param context on virtual threads
 */
record Room(Context context) {

    /** Does work that may wait, and completes there, whatever becomes of the work: others may wait for the same. */
    <T> Future<T> call(Supplier<T> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(_ -> {
            try {
                done.complete(work.get());
            } catch (Throwable e) {
                done.fail(e);
            }
        });
        return done.future();
    }
}
