package dev.sallyport.sms.kafka;

import dev.sallyport.Role;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.NotGenuine;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.SendCode;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link SendCode} as a CloudEvents record: everything but the sealed part is in attributes, and the producer's
 * signature covers them, the record key and the sealed part.
 */
public final class SendCodeRecords {

    private static final String SCHEMA = "urn:sallyport:events:sms-send:0.1";

    private final SignedRecords signed;

    /** @param producer the role whose key signs */
    public SendCodeRecords(Role producer, EventSigner signer) {
        this.signed = new SignedRecords(producer, signer);
    }

    /** The record of an order, signed last, over everything else in it. */
    public EventRecord encode(SendCode order) {
        Map<String, String> attributes = Map.of(
                "dataschema", SCHEMA,
                "challenge", order.challengeId(),
                "purpose", order.purpose(),
                "sendby", order.sendBy().toString(),
                "expiresat", order.expiresAt().toString());
        byte[] body = new JsonObject()
                .put("sealed", SignedRecords.base64(order.sealed()))
                .toBuffer()
                .getBytes();
        return signed.sign(new EventRecord(
                order.messageId(),
                SendCode.TYPE,
                order.createdAt(),
                Topics.SMS_SEND,
                order.phoneKey(),
                attributes,
                body));
    }

    /**
     * The order in a record.
     *
     * @return empty if it is none, or one of another version
     * @throws NotGenuine if no web role signed it as it is
     */
    public static Optional<SendCode> decode(EventRecord event, EventVerifier verifier) {
        if (!event.type().equals(SendCode.TYPE)
                || !SCHEMA.equals(event.attributes().get("dataschema"))) {
            return Optional.empty();
        }
        try {
            SignedRecords.verify(event, verifier);
            return Optional.of(new SendCode(
                    event.id(),
                    SignedRecords.required(event, "challenge"),
                    SignedRecords.required(event, "purpose"),
                    event.key(),
                    event.time(),
                    Instant.parse(SignedRecords.required(event, "sendby")),
                    Instant.parse(SignedRecords.required(event, "expiresat")),
                    Base64.getDecoder().decode(sealed(event))));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String sealed(EventRecord event) {
        try {
            if (CloudEvents.body(event).getValue("sealed") instanceof String sealed) {
                return sealed;
            }
            throw new IllegalArgumentException("no sealed part");
        } catch (DecodeException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }
}
