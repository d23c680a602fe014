package dev.sallyport.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.event.EventRecord;

/** Events that say something else than they should. */
public final class Events {

    private Events() {}

    /** The event with another value. */
    public static EventRecord with(EventRecord event, String body) {
        return new EventRecord(
                event.id(),
                event.type(),
                event.time(),
                event.topic(),
                event.key(),
                event.attributes(),
                body.getBytes(UTF_8));
    }
}
