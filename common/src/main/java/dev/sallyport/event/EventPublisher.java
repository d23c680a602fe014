package dev.sallyport.event;

import java.util.List;
import java.util.function.Consumer;

/**
 * Produces events to Kafka, acknowledged by all in-sync replicas. Events of one key that one caller publishes in
 * sequence arrive in that sequence.
 */
public interface EventPublisher {

    /**
     * Produces one event and waits for its acknowledgement, 3 seconds at most.
     *
     * @throws PublishFailed if it was not acknowledged; it may have arrived all the same
     */
    void send(EventRecord event);

    /**
     * Begins to produce events and returns at once.
     *
     * @param done told once, on any thread: true if all were acknowledged, false if any was not, in which case the
     *     caller still holds them and publishes them again later
     */
    void publish(List<EventRecord> events, Consumer<Boolean> done);
}
