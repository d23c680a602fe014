package dev.sallyport.password;

import dev.sallyport.ExpectedFailure;
import java.time.Duration;

/** More passwords wait than the machine hashes in a second. Nothing was computed; the person may try again. */
public final class HashingOverloaded extends ExpectedFailure {

    private final Duration retryAfter;

    public HashingOverloaded(Duration retryAfter) {
        super(
                "More password checks wait than this process can do in time. Answer 503 with Retry-After;"
                        + " if it lasts, add processes or cores.",
                null);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
