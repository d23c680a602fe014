package dev.sallyport.mongo;

import static io.vertx.core.Future.await;

import com.mongodb.MongoException;
import dev.sallyport.StoreUnavailable;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;

/** Waits for MongoDB, and turns its failures into ours. */
final class Answers {

    /**
     * How long an operation may take. The driver's own limits are for each of its steps (choosing a server, getting a
     * connection, reading), and it tries twice; a person waits for all of them.
     */
    static final long LIMIT_MILLIS = 5_000;

    private static final int DUPLICATE_KEY = 11000;

    /** One for the process, ticking ten times a second: a timer on an event loop would wake it for each operation. */
    private static final HashedWheelTimer LIMITS = new HashedWheelTimer(
            Thread.ofPlatform().daemon().name("mongo-limits").factory(), 100, TimeUnit.MILLISECONDS);

    private Answers() {}

    /** @throws StoreUnavailable for whatever goes wrong, or if it takes too long */
    static <T> T of(Future<T> asked) {
        try {
            return await(inTime(asked));
        } catch (Exception e) {
            throw new StoreUnavailable(e);
        }
    }

    /** The answer, or a failure once it has taken too long. */
    static <T> Future<T> inTime(Future<T> asked) {
        Promise<T> answer = Promise.promise();
        Timeout limit = LIMITS.newTimeout(
                _ -> answer.tryFail("no answer within " + LIMIT_MILLIS + " ms"), LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        asked.onComplete(result -> {
            limit.cancel();
            if (result.succeeded()) {
                answer.tryComplete(result.result());
            } else {
                answer.tryFail(result.cause());
            }
        });
        return answer.future();
    }

    /** True if a write failed because a unique index refused it. */
    static boolean isDuplicateKey(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MongoException mongo && mongo.getCode() == DUPLICATE_KEY) {
                return true;
            }
        }
        return false;
    }
}
