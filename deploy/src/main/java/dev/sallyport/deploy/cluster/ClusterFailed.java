package dev.sallyport.deploy.cluster;

import dev.sallyport.ExpectedFailure;
import org.jspecify.annotations.Nullable;

/** A process can't be started or did not become ready; the message is a sentence that says what to do. */
public final class ClusterFailed extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    ClusterFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
