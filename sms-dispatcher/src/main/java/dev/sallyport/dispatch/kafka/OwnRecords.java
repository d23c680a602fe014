package dev.sallyport.dispatch.kafka;

import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.crypto.SignedParts;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.kafka.CloudEvents;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What dispatchers write for one another, with a MAC in the attribute {@code mac}: who can merely write to their topics
 * makes none of them believe anything. It covers topic, id, type, time, key, body and all other attributes.
 */
public final class OwnRecords {

    private static final String MAC = "mac";

    private final DispatchMac mac;

    public OwnRecords(DispatchMac mac) {
        this.mac = mac;
    }

    /** The same event with its MAC. */
    public EventRecord mark(EventRecord event) {
        Map<String, String> attributes = new TreeMap<>(event.attributes());
        attributes.put(MAC, Base64.getEncoder().encodeToString(mac.of(parts(event))));
        return new EventRecord(
                event.id(), event.type(), event.time(), event.topic(), event.key(), attributes, event.body());
    }

    /** The event in a record; empty if it is none, or no dispatcher wrote it as it is. */
    public Optional<EventRecord> read(ConsumerRecord<byte[], byte[]> record) {
        return CloudEvents.read(record).filter(this::isOurs);
    }

    /** False if no dispatcher wrote it as it is. */
    public boolean isOurs(EventRecord event) {
        String its = event.attributes().get(MAC);
        try {
            return its != null && mac.matches(parts(event), Base64.getDecoder().decode(its));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static SignedParts parts(EventRecord event) {
        Map<String, String> headers = new TreeMap<>(event.attributes());
        headers.remove(MAC);
        headers.put("topic", event.topic());
        headers.put("id", event.id());
        headers.put("type", event.type());
        headers.put("time", event.time().toString());
        return new SignedParts(headers, event.key(), event.body());
    }
}
