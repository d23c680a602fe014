package dev.sallyport.deploy;

import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.PublishFailed;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts events on their way to Kafka: {@code sallyport_events_total{topic, type, result}}. What the platform does is counted
 * here and nowhere else, because everything that it does is an event.
 */
final class MeteredPublisher implements EventPublisher {

    private static final String NAME = "sallyport.events";

    private final EventPublisher publisher;
    private final MeterRegistry metrics;

    MeteredPublisher(EventPublisher publisher, MeterRegistry metrics) {
        this.publisher = publisher;
        this.metrics = metrics;
    }

    @Override
    public void send(EventRecord event) {
        try {
            publisher.send(event);
            count(event, true);
        } catch (PublishFailed e) {
            count(event, false);
            throw e;
        }
    }

    @Override
    public void publish(List<EventRecord> events, Consumer<Boolean> done) {
        publisher.publish(events, acknowledged -> {
            events.forEach(event -> count(event, acknowledged));
            done.accept(acknowledged);
        });
    }

    private void count(EventRecord event, boolean acknowledged) {
        String result = acknowledged ? "acknowledged" : "failed";
        metrics.counter(NAME, "topic", event.topic(), "type", event.type(), "result", result)
                .increment();
    }
}
