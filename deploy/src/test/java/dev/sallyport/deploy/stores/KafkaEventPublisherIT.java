package dev.sallyport.deploy.stores;

import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.event.EventPublisherContract;
import dev.sallyport.event.kafka.KafkaPublisherBench;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class KafkaEventPublisherIT extends EventPublisherContract {

    @TempDir
    private static Path folder;

    private static EmbeddedKafka broker;
    private static KafkaPublisherBench bench;

    @BeforeAll
    static void start() {
        broker = new EmbeddedKafka(folder, 0);
        broker.start();
        bench = new KafkaPublisherBench(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        bench.close();
        broker.stop();
    }

    @Override
    protected KafkaPublisherBench bench() {
        return bench;
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
