package dev.sallyport.web;

import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * Where the handlers of a request may wait: a Vert.x context on virtual threads, beside the event loop that reads
 * requests and writes answers. In one room one handler runs at a time, and another goes on whenever it waits.
 */
final class WaitingRoom {

    private static final String KEY = "sallyport.waiting-room";

    private final Context room;

    /** @param room on virtual threads */
    WaitingRoom(Context room) {
        this.room = room;
    }

    /** Shows a request its room; it goes there when its route says so. */
    void show(RoutingContext context) {
        context.put(KEY, room);
        context.next();
    }

    /** Goes on in the room. The request's body must have been read: nobody holds it back meanwhile. */
    static void enter(RoutingContext context) {
        Context room = Objects.requireNonNull(context.get(KEY));
        room.runOnContext(ignored -> context.next());
    }
}
