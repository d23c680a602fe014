package dev.sallyport;

import org.jspecify.annotations.Nullable;

/**
 * A failure that the design expects (a full queue, a store that is away). It carries no stack trace, because where it
 * was thrown is never the news; the cause, where there is one, is kept for the log.
 */
public abstract class ExpectedFailure extends RuntimeException {

    /** @param message what happened and what to do, without any secret or personal data */
    protected ExpectedFailure(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
