package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.config.Secret;

/** Where MongoDB and Kafka are: the configured addresses, or those of the embedded servers of a running platform. */
final class Addresses {

    private Addresses() {}

    static String kafka(SallyportConfig config) {
        return config.kafka()
                .bootstrapServers()
                .orElseGet(() -> "127.0.0.1:" + config.embedded().kafkaPort());
    }

    static String mongo(SallyportConfig config) {
        return config.mongo()
                .uri()
                .map(Secret::value)
                .orElseGet(() -> "mongodb://127.0.0.1:" + config.embedded().mongoPort() + "/");
    }

    /** The embedded broker is alone, so it keeps one copy. */
    static int replication(SallyportConfig config) {
        return config.runsEmbeddedServers() ? 1 : config.kafka().replication();
    }
}
