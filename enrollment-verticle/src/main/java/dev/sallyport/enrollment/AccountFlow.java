package dev.sallyport.enrollment;

import dev.sallyport.FactorType;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.session.Session;
import dev.sallyport.session.SessionDesk;
import dev.sallyport.session.SessionDesk.Entry;
import java.util.List;
import java.util.Optional;

/** The account page: what is bound, and unbinding it. */
public final class AccountFlow {

    private final UserStore users;
    private final SessionDesk desk;
    private final AuditEvents events;
    private final boolean secondFactorRequired;

    public AccountFlow(UserStore users, SessionDesk desk, AuditEvents events, boolean secondFactorRequired) {
        this.users = users;
        this.desk = desk;
        this.events = events;
        this.secondFactorRequired = secondFactorRequired;
    }

    public Optional<Account> find(Session session) {
        return users.find(session.account());
    }

    public boolean secondFactorRequired() {
        return secondFactorRequired;
    }

    /** True if the account may be without this factor: it is bound, and another one is or none is required. */
    public boolean canUnbind(Account account, FactorType factor) {
        return account.has(factor)
                && (!secondFactorRequired || without(account, factor).hasSecondFactor());
    }

    /**
     * Unbinds a factor.
     *
     * @return the session's new token; empty, and nothing has changed, if it may not be unbound
     */
    public Optional<Entry> unbind(Session session, FactorType factor, Visitor visitor) {
        AuditEvent unbound = events.about(session.subject(), AuditType.FACTOR_UNBOUND, visitor)
                .with(factor)
                .with(Fact.SESSION, session.handle())
                .withAal(session.aal(), session.aal());
        return users.update(
                        session.account(),
                        account -> Optional.of(account)
                                .filter(stored -> session.mayChange(stored) && canUnbind(stored, factor))
                                .map(stored -> without(stored, factor)),
                        List.of(unbound))
                .flatMap(account -> desk.renew(session, List.of()));
    }

    private static Account without(Account account, FactorType factor) {
        return switch (factor) {
            case PASSWORD -> account;
            case APP -> account.withApp(Optional.empty());
            case PHONE -> account.withPhone(Optional.empty());
        };
    }
}
