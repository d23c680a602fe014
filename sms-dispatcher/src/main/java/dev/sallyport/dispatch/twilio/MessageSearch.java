package dev.sallyport.dispatch.twilio;

import com.twilio.exception.ApiException;
import com.twilio.http.Request;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import dev.sallyport.dispatch.TextMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for a message in Twilio's list, with one GET. Twilio stores nothing of ours with a message that the list could
 * be asked for, so it is known by what it is: the number, the text, the time.
 *
 * <p>What can't be known: whether the list has everything that Twilio has accepted by the time of the question. So a
 * message that is found was accepted, and one that is not found may have been.
 */
final class MessageSearch {

    /** Twilio's dates are whole seconds, of its own clock. More than this apart, the clocks are out of step. */
    static final Duration ALLOWANCE = Duration.ofSeconds(5);

    /**
     * One page, the newest first: more than any phone is sent in an hour. The list is not narrowed by the date of
     * sending, because a message that waits in a queue has none yet.
     */
    static final long PAGE_SIZE = 50;

    /** A resource is about 1 KB; whoever answers more than this is not Twilio. */
    static final int MAX_ANSWER_BYTES = 256 * 1024;

    private MessageSearch() {}

    /**
     * The oldest message to that number with that text that was accepted no earlier than {@code begun} and is none of
     * the others.
     *
     * @throws ApiException if Twilio refuses; further types of Twilio's library where its answer can't be read
     * @throws dev.sallyport.dispatch.http.NoAnswer if none comes
     */
    static Optional<Message> find(
            TextMessage message, Instant begun, Set<String> others, TwilioRestClient.Builder client) {
        Instant earliest = begun.minus(ALLOWANCE);
        // Not read(), which fetches one page after the other for as long as there are any.
        List<Message> listed = Message.reader()
                .setTo(new PhoneNumber(message.to()))
                .setPageSize(PAGE_SIZE)
                .firstPage(new Discreet(client))
                .getRecords();
        return listed.stream()
                .filter(found -> found.getSid() != null && !others.contains(found.getSid()))
                .filter(found ->
                        message.to().equals(found.getTo()) && message.text().equals(found.getBody()))
                .filter(found -> found.getDateCreated() != null
                        && !found.getDateCreated().toInstant().isBefore(earliest))
                .min(Comparator.comparing(Message::getDateCreated));
    }

    /** Twilio's client would log the number that is asked for. */
    private static final class Discreet extends TwilioRestClient {

        private Discreet(Builder builder) {
            super(builder);
        }

        @Override
        public void logRequest(Request request) {}
    }
}
