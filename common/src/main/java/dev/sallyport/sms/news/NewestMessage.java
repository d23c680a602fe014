package dev.sallyport.sms.news;

import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The message that a challenge asked for last, and what is known of it. Outcomes may be told late, twice and in any
 * order: one that tells nothing new changes nothing.
 *
 * @param id its message id; ids sort by the time at which they were made
 */
public record NewestMessage(String id, Instant orderedAt, Optional<News> news) {

    /** A message that nobody has taken for this long is late. */
    public static final Duration DELAYED_AFTER = Duration.ofSeconds(15);

    /** What is unknown after this long stays so: nothing is sent any more. */
    public static final Duration UNCERTAIN_AFTER = Duration.ofSeconds(60);

    /** What is known once an outcome of this challenge is told. */
    public NewestMessage after(Outcome outcome) {
        Instant since = outcome.messageId().equals(id) ? orderedAt : outcome.at();
        return after(new NewestMessage(outcome.messageId(), since, Optional.of(News.of(outcome))));
    }

    /** What is known once the same challenge was looked at elsewhere, which may be a look at its past. */
    public NewestMessage after(NewestMessage other) {
        int order = other.id.compareTo(id);
        boolean tellsMore = order > 0 || (order == 0 && other.isAfter(this));
        return tellsMore ? other : this;
    }

    private boolean isAfter(NewestMessage before) {
        return news.isPresent()
                && before.news
                        .map(known -> news.get().status().isAfter(known.status()))
                        .orElse(true);
    }

    /** What that means now. */
    public MessageState state(Instant now) {
        return news.map(known -> switch (known.status()) {
                    case ACCEPTED, SENT -> MessageState.ON_ITS_WAY;
                    case UNKNOWN -> unknown(now);
                    case DELIVERED -> MessageState.DELIVERED;
                    case UNDELIVERED, FAILED ->
                        known.failure().map(NewestMessage::because).orElse(MessageState.FAILED);
                    case EXPIRED, SUPERSEDED -> MessageState.FAILED;
                    case SUPPRESSED -> MessageState.TOO_MANY;
                })
                .orElseGet(() -> unknown(now));
    }

    private MessageState unknown(Instant now) {
        if (now.isBefore(orderedAt.plus(DELAYED_AFTER))) {
            return MessageState.ON_ITS_WAY;
        }
        return now.isBefore(orderedAt.plus(UNCERTAIN_AFTER)) ? MessageState.DELAYED : MessageState.UNCERTAIN;
    }

    /** How long until it means something else, if nothing is told meanwhile; empty if never. */
    public Optional<Duration> untilChange(Instant now) {
        boolean open = news.map(known -> known.status() == Status.UNKNOWN).orElse(true);
        return Stream.of(DELAYED_AFTER, UNCERTAIN_AFTER)
                .map(age -> Duration.between(now, orderedAt.plus(age)))
                .filter(wait -> open && wait.isPositive())
                .findFirst();
    }

    private static MessageState because(FailureClass failure) {
        return switch (failure) {
            case NUMBER -> MessageState.NO_TEXTS;
            case CONSENT -> MessageState.STOPPED;
            case NOT_DELIVERED -> MessageState.NOT_REACHED;
            case NO_CONNECTION,
                    THROTTLED,
                    CONFIGURATION,
                    CONTENT,
                    FRAUD,
                    SATURATED,
                    UNCLASSIFIED,
                    TIMEOUT,
                    CONNECTION_LOST,
                    SERVER_ERROR,
                    UNREADABLE_ANSWER -> MessageState.FAILED;
        };
    }
}
