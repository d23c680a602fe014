package dev.sallyport.web;

import dev.sallyport.ExpectedFailure;
import java.time.Duration;
import java.util.Optional;

/** A request that gets an error page. The words are for the person who reads it. */
public final class Refusal extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String heading;
    private final String text;
    private final transient Optional<Duration> retryAfter;

    public Refusal(int status, String heading, String text) {
        this(status, heading, text, Optional.empty());
    }

    /** @param retryAfter told to the client as {@code Retry-After} */
    public Refusal(int status, String heading, String text, Optional<Duration> retryAfter) {
        super(heading, null);
        this.status = status;
        this.heading = heading;
        this.text = text;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    public String heading() {
        return heading;
    }

    public String text() {
        return text;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
