package dev.sallyport.throttle.mongo;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What one or several throttle documents say together.
 *
 * @param failures how many attempts failed in a row; 0 if the last was too long ago to count
 * @param last when the last one was made, in epoch milliseconds
 * @param succeededAt when one last succeeded at the second door, in epoch milliseconds; 0 for never
 */
record ThrottleDocument(int failures, long last, long succeededAt) {

    static final ThrottleDocument NONE = new ThrottleDocument(0, 0, 0);

    static ThrottleDocument of(JsonObject document, Instant now, Duration forgetAfter) {
        long last = document.getLong("last", 0L);
        boolean forgotten = last <= now.toEpochMilli() - forgetAfter.toMillis();
        return new ThrottleDocument(
                forgotten ? 0 : document.getInteger("failures"), last, document.getLong("succeededAt", 0L));
    }

    /** Those documents that have one of these ids; failures under different keys are different failures. */
    static ThrottleDocument sum(List<JsonObject> documents, List<String> ids, Instant now, Duration forgetAfter) {
        ThrottleDocument sum = NONE;
        for (JsonObject document : documents) {
            if (ids.contains(document.getString("_id"))) {
                ThrottleDocument next = of(document, now, forgetAfter);
                sum = new ThrottleDocument(
                        sum.failures + next.failures,
                        Math.max(sum.last, next.last),
                        Math.max(sum.succeededAt, next.succeededAt));
            }
        }
        return sum;
    }

    /** How long the next attempt has to wait; zero now. */
    Duration wait(Instant now, Duration delay) {
        if (delay.isZero()) {
            return Duration.ZERO;
        }
        Duration wait = Duration.ofMillis(last + delay.toMillis() - now.toEpochMilli());
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
