package dev.sallyport.deploy;

import dev.sallyport.deploy.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A platform with a broker of its own, so that everything on the topics is its own too, and the broker can be away for a
 * while. It believes what this machine says about addresses.
 */
final class OwnBrokerSite implements AutoCloseable {

    private final EmbeddedKafka broker;
    private final TestPlatform platform;

    private OwnBrokerSite(EmbeddedKafka broker, TestPlatform platform) {
        this.broker = broker;
        this.platform = platform;
    }

    static OwnBrokerSite start(Path folder) {
        return start(folder, Map.of());
    }

    static OwnBrokerSite start(Path folder, Map<String, String> settings) {
        EmbeddedKafka broker = new EmbeddedKafka(folder, 0);
        broker.start();
        return new OwnBrokerSite(broker, platform(broker, settings));
    }

    private static TestPlatform platform(EmbeddedKafka broker, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        all.put("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1");
        return TestPlatform.start(all);
    }

    /** Another platform, with a database of its own, that tells its events to the same broker; to be closed. */
    TestPlatform another(Map<String, String> settings) {
        return platform(broker, settings);
    }

    TestPlatform platform() {
        return platform;
    }

    EmbeddedKafka broker() {
        return broker;
    }

    @Override
    public void close() {
        platform.close();
        broker.stop();
    }
}
