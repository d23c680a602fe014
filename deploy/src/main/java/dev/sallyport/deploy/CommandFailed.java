package dev.sallyport.deploy;

import dev.sallyport.ExpectedFailure;
import org.jspecify.annotations.Nullable;

/** An operator's command can't go on; the message is one sentence that says what to do. */
final class CommandFailed extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    CommandFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
