package dev.sallyport.enrollment;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.Account.Phone;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.Reason;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.Challenge.NewPhone;
import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.code.SixDigits;
import dev.sallyport.session.Session;
import dev.sallyport.session.SessionDesk;
import dev.sallyport.session.SessionDesk.Entry;
import java.util.List;
import java.util.Optional;

/** Binds the phone whose code came back; until then an old number stays in force. */
public final class PhoneProof {

    /** What became of a code. */
    public sealed interface Outcome {}

    /** Bound; the browser gets the session's new token. */
    public record Bound(Entry entry) implements Outcome {}

    /** Not the code; {@code expired} if it was, too late. */
    public record WrongCode(boolean expired, int triesLeft) implements Outcome {}

    /** Nothing is being bound in this session any more: begin again. */
    public record NotPending() implements Outcome {}

    private final UserStore users;
    private final ChallengeStore challenges;
    private final TextCodes texts;
    private final SessionDesk desk;
    private final AuditEvents events;

    public PhoneProof(
            UserStore users, ChallengeStore challenges, TextCodes texts, SessionDesk desk, AuditEvents events) {
        this.users = users;
        this.challenges = challenges;
        this.texts = texts;
        this.desk = desk;
        this.events = events;
    }

    /** Takes one try, and binds the number if the code is the one that it was sent. */
    public Outcome check(Session session, OpaqueToken token, String typedCode, Visitor visitor) {
        Optional<Challenge> open = challenges.find(token).filter(challenge -> PhoneFlow.isBinding(challenge, session));
        if (open.isEmpty()) {
            return new NotPending();
        }
        Optional<SixDigits> code = SixDigits.typed(typedCode);
        if (code.isEmpty()) {
            return new WrongCode(false, open.get().triesLeft());
        }
        Optional<Challenge> taken = challenges.takeTry(token);
        if (taken.isEmpty()) {
            return new NotPending();
        }
        Challenge challenge = taken.get();
        NewPhone phone = challenge.newPhone().orElseThrow();
        return switch (texts.check(challenge, phone.number(), code.get())) {
            case RIGHT -> bind(session, challenge, phone, visitor);
            case EXPIRED -> refuse(session, challenge, true, visitor);
            case WRONG -> refuse(session, challenge, false, visitor);
        };
    }

    private Outcome refuse(Session session, Challenge challenge, boolean expired, Visitor visitor) {
        AuditEvent refused = events.about(challenge.subject(), AuditType.FACTOR_REFUSED, visitor)
                .with(FactorType.PHONE)
                .with(expired ? Reason.CODE_EXPIRED : Reason.WRONG_CODE)
                .with(Fact.CHALLENGE, challenge.id())
                .with(Fact.SESSION, session.handle());
        challenges.note(challenge.id(), List.of(refused));
        return challenge.triesLeft() > 0 ? new WrongCode(expired, challenge.triesLeft()) : new NotPending();
    }

    private Outcome bind(Session session, Challenge challenge, NewPhone proven, Visitor visitor) {
        if (!challenges.pass(challenge.id(), List.of())) {
            return new NotPending();
        }
        texts.accepted(challenge, proven.number());
        AuditEvent bound = events.about(session.subject(), AuditType.FACTOR_BOUND, visitor)
                .with(FactorType.PHONE)
                .with(Fact.PHONE, proven.number().masked())
                .with(Fact.REGION, proven.region())
                .with(Fact.CHALLENGE, challenge.id())
                .with(Fact.SESSION, session.handle())
                .withAal(session.aal(), 2);
        Phone phone = new Phone(proven.number(), proven.region(), 0, bound.time());
        Optional<Account> changed = users.update(
                session.account(),
                account -> Optional.of(account)
                        .filter(session::mayChange)
                        .map(stored -> stored.withPhone(Optional.of(phone))),
                List.of(bound));
        return changed.flatMap(account -> desk.prove(session, FactorType.PHONE, List.of()))
                .<Outcome>map(Bound::new)
                .orElseGet(NotPending::new);
    }
}
