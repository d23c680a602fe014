package dev.sallyport.dispatch.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Tells which failures of a consumer somebody has to mend, from those that pass when brokers are back. */
final class Incurable {

    private Incurable() {}

    /** True if trying again is of no use until somebody has changed something. */
    static boolean is(KafkaException failure) {
        return switch (failure) {
            case AuthorizationException _,
                    AuthenticationException _,
                    UnsupportedVersionException _,
                    FencedInstanceIdException _,
                    ConfigException _,
                    InvalidConfigurationException _,
                    InvalidGroupIdException _,
                    InconsistentGroupProtocolException _,
                    InterruptException _ -> true;
            // So Kafka passes on what one of our own listeners throws.
            default -> failure.getCause() instanceof RuntimeException cause && !(cause instanceof KafkaException);
        };
    }
}
