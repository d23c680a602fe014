package dev.sallyport.dispatch;

/**
 * A way to put a text on a phone.
 *
 * <p>Implementations are safe for use by many threads at once and keep no order between messages. They never repeat a
 * message and never recognise one: a message that is sent twice arrives twice. Whoever calls decides what to try again.
 */
public interface SmsProvider {

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
}
