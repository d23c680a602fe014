package dev.sallyport.challenge;

import dev.sallyport.FactorType;
import dev.sallyport.Ids;
import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.Reason;
import dev.sallyport.challenge.Challenge.Text;
import dev.sallyport.code.SixDigits;
import dev.sallyport.event.PublishFailed;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.CodeEvents;
import dev.sallyport.sms.CodeVerified;
import dev.sallyport.sms.SendCode;
import dev.sallyport.throttle.RateLimiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Sends codes as text messages: makes the code, orders the message, and says when another may be ordered. A challenge
 * gets one code while that lives, however often it is sent; asking for more messages never gives back a try.
 */
public final class TextCodes {

    /** How long a code can be used. */
    public static final Duration CODE_LIFE = Duration.ofMinutes(5);

    /** How long to wait after the first, second and third message; after the fourth there is no other. */
    private static final List<Duration> COOL_DOWNS =
            List.of(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(120));

    /** What became of the wish for a message. */
    public sealed interface Outcome {}

    /** What became of it where nothing stood in its way in this challenge. */
    public sealed interface Ordered extends Outcome {}

    /** The message is on its way. */
    public record Sent(Challenge challenge) implements Ordered {}

    /** Not before this time has passed. */
    public record TooEarly(Duration remaining) implements Outcome {}

    /** This challenge sends no more messages. */
    public record Closed() implements Outcome {}

    /** The message could not be ordered; nothing was counted, trying again is right. */
    public record NotSent() implements Ordered {}

    /** Too many messages of a day went unanswered; nothing was ordered. */
    public record TooMany() implements Ordered {}

    /** What a code that came back is. */
    public enum Check {
        RIGHT,
        /** It was the right one, too late. */
        EXPIRED,
        WRONG
    }

    private final ChallengeStore challenges;
    private final UnansweredTexts unanswered;
    private final CodeEvents dispatchers;
    private final CodeFactory codes;
    private final AuditEvents events;
    private final Clock clock;
    private final Ids ids;

    public TextCodes(
            ChallengeStore challenges,
            RateLimiter limiter,
            CodeEvents dispatchers,
            CodeFactory codes,
            AuditEvents events,
            Clock clock,
            Ids ids) {
        this.challenges = challenges;
        this.unanswered = new UnansweredTexts(limiter);
        this.dispatchers = dispatchers;
        this.codes = codes;
        this.events = events;
        this.clock = clock;
        this.ids = ids;
    }

    /** How long until another message may be ordered; zero now, empty never. */
    public Optional<Duration> waitForNext(Challenge challenge) {
        if (!challenge.hasSent()) {
            return Optional.of(Duration.ZERO);
        }
        Text text = challenge.text().orElseThrow();
        if (text.sends() > COOL_DOWNS.size()) {
            return Optional.empty();
        }
        Instant next = text.lastSentAt().plus(COOL_DOWNS.get(text.sends() - 1));
        Duration wait = Duration.between(clock.instant(), next);
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    }

    /** The challenge with a first code for a phone, to be stored before {@link #order} sends it. */
    public Challenge withCode(Challenge challenge, PhoneNumber phone) {
        return withText(challenge, codes.newText(challenge.id(), phone, 1, clock.instant(), ids.next()));
    }

    /** Orders another message, or the first one where none was sent yet. */
    public Outcome request(Challenge challenge, PhoneNumber phone, Visitor visitor) {
        Optional<Duration> wait = waitForNext(challenge);
        if (wait.isEmpty()) {
            return new Closed();
        }
        if (wait.get().isPositive()) {
            return new TooEarly(wait.get());
        }
        Instant now = clock.instant();
        String message = ids.next();
        int sends = challenge.text().map(Text::sends).orElse(0);
        Text next = challenge
                .text()
                .filter(text -> now.isBefore(text.expiresAt()))
                .map(text -> text.sentAgain(now, message))
                .orElseGet(() -> codes.newText(challenge.id(), phone, sends + 1, now, message));
        if (!challenges.replaceText(challenge.id(), challenge.text(), next)) {
            return new TooEarly(COOL_DOWNS.getFirst());
        }
        return order(withText(challenge, next), phone, challenge.text(), visitor);
    }

