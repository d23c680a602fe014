package dev.sallyport.deploy;

import dev.sallyport.ExpectedFailure;
import org.jspecify.annotations.Nullable;

/** The platform can't start; the message is one sentence that says what to do. */
final class StartFailed extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    StartFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
