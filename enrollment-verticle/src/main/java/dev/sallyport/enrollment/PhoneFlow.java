package dev.sallyport.enrollment;

import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.Challenge.NewPhone;
import dev.sallyport.challenge.Challenge.Purpose;
import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.phone.PhoneOutcome;
import dev.sallyport.phone.PhoneRules;
import dev.sallyport.session.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sends a code to a number that is to be bound; {@link PhoneProof} binds it when the code comes back. */
public final class PhoneFlow {

    /** What became of the wish to bind a number. */
    public sealed interface BeginOutcome {}

    /** A code is on its way; the browser gets the token to come back with. */
    public record CodeSent(OpaqueToken token) implements BeginOutcome {}

    /** The number can't be used; the sentence says why, and what to do. */
    public record Unfit(String sentence) implements BeginOutcome {}

    /**
     * The message could not be ordered; asking for another is right. The browser gets the token for that: an order that
     * has arrived all the same gives way to a newer one of its challenge, and to no other.
     */
    public record NotSent(OpaqueToken token) implements BeginOutcome {}

    /** Too many messages went unanswered; nothing was sent. */
    public record TooMany() implements BeginOutcome {}

    /** What a person who waits for the code can do. */
    public record Waiting(Challenge challenge, Optional<Duration> nextText) {}

    private final ChallengeStore challenges;
    private final TextCodes texts;
    private final PhoneRules rules;
    private final AuditEvents events;
    private final Clock clock;
    private final Ids ids;

    public PhoneFlow(
            ChallengeStore challenges, TextCodes texts, PhoneRules rules, AuditEvents events, Clock clock, Ids ids) {
        this.challenges = challenges;
        this.texts = texts;
        this.rules = rules;
        this.events = events;
        this.clock = clock;
        this.ids = ids;
    }

    /** Sends a code to a new number. By asking for it the person agrees to receive such messages. */
    public BeginOutcome begin(Session session, String typedNumber, Visitor visitor) {
        return switch (rules.parse(typedNumber)) {
            case PhoneOutcome.Refused refused -> new Unfit(refused.problem().sentence());
            case PhoneOutcome.Accepted accepted -> sendCode(session, accepted.number(), accepted.region(), visitor);
        };
    }

    private BeginOutcome sendCode(Session session, PhoneNumber number, String region, Visitor visitor) {
        Instant now = clock.instant();
        Challenge challenge = texts.withCode(
                new Challenge(
                        ids.next(),
                        Purpose.BIND_PHONE,
                        session.account(),
                        session.userName(),
                        Optional.of(session.handle()),
                        0,
                        session.passwordAt(),
                        now.plus(Challenge.LIFE),
                        Optional.empty(),
                        Optional.of(new NewPhone(number, region))),
                number);
        AuditEvent consented = events.about(session.subject(), AuditType.SMS_CONSENTED, visitor)
                .with(Fact.PHONE, number.masked())
                .with(Fact.REGION, region)
                .with(Fact.CHALLENGE, challenge.id())
                .with(Fact.SESSION, session.handle());
        OpaqueToken token = ids.token();
        challenges.create(challenge, token, List.of(consented));
        return switch (texts.order(challenge, number, Optional.empty(), visitor)) {
            case TextCodes.Sent sent -> new CodeSent(token);
            case TextCodes.TooMany tooMany -> new TooMany();
            case TextCodes.NotSent failed -> new NotSent(token);
        };
    }

    /** The binding that this session waits for; empty if there is none any more. Changes nothing. */
    public Optional<Waiting> waiting(Session session, OpaqueToken token) {
        return challenges
                .find(token)
                .filter(challenge -> isBinding(challenge, session) && challenge.triesLeft() > 0)
                .filter(challenge -> challenge.text().isPresent())
                .map(challenge -> new Waiting(challenge, texts.waitForNext(challenge)));
    }

    /** Another text message; empty if nothing is being bound any more. */
    public Optional<TextCodes.Outcome> resend(Session session, OpaqueToken token, Visitor visitor) {
        return waiting(session, token)
                .map(Waiting::challenge)
                .map(challenge -> texts.request(
                        challenge, challenge.newPhone().orElseThrow().number(), visitor));
    }

    static boolean isBinding(Challenge challenge, Session session) {
        return challenge.purpose() == Purpose.BIND_PHONE && challenge.session().equals(Optional.of(session.handle()));
    }
}
