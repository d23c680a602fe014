package dev.sallyport.event;

import dev.sallyport.ExpectedFailure;
import org.jspecify.annotations.Nullable;

/** Kafka did not acknowledge an event in time. It may have arrived all the same. */
public final class PublishFailed extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    public PublishFailed(String topic, @Nullable Throwable cause) {
        super("Kafka did not acknowledge a record for " + topic + "; check SALLYPORT_KAFKA_BOOTSTRAP_SERVERS.", cause);
    }
}
