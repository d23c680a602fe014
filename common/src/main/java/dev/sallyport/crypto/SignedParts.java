package dev.sallyport.crypto;

import dev.sallyport.Role;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of a record that its producer signs.
 *
 * @param headers all that the consumer acts on, without the signature itself; their order does not count
 * @param key the record's key
 * @param body the record's value
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and a copy of each event would be waste.
public record SignedParts(Map<String, String> headers, String key, byte[] body) {

    byte[] bytes(Role producer) {
        Parts parts =
                Parts.of("event:1").and(producer.toString()).and(key).and(body).and(headers.size());
        new TreeMap<>(headers).forEach((name, value) -> parts.and(name).and(value));
        return parts.bytes();
    }

    /** Names of headers only: keys and bodies are of people. */
    @Override
    public String toString() {
        return "SignedParts[headers=" + headers.keySet() + "]";
    }
}
