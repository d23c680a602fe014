package dev.sallyport.dispatch;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * One text for one phone. Number and text are for the provider only: {@link #toString} leaves them out.
 *
 * @param messageId our own id, the same for every attempt; it may travel in URLs and logs
 * @param phoneKey the record key of the phone in Kafka; it may travel in URLs, so that news finds its owner
 * @param to the phone, E.164
 * @param text what the person reads, complete
 * @param validity how long from now the text is of use; the provider must not deliver it later, as far as it can help it
 * @param attempt 1 for the first try, counted over all providers
 */
public record TextMessage(String messageId, String phoneKey, String to, String text, Duration validity, int attempt) {

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");

    public TextMessage {
        require(!messageId.isBlank(), "A text message needs an id; give it the id of its event");
        require(!phoneKey.isBlank(), "A text message needs its phone's key; give it the key of its event");
        require(E164.matcher(to).matches(), "The phone number is not E.164; parse it before it is dispatched");
        require(!text.isBlank(), "A text message needs a text; render its template before it is dispatched");
        require(validity.isPositive(), "The text is no longer of use; report it as expired instead of sending it");
        require(attempt >= 1, "Attempts are counted from 1");
    }

    @Override
    public String toString() {
        return "TextMessage[messageId=%s, validity=%s, attempt=%d]".formatted(messageId, validity, attempt);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
