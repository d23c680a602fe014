package dev.sallyport.login;

import dev.sallyport.FactorType;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.UserStore;
import dev.sallyport.account.Username;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.Reason;
import dev.sallyport.crypto.Lookup;
import dev.sallyport.password.HashingOverloaded;
import dev.sallyport.password.Password;
import dev.sallyport.password.PasswordHasher;
import dev.sallyport.password.StoredHash;
import dev.sallyport.password.Verification;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.RateLimiter.Admitted;
import dev.sallyport.throttle.RateLimiter.Attempt;
import dev.sallyport.throttle.RateLimiter.Delayed;
import dev.sallyport.throttle.RateLimiter.Door;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks a password against the account of a name, in the same steps and the same time whether or not there is one. An
 * outdated hash is replaced by a current one as soon as the password proves right.
 */
public final class PasswordCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordCheck.class);

    /** What a password check found. */
    public sealed interface Result {}

    public record Right(Account account) implements Result {}

    /** Wrong password or unknown name; the answer is held back until the floor has passed, so that time tells nothing. */
    public record Wrong(Duration floor) implements Result {}

    /** Too many failures: not before this time has passed, right or wrong. */
    public record TooMany(Duration remaining) implements Result {}

    private final UserStore users;
    private final PasswordHasher hasher;
    private final RateLimiter limiter;
    private final RefusalFloor floor;
    private final AuditEvents events;
    private final Lookup lookup;

    public PasswordCheck(
            UserStore users,
            PasswordHasher hasher,
            RateLimiter limiter,
            RefusalFloor floor,
            AuditEvents events,
            Lookup lookup) {
        this.users = users;
        this.hasher = hasher;
        this.limiter = limiter;
        this.floor = floor;
        this.events = events;
        this.lookup = lookup;
    }

    /**
     * Checks a password.
     *
     * @param purpose the word in events: {@code sign-in} or {@code confirm}
     * @param session the handle of the session that asks, if one does
     */
    public Result check(
            String typedName, Password password, Visitor visitor, String purpose, Optional<String> session) {
        hasher.requireRoom();
        Optional<String> name = Username.lookup(typedName);
        String folded = name.orElse("");
        String nameHash = lookup.of("user-name", folded);
        Optional<Account> account = name.flatMap(users::find);
        BiFunction<AuditType, Reason, AuditEvent> event = (type, reason) -> {
            AuditEvent refused = account.map(known -> events.about(known.subject(), type, visitor))
                    .orElseGet(() -> events.aboutNobody(nameHash, type, visitor))
                    .with(FactorType.PASSWORD)
                    .with(Fact.PURPOSE, purpose)
                    .with(reason);
            return session.map(handle -> refused.with(Fact.SESSION, handle)).orElse(refused);
        };
        Attempt attempt = new Attempt(Door.PASSWORD, folded, visitor.network());
        return switch (limiter.admit(attempt, () -> event.apply(AuditType.THROTTLED, Reason.TOO_MANY_FAILURES))) {
            case Delayed delayed -> new TooMany(delayed.remaining());
            case Admitted admitted -> {
                Verification verification = verify(account, password, admitted);
                Duration hold = floor.remaining(verification.took());
                account.filter(known -> StoredHash.parse(known.passwordHash()).isEmpty())
                        .ifPresent(known -> LOG.error(
                                "The stored password hash of account {} can't be read; restore it from a backup",
                                known.id()));
                if (account.isEmpty() || !verification.matches()) {
                    Reason reason = account.isPresent() ? Reason.WRONG_PASSWORD : Reason.UNKNOWN_NAME;
                    limiter.failed(admitted, List.of(event.apply(AuditType.PASSWORD_REFUSED, reason)));
                    yield new Wrong(hold);
                }
                limiter.succeeded(admitted);
                yield new Right(verification.outdated() ? upgraded(account.get(), password, visitor) : account.get());
            }
        };
    }

    private Verification verify(Optional<Account> account, Password password, Admitted admitted) {
        try {
            return account.map(known -> hasher.verify(password, known.passwordHash()))
                    .orElseGet(() -> hasher.verifyNobody(password));
        } catch (HashingOverloaded e) {
            limiter.withdrawn(admitted);
            throw e;
        }
    }

    /** Where there is no room for another hash just now, the next sign-in replaces the old one. */
    private Account upgraded(Account account, Password password, Visitor visitor) {
        String current;
        try {
            current = hasher.hash(password);
        } catch (HashingOverloaded e) {
            return account;
        }
        AuditEvent event = events.about(account.subject(), AuditType.PASSWORD_UPGRADED, visitor);
        return users.update(
                        account.id(),
                        stored -> Optional.of(stored)
                                .filter(same -> same.passwordHash().equals(account.passwordHash()))
                                .map(same -> same.withPasswordHash(current)),
                        List.of(event))
                .orElse(account);
    }
}
