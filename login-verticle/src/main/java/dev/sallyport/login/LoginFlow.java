package dev.sallyport.login;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.login.SignInChallenges.SecondDoor;
import dev.sallyport.password.Password;
import dev.sallyport.session.Session;
import dev.sallyport.session.Session.Proof;
import dev.sallyport.session.SessionDesk;
import dev.sallyport.session.SessionDesk.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The way in: password, then the second factor where one is bound. Between the doors there is a challenge and no
 * session. {@link #next} alone decides which door is next.
 */
public final class LoginFlow {

    /** What became of the first door. */
    public sealed interface PasswordOutcome {}

    /** What became of the second door. */
    public sealed interface CodeOutcome {}

    /** What became of a password typed again. */
    public sealed interface ConfirmOutcome {}

    /** In: the browser gets a session, or its session a new token. */
    public record SignedIn(Entry entry) implements PasswordOutcome, CodeOutcome, ConfirmOutcome {}

    /** The first door is open, the second is not; the browser gets the token to come back with. */
    public record SecondFactorNeeded(OpaqueToken token) implements PasswordOutcome {}

    /** Wrong name or password; the answer is to be held back until the floor has passed. */
    public record Refused(Duration floor) implements PasswordOutcome, ConfirmOutcome {}

    /** Wrong code. */
    public record WrongCode(SecondFactorCheck.Problem problem, int triesLeft) implements CodeOutcome {}

    /** Not before this time has passed. */
    public record Throttled(Duration remaining) implements PasswordOutcome, CodeOutcome, ConfirmOutcome {}

    /** The step can't go on; the person starts again at the first door. */
    public record StartAgain() implements CodeOutcome, ConfirmOutcome {}

    private static final String SIGN_IN = Challenge.Purpose.SIGN_IN.id();
    private static final String CONFIRM = "confirm";

    private final PasswordCheck passwords;
    private final SecondFactorCheck secondFactors;
    private final SignInChallenges challenges;
    private final SessionDesk desk;
    private final AuditEvents events;

    public LoginFlow(
            PasswordCheck passwords,
            SecondFactorCheck secondFactors,
            SignInChallenges challenges,
            SessionDesk desk,
            AuditEvents events) {
        this.passwords = passwords;
        this.secondFactors = secondFactors;
        this.challenges = challenges;
        this.desk = desk;
        this.events = events;
    }

    /** The first door. */
    public PasswordOutcome password(String typedName, Password password, Visitor visitor) {
        return switch (passwords.check(typedName, password, visitor, SIGN_IN, Optional.empty())) {
            case PasswordCheck.Right right -> next(right.account(), visitor);
            case PasswordCheck.Wrong wrong -> new Refused(wrong.floor());
            case PasswordCheck.TooMany tooMany -> new Throttled(tooMany.remaining());
        };
    }

    /** Which door is next for someone whose password was right: none, or the second with a challenge. */
    private PasswordOutcome next(Account account, Visitor visitor) {
        AuditEvent accepted = accepted(account, SIGN_IN, visitor).withAal(0, 1);
        if (account.hasSecondFactor()) {
            return new SecondFactorNeeded(challenges.start(account, accepted, visitor));
        }
        return new SignedIn(
                desk.open(account.subject(), List.of(desk.proof(FactorType.PASSWORD)), visitor, List.of(accepted)));
    }

    /** What the second door shows; empty if there is no such challenge any more. Changes nothing. */
    public Optional<SecondDoor> secondDoor(OpaqueToken token) {
        return challenges.find(token);
    }

    /** The second door. */
    public CodeOutcome secondFactor(OpaqueToken token, String typedCode, Visitor visitor) {
        return switch (secondFactors.check(token, typedCode, visitor)) {
            case SecondFactorCheck.Passed passed -> {
                Challenge challenge = passed.challenge();
                Proof password = new Proof(FactorType.PASSWORD, challenge.passwordAt());
                List<Proof> proofs = List.of(password, desk.proof(passed.factor()));
                yield new SignedIn(desk.open(challenge.subject(), proofs, visitor, List.of()));
            }
            case SecondFactorCheck.Wrong wrong -> new WrongCode(wrong.problem(), wrong.triesLeft());
            case SecondFactorCheck.TooMany tooMany -> new Throttled(tooMany.remaining());
            case SecondFactorCheck.Over over -> new StartAgain();
        };
    }

    /** Another text message, or the first; empty if there is no such challenge or no phone that takes codes. */
    public Optional<TextCodes.Outcome> resend(OpaqueToken token, Visitor visitor) {
        return challenges.resend(token, visitor);
    }

    /**
     * The password typed again in a session, before something serious.
     *
     * @return {@link SignedIn} with the session's new token, {@link Refused}, {@link Throttled}, or
     *     {@link StartAgain} if the session has ended meanwhile
     */
    public ConfirmOutcome confirmPassword(Session session, Password password, Visitor visitor) {
        return switch (passwords.check(session.userName(), password, visitor, CONFIRM, Optional.of(session.handle()))) {
            case PasswordCheck.Right right -> {
                AuditEvent accepted = accepted(right.account(), CONFIRM, visitor)
                        .with(Fact.SESSION, session.handle())
                        .withAal(session.aal(), session.aal());
                Optional<Entry> entry = desk.prove(session, FactorType.PASSWORD, List.of(accepted));
                yield entry.isPresent() ? new SignedIn(entry.get()) : new StartAgain();
            }
            case PasswordCheck.Wrong wrong -> new Refused(wrong.floor());
            case PasswordCheck.TooMany tooMany -> new Throttled(tooMany.remaining());
        };
    }

    public void signOut(Session session, Visitor visitor) {
        desk.close(session, visitor);
    }

    private AuditEvent accepted(Account account, String purpose, Visitor visitor) {
        return events.about(account.subject(), AuditType.PASSWORD_ACCEPTED, visitor)
                .with(FactorType.PASSWORD)
                .with(Fact.PURPOSE, purpose);
    }
}
