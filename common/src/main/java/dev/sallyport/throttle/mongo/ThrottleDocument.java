package dev.sallyport.throttle.mongo;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntBinaryOperator;

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

    /** The strictest of those documents that have one of these ids. */
    static ThrottleDocument strictest(List<JsonObject> documents, List<String> ids, Instant now, Duration forgetAfter) {
        return merged(documents, ids, now, forgetAfter, Math::max);
    }

    /** All of those documents that have one of these ids, where each failure is in one of them only. */
    static ThrottleDocument sum(List<JsonObject> documents, List<String> ids, Instant now, Duration forgetAfter) {
        return merged(documents, ids, now, forgetAfter, Integer::sum);
    }

    private static ThrottleDocument merged(
            List<JsonObject> documents,
            List<String> ids,
            Instant now,
            Duration forgetAfter,
            IntBinaryOperator failures) {
        ThrottleDocument merged = NONE;
        for (JsonObject document : documents) {
            if (ids.contains(document.getString("_id"))) {
                ThrottleDocument next = of(document, now, forgetAfter);
                merged = new ThrottleDocument(
                        failures.applyAsInt(merged.failures, next.failures),
                        Math.max(merged.last, next.last),
                        Math.max(merged.succeededAt, next.succeededAt));
            }
        }
        return merged;
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
