package dev.sallyport.deploy.containers;

import dev.sallyport.event.EventPublisherContract;
import dev.sallyport.event.kafka.KafkaPublisherRig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

@OnContainers
class RealEventPublisherIT extends EventPublisherContract {

    private static KafkaPublisherRig rig;

    @BeforeAll
    static void start() {
        rig = new KafkaPublisherRig(RealServers.shared().bootstrapServers());
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Override
    protected KafkaPublisherRig rig() {
        return rig;
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
