package dev.sallyport.sms.kafka;

import dev.sallyport.Role;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.SignedParts;
import dev.sallyport.event.EventRecord;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** The signature of a web role in the attributes of an event; it covers id, type, time, key, body and all others. */
final class SignedRecords {

    private static final String SIGNED_BY = "signedby";
    private static final String SIGNATURE = "signature";

    private final Role producer;
    private final EventSigner signer;

    /** @param producer the role whose key signs */
    SignedRecords(Role producer, EventSigner signer) {
        this.producer = producer;
        this.signer = signer;
    }

    /** The same event with its producer's name and signature. */
    EventRecord sign(EventRecord event) {
        Map<String, String> attributes = new TreeMap<>(event.attributes());
        attributes.put(SIGNED_BY, producer.toString());
        EventRecord signed = new EventRecord(
                event.id(), event.type(), event.time(), event.topic(), event.key(), attributes, event.body());
        attributes.put(SIGNATURE, base64(signer.sign(signedParts(signed))));
        return signed;
    }

    /**
     * Returns when a web role signed the event as it is.
     *
     * @throws dev.sallyport.crypto.NotGenuine if none did
     * @throws IllegalArgumentException if there is no signature that can be read
     */
    static void verify(EventRecord event, EventVerifier verifier) {
        Role signer = Role.of(required(event, SIGNED_BY));
        verifier.verify(signer, signedParts(event), Base64.getDecoder().decode(required(event, SIGNATURE)));
    }

    /** Everything that the dispatcher acts on. */
    private static SignedParts signedParts(EventRecord event) {
        Map<String, String> headers = new TreeMap<>(event.attributes());
        headers.remove(SIGNATURE);
        headers.put("id", event.id());
        headers.put("type", event.type());
        headers.put("time", event.time().toString());
        return new SignedParts(headers, event.key(), event.body());
    }

    /** @throws IllegalArgumentException if the event has no such attribute */
    static String required(EventRecord event, String attribute) {
        String value = event.attributes().get(attribute);
        if (value == null) {
            throw new IllegalArgumentException("no attribute " + attribute);
        }
        return value;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
