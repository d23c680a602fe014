package dev.sallyport.sms;

import java.time.Instant;

/**
 * That the code of a message was accepted: whoever asked for it holds the phone.
 *
 * @param messageId the newest message that carried the code
 * @param challengeId the challenge that was passed with it
 * @param phoneKey the record key of the order, and of this event
 */
public record CodeVerified(String messageId, String challengeId, String phoneKey, Instant at) {

    /** The CloudEvents type. */
    public static final String TYPE = "dev.sallyport.sms.verified";
}
