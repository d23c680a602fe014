package dev.sallyport.mongo;

import static io.vertx.core.Future.await;

import com.mongodb.MongoException;
import dev.sallyport.StoreUnavailable;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** Waits for MongoDB, and turns its failures into ours. */
final class Answers {

    /**
     * How long an operation may take. The driver's own limits are for each of its steps (choosing a server, getting a
     * connection, reading), and it tries twice; a person waits for all of them.
     */
    static final long LIMIT_MILLIS = 5_000;

    private static final int DUPLICATE_KEY = 11000;

    private Answers() {}

    /** @throws StoreUnavailable for whatever goes wrong, or if it takes too long */
    static <T> T of(Future<T> asked) {
        try {
            return await(asked.timeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
        } catch (Exception e) {
            throw new StoreUnavailable(e);
        }
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