    /**
     * Orders the message of the stored challenge's text.
     *
     * @param before the text before this order
     * @throws dev.sallyport.StoreUnavailable if the message can't be counted; then it is not ordered
     */
    public Ordered order(Challenge challenge, PhoneNumber phone, Optional<Text> before, Visitor visitor) {
        Text text = challenge.text().orElseThrow();
        if (!unanswered.count(challenge, phone)) {
            return notSent(challenge, text.suppressed(before), Reason.TOO_MANY_MESSAGES, visitor, new TooMany());
        }
        try {
            dispatchers.order(order(challenge, text));
        } catch (PublishFailed e) {
            unanswered.notSent(challenge, phone);
            return notSent(challenge, text.notSent(before), Reason.KAFKA_UNAVAILABLE, visitor, new NotSent());
        }
        challenges.note(challenge.id(), List.of(event(challenge, AuditType.SECOND_FACTOR_SENT, visitor)));
        return new Sent(challenge);
    }

    private SendCode order(Challenge challenge, Text text) {
        Instant now = clock.instant();
        Instant worthless = now.plus(SendCode.WORTH_SENDING_FOR);
        return new SendCode(
                text.messageId(),
                challenge.id(),
                challenge.purpose().id(),
                text.phoneKey(),
                now,
                worthless.isBefore(text.expiresAt()) ? worthless : text.expiresAt(),
                text.expiresAt(),
                text.sealed());
    }

    private Ordered notSent(Challenge challenge, Text after, Reason reason, Visitor visitor, Ordered outcome) {
        challenges.replaceText(challenge.id(), challenge.text(), after);
        AuditEvent notSent = event(challenge, AuditType.SECOND_FACTOR_NOT_SENT, visitor);
        challenges.note(challenge.id(), List.of(notSent.with(reason)));
        return outcome;
    }

    /** Compares a code with the one that was sent to this phone in this challenge. Changes nothing. */
    public Check check(Challenge challenge, PhoneNumber phone, SixDigits code) {
        if (challenge.text().isEmpty()
                || !codes.matches(challenge.id(), challenge.text().get(), phone, code)) {
            return Check.WRONG;
        }
        return clock.instant().isBefore(challenge.text().get().expiresAt()) ? Check.RIGHT : Check.EXPIRED;
    }

    /** Tells that a challenge was passed with a code that was sent to this phone: its messages don't count any more. */
    public void accepted(Challenge challenge, PhoneNumber phone) {
        Text text = challenge.text().orElseThrow();
        unanswered.answered(challenge, phone);
        dispatchers.verified(new CodeVerified(text.messageId(), challenge.id(), text.phoneKey(), clock.instant()));
    }

    private AuditEvent event(Challenge challenge, AuditType type, Visitor visitor) {
        Text text = challenge.text().orElseThrow();
        AuditEvent event = events.about(challenge.subject(), type, visitor)
                .with(FactorType.PHONE)
                .with(Fact.PURPOSE, challenge.purpose().id())
                .with(Fact.CHALLENGE, challenge.id())
                .with(Fact.MESSAGE, text.messageId())
                .with(Fact.PHONE, text.masked());
        return challenge
                .session()
                .map(session -> event.with(Fact.SESSION, session))
                .orElse(event);
    }

    private static Challenge withText(Challenge challenge, Text text) {
        return new Challenge(
                challenge.id(),
                challenge.purpose(),
                challenge.account(),
                challenge.userName(),
                challenge.session(),
                challenge.tries(),
                challenge.passwordAt(),
                challenge.expiresAt(),
                Optional.of(text),
                challenge.newPhone());
    }
}
