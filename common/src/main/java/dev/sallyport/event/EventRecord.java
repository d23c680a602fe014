package dev.sallyport.event;

import java.time.Instant;
import java.util.Map;

/**
 * One event, finished: a CloudEvents 1.0 event in Kafka's binary mode, ready to be produced.
 *
 * @param id unique for ever; consumers count each id once
 * @param type the CloudEvents type, such as {@code dev.sallyport.signed-in}
 * @param time when it happened
 * @param topic the Kafka topic
 * @param key the record key: everything of one key keeps its order
 * @param attributes further CloudEvents attributes, lower-case letters and digits only
 * @param body the data, JSON in UTF-8
 */
public record EventRecord(
        String id, String type, Instant time, String topic, String key, Map<String, String> attributes, byte[] body) {

    @Override
    public String toString() {
        return type + ' ' + id;
    }
}
