package dev.sallyport.sms;

import java.time.Duration;
import java.time.Instant;

/**
 * The order to send one code as a text message.
 *
 * @param messageId unique for each message, also where the code is the same
 * @param challengeId the challenge that asks
 * @param purpose the word of the challenge's purpose
 * @param phoneKey HMAC of the number; the record key, so that one phone has one owner among the dispatchers
 * @param createdAt when it was ordered
 * @param sendBy from when on it is no longer worth sending
 * @param expiresAt when the code dies
 * @param sealed the {@link CodeMessage}, readable by the dispatcher only
 */
public record SendCode(
        String messageId,
        String challengeId,
        String purpose,
        String phoneKey,
        Instant createdAt,
        Instant sendBy,
        Instant expiresAt,
        byte[] sealed) {

    /** The CloudEvents type. */
    public static final String TYPE = "dev.sallyport.sms.send";

    /** A message that is later than this is not worth sending: the person has asked again or gone. */
    public static final Duration WORTH_SENDING_FOR = Duration.ofSeconds(60);

    @Override
    public String toString() {
        return "SendCode " + messageId;
    }
}
