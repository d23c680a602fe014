package dev.sallyport.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A way to put a text on a phone.
 *
 * <p>Implementations are safe for use by many threads at once and keep no order between messages. They never repeat a
 * message and never recognise one: a message that is sent twice arrives twice. Whoever calls decides what to try again.
 */
public interface SmsProvider {

    /** So long an attempt may last. */
    Duration LONGEST_CALL = Duration.ofSeconds(5);

    /** What this provider is called in configuration, metrics and events: lower case, words joined by hyphens. */
    String name();

    /**
     * Makes exactly one attempt to send, and blocks until its fate is known or its time is up. To be called on a JDK
     * virtual thread, not on one of Vert.x. An interrupt ends the wait; the fate is then {@link SendResult.Ambiguous} and
     * the thread stays interrupted.
     *
     * @return what became of the attempt; nothing that the network or the provider does is thrown
     */
    SendResult send(TextMessage message);

    /**
     * Asks what became of an attempt whose answer was lost. Blocks as {@link #send} does, and sends nothing.
     *
     * @param message as it was given to {@link #send}
     * @param begun when that was, by our clock
     * @param others the provider's ids of messages that are known to be others
     * @return what is known of it; empty if the provider knows no such message, or can't tell, or does not answer
     */
    Optional<SendResult> find(TextMessage message, Instant begun, Set<String> others);
}
