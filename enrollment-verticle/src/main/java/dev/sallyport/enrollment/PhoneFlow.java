package dev.sallyport.enrollment;

import dev.sallyport.FactorType;
import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account.Phone;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.Challenge.NewPhone;
import dev.sallyport.challenge.Challenge.Purpose;
import dev.sallyport.challenge.Challenge.Text;
import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.CodeFactory;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.code.SixDigits;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.phone.PhoneOutcome;
import dev.sallyport.phone.PhoneRules;
import dev.sallyport.session.Session;
import dev.sallyport.session.Session.Proof;
import dev.sallyport.session.SessionDesk;
import dev.sallyport.session.SessionDesk.Entry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Binds phones. A code goes to the new number; when it comes back the number is bound, and until then an old one stays
 * in force.
 */
public final class PhoneFlow {

    /** What became of the wish to bind a number. */
    public sealed interface BeginOutcome {}

    /** What became of a code. */
    public sealed interface ProofOutcome {}

    /** A code is on its way; the browser gets the token to come back with. */
    public record CodeSent(OpaqueToken token) implements BeginOutcome {}

    /** The number can't be used; the sentence says why, and what to do. */
    public record Unfit(String sentence) implements BeginOutcome {}

    /** The message could not be ordered; trying again is right. */
    public record NotSent() implements BeginOutcome {}

    /** Bound; the browser gets the session's new token. */
    public record Bound(Entry entry) implements ProofOutcome {}

    /** Not the code; {@code expired} if it was, too late. */
    public record WrongCode(boolean expired, int triesLeft) implements ProofOutcome {}

    /** Nothing is being bound in this session any more: begin again. */
    public record NotPending() implements ProofOutcome {}

    /** What a person who waits for the code can do. */
    public record Waiting(Challenge challenge, Optional<Duration> nextText) {}

    private final UserStore users;
    private final ChallengeStore challenges;
    private final TextCodes texts;
    private final CodeFactory codes;
    private final PhoneRules rules;
    private final SessionDesk desk;
    private final AuditEvents events;
    private final Clock clock;
    private final Ids ids;

    public PhoneFlow(
            UserStore users,
            ChallengeStore challenges,
            TextCodes texts,
            CodeFactory codes,
            PhoneRules rules,
            SessionDesk desk,
            AuditEvents events,
            Clock clock,
            Ids ids) {
        this.users = users;
        this.challenges = challenges;
        this.texts = texts;
        this.codes = codes;
        this.rules = rules;
        this.desk = desk;
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
        return texts.order(challenge, Optional.empty(), visitor) instanceof TextCodes.Sent
                ? new CodeSent(token)
                : new NotSent();
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

    /** Binds the number whose code came back. */
    public ProofOutcome prove(Session session, OpaqueToken token, String typedCode, Visitor visitor) {
        Optional<Challenge> open = challenges.find(token).filter(challenge -> isBinding(challenge, session));
        if (open.isEmpty()) {
            return new NotPending();
        }
        Optional<SixDigits> code = SixDigits.typed(typedCode);
        if (code.isEmpty()) {
            return new WrongCode(false, open.get().triesLeft());
        }
        Optional<Challenge> taken = challenges.takeTry(token);
        if (taken.isEmpty() || taken.get().text().isEmpty()) {
            return new NotPending();
        }
        Challenge challenge = taken.get();
        Text text = challenge.text().orElseThrow();
        PhoneNumber number = challenge.newPhone().orElseThrow().number();
        boolean right = codes.matches(challenge.id(), text, number, code.get());
        boolean alive = clock.instant().isBefore(text.expiresAt());
        return right && alive ? bind(session, challenge, visitor) : refuse(challenge, right, visitor);
    }

    private ProofOutcome refuse(Challenge challenge, boolean expired, Visitor visitor) {
        AuditEvent refused = events.about(challenge.subject(), AuditType.FACTOR_REFUSED, visitor)
                .with(Fact.FACTOR, FactorType.PHONE.id())
                .with(Fact.REASON, expired ? "code-expired" : "wrong-code")
                .with(Fact.CHALLENGE, challenge.id());
        challenges.note(challenge.id(), List.of(refused));
        return challenge.triesLeft() > 0 ? new WrongCode(expired, challenge.triesLeft()) : new NotPending();
    }

    private ProofOutcome bind(Session session, Challenge challenge, Visitor visitor) {
        if (!challenges.pass(challenge.id(), List.of())) {
            return new NotPending();
        }
        NewPhone proven = challenge.newPhone().orElseThrow();
        Phone phone = new Phone(proven.number(), proven.region(), 0, clock.instant());
        AuditEvent bound = events.about(session.subject(), AuditType.FACTOR_BOUND, visitor)
                .with(Fact.FACTOR, FactorType.PHONE.id())
                .with(Fact.PHONE, proven.number().masked())
                .with(Fact.REGION, proven.region())
                .with(Fact.CHALLENGE, challenge.id())
                .with(Fact.SESSION, session.handle())
                .with(Fact.AAL_BEFORE, session.aal())
                .with(Fact.AAL_AFTER, 2);
        users.update(session.account(), account -> Optional.of(account.withPhone(Optional.of(phone))), List.of(bound));
        Proof proof = new Proof(FactorType.PHONE, clock.instant());
        return desk.prove(session, proof, List.of())
                .<ProofOutcome>map(Bound::new)
                .orElseGet(NotPending::new);
    }

    private static boolean isBinding(Challenge challenge, Session session) {
        return challenge.purpose() == Purpose.BIND_PHONE && challenge.session().equals(Optional.of(session.handle()));
    }
}
