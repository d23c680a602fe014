package dev.sallyport;

import org.jspecify.annotations.Nullable;

/** The store did not answer in time. A write that failed so may have happened. */
public final class StoreUnavailable extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    public StoreUnavailable(@Nullable Throwable cause) {
        super("MongoDB did not answer; check SALLYPORT_MONGO_URI and the servers it names.", cause);
    }
}
