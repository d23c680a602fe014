package dev.sallyport.deploy.stores;

import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.event.EventPublisherContract;
import dev.sallyport.event.kafka.KafkaPublisherRig;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class KafkaEventPublisherIT extends EventPublisherContract {

    @TempDir
    private static Path folder;

    private static EmbeddedKafka broker;
    private static KafkaPublisherRig rig;

    @BeforeAll
    static void start() {
        broker = new EmbeddedKafka(folder, 0);
        broker.start();
        rig = new KafkaPublisherRig(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        rig.close();
        broker.stop();
    }

    @Override
    protected KafkaPublisherRig rig() {
        return rig;
    }

    @Override
    protected void brokerLeaves() {
        broker.stop();
    }

    @Override
    protected void brokerReturns() {
        broker.start();
    }
}
