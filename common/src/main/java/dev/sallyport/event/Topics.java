package dev.sallyport.event;

import java.util.Set;

/** The names of the Kafka topics; their partitions and retention are data in {@code topics.yaml}. */
public final class Topics {

    /** Every event about accounts and sign-ins; key: account id. */
    public static final String AUDIT = "sallyport.audit";

    /** The seals over {@link #AUDIT}; each in the partition that it is about. */
    public static final String AUDIT_CHECKPOINT = "sallyport.audit.checkpoint";

    /** Sealed codes to be sent as text messages; key: HMAC of the phone number. */
    public static final String SMS_SEND = "sallyport.sms.send";

    /** What dispatchers are about to do and have done with each message; partitions as in {@link #SMS_SEND}. */
    public static final String SMS_LEDGER = "sallyport.sms.ledger";

    /** What a provider reports of a message, as it came in; key as in {@link #SMS_SEND}. */
    public static final String SMS_CALLBACK = "sallyport.sms.callback";

    /** That the code of a message was accepted; key as in {@link #SMS_SEND}. */
    public static final String SMS_VERIFIED = "sallyport.sms.verified";

    /** What was sent and verified by region, number block and provider; key: the partition and what is told of it. */
    public static final String SMS_STATS = "sallyport.sms.stats";

    /** Operators' switches for all dispatchers; key: the switch. */
    public static final String SMS_CONTROL = "sallyport.sms.control";

    /** What became of each message; key as in {@link #SMS_SEND}. */
    public static final String SMS_OUTCOME = "sallyport.sms.outcome";

    /** Records that could not be understood or trusted, without their content; key: the record's topic and partition. */
    public static final String SMS_DEAD_LETTER = "sallyport.sms.dead-letter";

    /** That a session has ended or has a new token; key: account id. */
    public static final String SESSION = "sallyport.session";

    /** Those in which each phone has the partition of one number: what belongs to an order is read by its owner. */
    public static final Set<String> BY_PHONE = Set.of(SMS_SEND, SMS_LEDGER, SMS_CALLBACK, SMS_VERIFIED);

    private Topics() {}
}
