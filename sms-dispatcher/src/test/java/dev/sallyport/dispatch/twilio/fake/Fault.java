package dev.sallyport.dispatch.twilio.fake;

import java.time.Duration;

/** How the fake treats a request that is in order, other than by accepting it. */
public sealed interface Fault {

    /** Twilio's error body. */
    record Refuse(int httpStatus, int code) implements Fault {}

    /** 429, code 20429: never processed. */
    record Throttle(Duration retryAfter) implements Fault {}

    /** An answer that is not Twilio's, as a proxy in between gives it; the message is not accepted. */
    record Answer(int httpStatus, String contentType, String body) implements Fault {}

    /** The message is accepted, the answer is 500. */
    record AcceptThenFail() implements Fault {}

    /** The message is accepted, the answer never ends. */
    record AcceptThenStall() implements Fault {}

    /** The message is accepted, the connection is reset instead of an answer. */
    record AcceptThenReset() implements Fault {}

    /** No answer until the fake stops. */
    record Hang() implements Fault {}

    /** No answer, and the message is accepted once the client has given up and closed the connection. */
    record HangThenAccept() implements Fault {}

    static Fault html503() {
        return new Answer(503, "text/html", "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>");
    }
}
