package dev.sallyport.enrollment;

import dev.sallyport.FactorType;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.Account.App;
import dev.sallyport.account.Account.PendingApp;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.Reason;
import dev.sallyport.code.SixDigits;
import dev.sallyport.session.Session;
import dev.sallyport.session.SessionDesk;
import dev.sallyport.session.SessionDesk.Entry;
import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Binds authenticator apps. The key is pending, and shown to the session that asked for it, until a code proves that an
 * app has it; an app that is bound stays in force until then.
 */
public final class AppFlow {

    /** How long a pending key can be proven. */
    static final Duration PENDING_FOR = Duration.ofMinutes(15);

    /** What became of a proof. */
    public sealed interface Outcome {}

    /** Bound; the browser gets the session's new token. */
    public record Bound(Entry entry) implements Outcome {}

    /** Wrong code; the key stays pending. */
    public record WrongCode(TotpSecret secret) implements Outcome {}

    /** Nothing is pending in this session, or it has ended: begin again. */
    public record NotPending() implements Outcome {}

    private final UserStore users;
    private final SessionDesk desk;
    private final AuditEvents events;
    private final Clock clock;
    private final SecureRandom random;

    public AppFlow(UserStore users, SessionDesk desk, AuditEvents events, Clock clock, SecureRandom random) {
        this.users = users;
        this.desk = desk;
        this.events = events;
        this.clock = clock;
        this.random = random;
    }

    /** The pending key of this session; a new one where there is none. Empty if the account is gone. */
    public Optional<TotpSecret> begin(Session session) {
        Optional<TotpSecret> pending = pendingSecret(session);
        if (pending.isPresent()) {
            return pending;
        }
        Instant expiresAt = clock.instant().plus(PENDING_FOR);
        PendingApp fresh = new PendingApp(TotpSecret.random(random), session.handle(), expiresAt);
        users.update(
                session.account(),
                account -> Optional.of(account)
                        .filter(stored -> pending(stored, session).isEmpty())
                        .map(stored -> stored.withPendingApp(Optional.of(fresh))),
                List.of());
        return pendingSecret(session);
    }

    /** The pending key of this session, if there is one. */
    public Optional<TotpSecret> pendingSecret(Session session) {
        return users.find(session.account())
                .flatMap(account -> pending(account, session))
                .map(PendingApp::secret);
    }

    /** Proves the pending key with a code from the app, and with it the session itself. */
    public Outcome prove(Session session, String typedCode, Visitor visitor) {
        Optional<PendingApp> pending = users.find(session.account()).flatMap(account -> pending(account, session));
        if (pending.isEmpty()) {
            return new NotPending();
        }
        Optional<SixDigits> code = SixDigits.typed(typedCode);
        if (code.isEmpty()) {
            return new WrongCode(pending.get().secret());
        }
        OptionalLong step = Totp.matchingStep(pending.get().secret(), code.get(), clock.instant());
        if (step.isEmpty()) {
            AuditEvent refused = events.about(session.subject(), AuditType.FACTOR_REFUSED, visitor)
                    .with(FactorType.APP)
                    .with(Reason.WRONG_CODE)
                    .with(Fact.SESSION, session.handle());
            users.note(session.account(), List.of(refused));
            return new WrongCode(pending.get().secret());
        }
        App app = new App(pending.get().secret(), step.getAsLong(), 0, clock.instant());
        AuditEvent bound = events.about(session.subject(), AuditType.FACTOR_BOUND, visitor)
                .with(FactorType.APP)
                .with(Fact.SESSION, session.handle())
                .withAal(session.aal(), 2);
        Optional<Account> changed = users.update(
                session.account(),
                account -> Optional.of(account)
                        .filter(stored -> session.mayChange(stored)
                                && pending(stored, session).equals(pending))
                        .map(stored -> stored.withApp(Optional.of(app))),
                List.of(bound));
        return changed.flatMap(account -> desk.prove(session, FactorType.APP, List.of()))
                .<Outcome>map(Bound::new)
                .orElseGet(NotPending::new);
    }

    private Optional<PendingApp> pending(Account account, Session session) {
        return account.pendingApp()
                .filter(pending -> pending.session().equals(session.handle())
                        && clock.instant().isBefore(pending.expiresAt()));
    }
}
