package dev.sallyport.web;

import dev.sallyport.sms.news.MessageState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What pages say of the message that somebody waits for: what became of it, and what to do where it won't come. */
public final class NewsWords {

    /**
     * What else this person can do.
     *
     * @param anotherMessage ask for one more message on this page
     * @param app use a code of an authenticator app
     * @param anotherNumber type another number
     */
    public record Ways(boolean anotherMessage, boolean app, boolean anotherNumber) {}

    private NewsWords() {}

    /**
     * The words and their look, as the templates and the script read them.
     *
     * @param masked the number as its owner may see it
     */
    static Map<String, Object> of(MessageState state, String masked, Ways ways) {
        // A line breaks before a number and not within it.
        String number = masked.replace(' ', '\u00a0');
        return Map.of("text", text(state, number, ways), "look", look(state));
    }

    private static String text(MessageState state, String number, Ways ways) {
        return switch (state) {
            case ON_ITS_WAY -> "The message is on its way to " + number + ".";
            case DELIVERED -> "The message was delivered to " + number + ".";
            case DELAYED -> "The message is delayed. " + sentence("wait", ways);
            case UNCERTAIN -> "The message may not come any more. " + sentence("", ways);
            case NOT_REACHED -> "The phone was not reached. " + sentence("", ways);
            case NO_TEXTS -> "Texts can’t be delivered to " + number + ". " + instead(ways);
            case STOPPED -> "This phone has stopped our texts: reply START to one, " + unstopped(ways) + ".";
            case FAILED -> "The message could not be sent. " + sentence("", ways);
            case TOO_MANY -> "No more messages can be sent for now. " + later(ways);
        };
    }

    /** Such as "Wait, ask for another or use your authenticator app." */
    private static String sentence(String first, Ways ways) {
        List<String> all = Stream.of(first, again(ways), other(ways))
                .filter(way -> !way.isEmpty())
                .toList();
        int last = all.size() - 1;
        String words = last == 0 ? all.getFirst() : String.join(", ", all.subList(0, last)) + " or " + all.get(last);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
    }

    private static String again(Ways ways) {
        return ways.anotherMessage() ? "ask for another" : "start again";
    }

    private static String other(Ways ways) {
        if (ways.app()) {
            return "use your authenticator app";
        }
        return ways.anotherNumber() ? "use another number" : "";
    }

    private static String instead(Ways ways) {
        if (ways.app()) {
            return "Use your authenticator app.";
        }
        return ways.anotherNumber()
                ? "Use another number, or an authenticator app."
                : "Ask who runs this site for help.";
    }

    private static String unstopped(Ways ways) {
        String other = other(ways);
        return other.isEmpty() ? "then " + again(ways) : "or " + other;
    }

    private static String later(Ways ways) {
        if (ways.app()) {
            return "Use your authenticator app, or try again later.";
        }
        return ways.anotherNumber() ? "Try again later, or use an authenticator app." : "Try again later.";
    }

    /** A class of the style sheet. */
    private static String look(MessageState state) {
        return switch (state) {
            case ON_ITS_WAY, DELAYED -> "waiting";
            case DELIVERED -> "good";
            case UNCERTAIN, NOT_REACHED, NO_TEXTS, STOPPED, FAILED, TOO_MANY -> "bad";
        };
    }
}
