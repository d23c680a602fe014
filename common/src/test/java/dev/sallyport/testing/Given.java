package dev.sallyport.testing;

import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.AccountId;
import dev.sallyport.account.Username;
import dev.sallyport.account.UsernameOutcome;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.totp.TotpSecret;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** People and what happens to them; everyone is new. */
public final class Given {

    public static final Visitor VISITOR = new Visitor("203.0.113.9", "a browser", "a trace");

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Clock clock;
    private final Ids ids;
    private final AuditEvents events;

    public Given(Clock clock) {
        this.clock = clock;
        this.ids = new Ids(clock, RANDOM);
        this.events = new AuditEvents(clock, ids);
    }

    public String id() {
        return ids.next();
    }

    public OpaqueToken token() {
        return ids.token();
    }

    public Username name() {
        if (Username.parse("Person-" + ids.next()) instanceof UsernameOutcome.Accepted accepted) {
            return accepted.username();
        }
        throw new IllegalStateException("an id makes a name");
    }

    /** With a password only. */
    public Account account() {
        return Account.create(new AccountId(ids.next()), name(), "a hash", clock.instant());
    }

    /** With an app and a phone. */
    public Account wellProtected() {
        return account().withApp(Optional.of(app())).withPhone(Optional.of(phone()));
    }

    public Account.App app() {
        return new Account.App(TotpSecret.random(RANDOM), 0, 0, clock.instant());
    }

    public Account.Phone phone() {
        return new Account.Phone(new PhoneNumber("+14155552671"), "US", 0, clock.instant());
    }

    public AuditEvent event(Account account, AuditType type) {
        return events.about(account.subject(), type, VISITOR);
    }

    public AuditEvent event(AuditEvent.Subject subject, AuditType type) {
        return events.about(subject, type, VISITOR);
    }
}
