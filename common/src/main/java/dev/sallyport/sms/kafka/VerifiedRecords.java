package dev.sallyport.sms.kafka;

import dev.sallyport.Role;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.NotGenuine;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.CodeVerified;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link CodeVerified} as a CloudEvents record, signed like the orders: accepted codes lift limits that cost an
 * attacker money, so who can merely write to the topic must not be able to make them up.
 */
public final class VerifiedRecords {

    private static final String MESSAGE = "message";
    private static final String CHALLENGE = "challenge";
    private static final Map<String, String> ATTRIBUTES = Map.of("dataschema", "urn:sallyport:events:sms-verified:0.1");

    private final SignedRecords signed;

    /** @param producer the role whose key signs */
    public VerifiedRecords(Role producer, EventSigner signer) {
        this.signed = new SignedRecords(producer, signer);
    }

    /** The record that a code was accepted; told twice, it has the same id. */
    public EventRecord encode(CodeVerified verified) {
        byte[] body = new JsonObject()
                .put(MESSAGE, verified.messageId())
                .put(CHALLENGE, verified.challengeId())
                .toBuffer()
                .getBytes();
        return signed.sign(new EventRecord(
                verified.messageId() + "-verified",
                CodeVerified.TYPE,
                verified.at(),
                Topics.SMS_VERIFIED,
                verified.phoneKey(),
                ATTRIBUTES,
                body));
    }

    /**
     * What a record tells.
     *
     * @return empty if it is no such record
     * @throws NotGenuine if no web role signed it as it is
     */
    public static Optional<CodeVerified> decode(EventRecord event, EventVerifier verifier) {
        if (!event.type().equals(CodeVerified.TYPE)) {
            return Optional.empty();
        }
        try {
            SignedRecords.verify(event, verifier);
            JsonObject body = CloudEvents.body(event);
            return body.getValue(MESSAGE) instanceof String message
                            && body.getValue(CHALLENGE) instanceof String challenge
                    ? Optional.of(new CodeVerified(message, challenge, event.key(), event.time()))
                    : Optional.empty();
        } catch (DecodeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
