package dev.sallyport.enrollment;

import dev.sallyport.FactorType;
import dev.sallyport.Ids;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.AccountId;
import dev.sallyport.account.UserStore;
import dev.sallyport.account.Username;
import dev.sallyport.account.UsernameOutcome;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Reason;
import dev.sallyport.password.Password;
import dev.sallyport.password.PasswordHasher;
import dev.sallyport.password.PasswordRefusal;
import dev.sallyport.password.PasswordRules;
import dev.sallyport.session.Session.Proof;
import dev.sallyport.session.SessionDesk;
import dev.sallyport.session.SessionDesk.Entry;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.RateLimiter.Allowance;
import dev.sallyport.throttle.RateLimiter.Use;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Becoming a member. */
public final class SignUpFlow {

    /** How often one network is told that a name is taken; then it is told nothing more. */
    static final Allowance TAKEN_TOLD = new Allowance("name-taken", 10, Duration.ofHours(1));

    /** What became of a sign-up. */
    public sealed interface Outcome {}

    /** A new account, signed in. */
    public record Created(Entry entry) implements Outcome {}

    /** What was typed can't be; a sentence for each box that has a problem. */
    public record Unfit(Optional<String> name, Optional<String> password, Optional<String> repeat) implements Outcome {}

    /** Somebody has that name. */
    public record Taken() implements Outcome {}

    /** This network was told of taken names too often; it is told nothing for an hour, whatever the name. */
    public record TooMany() implements Outcome {}

    private final UserStore users;
    private final PasswordRules rules;
    private final PasswordHasher hasher;
    private final RateLimiter limiter;
    private final SessionDesk desk;
    private final AuditEvents events;
    private final Ids ids;

    public SignUpFlow(
            UserStore users,
            PasswordRules rules,
            PasswordHasher hasher,
            RateLimiter limiter,
            SessionDesk desk,
            AuditEvents events,
            Ids ids) {
        this.users = users;
        this.rules = rules;
        this.hasher = hasher;
        this.limiter = limiter;
        this.desk = desk;
        this.events = events;
        this.ids = ids;
    }

    /**
     * Judges what was typed, then this network's limit, and only then hashes and looks whether the name is free.
     *
     * @throws dev.sallyport.ExpectedFailure if there is no room for a hash, or the store does not answer
     */
    public Outcome signUp(String typedName, String typedPassword, String typedAgain, Visitor visitor) {
        hasher.requireRoom();
        Password password = Password.typed(typedPassword);
        UsernameOutcome name = Username.parse(typedName);
        Optional<String> nameProblem = name instanceof UsernameOutcome.Refused refused
                ? Optional.of(refused.problem().sentence())
                : Optional.empty();
        Optional<String> passwordProblem = rules.check(password, typedName).map(PasswordRefusal::sentence);
        Optional<String> repeatProblem = typedPassword.equals(typedAgain)
                ? Optional.empty()
                : Optional.of("The two passwords are not the same. Type both again.");
        if (!(name instanceof UsernameOutcome.Accepted accepted)
                || passwordProblem.isPresent()
                || repeatProblem.isPresent()) {
            return new Unfit(nameProblem, passwordProblem, repeatProblem);
        }
        if (!limiter.canSpend(TAKEN_TOLD, visitor.network())) {
            return new TooMany();
        }
        String hash = hasher.hash(password);
        Subject subject = new Subject(ids.next(), accepted.username().shown());
        AuditEvent created = events.about(subject, AuditType.ACCOUNT_CREATED, visitor);
        Account account = Account.create(new AccountId(subject.accountId()), accepted.username(), hash, created.time());
        return users.create(account, List.of(created)) ? signIn(account, visitor) : taken(account, visitor);
    }

    private Outcome signIn(Account account, Visitor visitor) {
        List<Proof> proofs = List.of(desk.proof(FactorType.PASSWORD));
        return new Created(desk.open(account.subject(), proofs, visitor, List.of()));
    }

    private Outcome taken(Account account, Visitor visitor) {
        AuditEvent refused = users.find(account.username().folded())
                .map(owner -> events.about(owner.subject(), AuditType.SIGN_UP_REFUSED, visitor))
                .orElseGet(() -> events.about(account.subject(), AuditType.SIGN_UP_REFUSED, visitor))
                .with(Reason.NAME_TAKEN);
        Use told = new Use(refused.id(), TAKEN_TOLD.name());
        return limiter.spend(TAKEN_TOLD, visitor.network(), told, List.of(refused)) ? new Taken() : new TooMany();
    }
}
