package dev.sallyport.deploy.containers;

import dev.sallyport.event.EventPublisherContract;
import dev.sallyport.event.kafka.KafkaPublisherBench;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

@OnContainers
class RealEventPublisherIT extends EventPublisherContract {

    private static KafkaPublisherBench bench;

    @BeforeAll
    static void start() {
        bench = new KafkaPublisherBench(RealServers.shared().bootstrapServers());
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    @Override
    protected KafkaPublisherBench bench() {
        return bench;
    }

    @Override
    protected void brokerLeaves() {
        RealServers.shared().freezeBroker();
    }

    @Override
    protected void brokerReturns() {
        RealServers.shared().wakeBroker();
    }
}
