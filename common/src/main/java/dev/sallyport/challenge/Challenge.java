package dev.sallyport.challenge;

import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.news.NewestMessage;
import dev.sallyport.sms.news.News;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One request to prove a factor.
 *
 * @param id names it in events; no secret
 * @param session the handle of the session that asks; empty at a sign-in, which has none yet
 * @param tries how many codes were tried, right or wrong; never goes back, whatever is sent again
 * @param passwordAt when the password was accepted that made this possible
 * @param text the code that was sent as a text message, if one was
 * @param newPhone the phone that is being bound
 */
public record Challenge(
        String id,
        Purpose purpose,
        AccountId account,
        String userName,
        Optional<String> session,
        int tries,
        Instant passwordAt,
        Instant expiresAt,
        Optional<Text> text,
        Optional<NewPhone> newPhone) {

    /** How many codes may be tried, right or wrong, before the challenge is over. */
    public static final int MAX_TRIES = 5;

    /** How long the person has in all; each code in it lives {@link TextCodes#CODE_LIFE}. */
    public static final Duration LIFE = Duration.ofMinutes(15);

    public enum Purpose {
        SIGN_IN("sign-in"),
        BIND_PHONE("bind-phone");

        private final String id;

        Purpose(String id) {
            this.id = id;
        }

        /** The word in events. */
        public String id() {
            return id;
        }
    }

    /**
     * A code on its way.
     *
     * @param mac HMAC of challenge id and code; the code itself is nowhere
     * @param sealed the number and the code, readable by the dispatcher only; sent again as it is
     * @param phoneKey HMAC of the number, the record key in Kafka
     * @param masked the number as the person may see it
     * @param expiresAt when the code dies
     * @param sends how many messages were sent in this challenge, of this code and of older ones; 0 where none could be
     * @param lastSentAt when the newest of them was sent
     * @param messageId the message that was asked for last
     * @param news what became of that one, as far as it is known
     */
    public record Text(
            byte[] mac,
            byte[] sealed,
            String phoneKey,
            String masked,
            Instant expiresAt,
            int sends,
            Instant lastSentAt,
            String messageId,
            Optional<News> news) {

        /**
         * The same code, where the newest message could not be ordered: that one does not count. The code stays, since
         * the order may have arrived all the same.
         */
        Text notSent(Optional<Text> before) {
            return before.map(sent -> withoutLast(sent.lastSentAt(), sent.messageId(), sent.news()))
                    .orElseGet(() -> withoutLast(lastSentAt, messageId, news));
        }

        /** The same code, where a limit did not let the newest message go: that one does not count. */
        Text suppressed(Optional<Text> before) {
            Instant last = before.map(Text::lastSentAt).orElse(lastSentAt);
            return withoutLast(last, messageId, Optional.of(News.SUPPRESSED));
        }

        private Text withoutLast(Instant last, String message, Optional<News> known) {
            return new Text(mac, sealed, phoneKey, masked, expiresAt, sends - 1, last, message, known);
        }

        /** The same code, sent once more. */
        Text sentAgain(Instant now, String message) {
            return new Text(mac, sealed, phoneKey, masked, expiresAt, sends + 1, now, message, Optional.empty());
        }

        /** The message that was asked for last; empty if none could be and nothing is known of it. */
        public Optional<NewestMessage> newest() {
            return sends > 0 || news.isPresent()
                    ? Optional.of(new NewestMessage(messageId, lastSentAt, news))
                    : Optional.empty();
        }
    }

    /** A phone that is not yet proven. */
    public record NewPhone(PhoneNumber number, String region) {}

    public Subject subject() {
        return new Subject(account.value(), userName);
    }

    /** True if a message was sent. */
    public boolean hasSent() {
        return text.filter(sent -> sent.sends() > 0).isPresent();
    }

    public int triesLeft() {
        return Math.max(0, MAX_TRIES - tries);
    }
}
