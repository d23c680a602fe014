package dev.sallyport.dispatch.webhook.fake;

import java.util.Map;

/** How the fake treats a request other than by doing what it asks. */
public sealed interface Fault {

    /** An answer of this kind; a text is not taken. */
    record Answer(int status, Map<String, String> headers, String body) implements Fault {}

    /** The answer begins and never ends. */
    record Stall() implements Fault {}

    /** The connection is reset instead of an answer. */
    record Reset() implements Fault {}

    /** No answer until the fake stops. */
    record Hang() implements Fault {}

    static Fault json(int status, String body) {
        return new Answer(status, Map.of("Content-Type", "application/json"), body.replace('\'', '"'));
    }

    static Fault html(int status) {
        return new Answer(status, Map.of("Content-Type", "text/html"), "<html><h1>" + status + "</h1></html>");
    }
}
