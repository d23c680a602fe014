package dev.sallyport.event.kafka;

import dev.sallyport.ExpectedFailure;
import org.jspecify.annotations.Nullable;

/** Kafka did not answer, or refuses; the message is one sentence that says what to do. */
public final class KafkaProblem extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    KafkaProblem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
