package dev.sallyport.web;

import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.TextCodes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What pages say about text messages, at sign-in and when a phone is bound. */
public final class TextWords {

    public static final String CLOSED = "No more messages can be sent here. Start again to get a new code.";
    public static final String NOT_SENT = "The message could not be sent just now. Try again in a moment.";

    public static final String TOO_MANY = "Too many messages were asked for today and their codes not used. Try again"
            + " tomorrow, or use an authenticator app.";

    private TextWords() {}

    public static String tooEarly(TextCodes.TooEarly early) {
        return "You can ask for another message in " + seconds(early.remaining()) + ".";
    }

    /** Such as "1 second" or "30 seconds". */
    public static String seconds(Duration wait) {
        long seconds = Web.seconds(wait);
        return seconds + (seconds == 1 ? " second" : " seconds");
    }

    /** The state of the button that asks for a message, as the templates read it. */
    public static Map<String, Object> resend(Challenge challenge, Optional<Duration> next) {
        Map<String, Object> resend = new HashMap<>();
        resend.put("first", !challenge.hasSent());
        resend.put("closed", next.isEmpty());
        next.ifPresent(wait -> resend.put("waitSeconds", Web.seconds(wait)));
        return resend;
    }
}
