package dev.sallyport.sms.kafka;

import dev.sallyport.Role;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.NotGenuine;
import dev.sallyport.crypto.SignedParts;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.SendCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A {@link SendCode} as a CloudEvents record: everything but the sealed part is in attributes, and the producer's
 * signature covers them, the record key and the sealed part.
 */
public final class SendCodeRecords {

    private static final String SCHEMA = "urn:sallyport:events:sms-send:0.1";
    private static final String SIGNATURE = "signature";

    private final Role producer;
    private final EventSigner signer;

    /** @param producer the role whose key signs */
    public SendCodeRecords(Role producer, EventSigner signer) {
        this.producer = producer;
        this.signer = signer;
    }

    /** The record of an order, signed last, over everything else in it. */
    public EventRecord encode(SendCode order) {
        Map<String, String> attributes = new TreeMap<>();
        attributes.put("dataschema", SCHEMA);
        attributes.put("challenge", order.challengeId());
        attributes.put("purpose", order.purpose());
        attributes.put("sendby", order.sendBy().toString());
        attributes.put("expiresat", order.expiresAt().toString());
        attributes.put("signedby", producer.toString());
        byte[] body = new JsonObject()
                .put("sealed", base64(order.sealed()))
                .toBuffer()
                .getBytes();
        EventRecord unsigned = new EventRecord(
                order.messageId(),
                SendCode.TYPE,
                order.createdAt(),
                Topics.SMS_SEND,
                order.phoneKey(),
                attributes,
                body);
        attributes.put(SIGNATURE, base64(signer.sign(signedParts(unsigned))));
        return unsigned;
    }

    /**
     * The order in a record.
     *
     * @return empty if it is none
     * @throws NotGenuine if no web role signed it as it is
     */
    public static Optional<SendCode> decode(EventRecord event, EventVerifier verifier) {
        Map<String, String> attributes = event.attributes();
        if (!event.type().equals(SendCode.TYPE)) {
            return Optional.empty();
        }
        try {
            Role signer = Role.of(required(attributes, "signedby"));
            verifier.verify(signer, signedParts(event), Base64.getDecoder().decode(required(attributes, SIGNATURE)));
            String sealed = sealed(event.body());
            return Optional.of(new SendCode(
                    event.id(),
                    required(attributes, "challenge"),
                    required(attributes, "purpose"),
                    event.key(),
                    event.time(),
                    Instant.parse(required(attributes, "sendby")),
                    Instant.parse(required(attributes, "expiresat")),
                    Base64.getDecoder().decode(sealed)));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String sealed(byte[] body) {
        try {
            if (new JsonObject(Buffer.buffer(body)).getValue("sealed") instanceof String sealed) {
                return sealed;
            }
            throw new IllegalArgumentException("no sealed part");
        } catch (DecodeException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
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

    private static String required(Map<String, String> attributes, String name) {
        String value = attributes.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no attribute " + name);
        }
        return value;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
