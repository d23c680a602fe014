package dev.sallyport.event.kafka;

import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventPublisherContract;
import dev.sallyport.event.EventRecord;
import dev.sallyport.testing.Contexts;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A publisher on a real broker, which is there when the rig is made. */
public final class KafkaPublisherRig implements EventPublisherContract.Rig, AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Contexts contexts = new Contexts(vertx, 1);
    private final KafkaEventPublisher publisher;
    private final AuditStream audit;

    public KafkaPublisherRig(String bootstrapServers) {
        try (TopicAdmin admin = new TopicAdmin(bootstrapServers, Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
        audit = new AuditStream(bootstrapServers);
        publisher = call(() -> new KafkaEventPublisher(vertx, bootstrapServers, Map.of(), new Stamps("here")));
    }

    @Override
    public EventPublisher publisher() {
        return publisher;
    }

    @Override
    public <T> T call(Callable<T> work) {
        return contexts.call(work);
    }

    @Override
    public List<EventRecord> arrived(String key) {
        return audit.arrived(key);
    }

    @Override
    public void close() {
        call(() -> {
            publisher.close();
            return true;
        });
        vertx.close().await();
        audit.close();
    }
}
