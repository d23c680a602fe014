package dev.sallyport.account;

import dev.sallyport.FactorType;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.totp.TotpSecret;
import java.time.Instant;
import java.util.Optional;

/**
 * A person's record.
 *
 * @param passwordHash in PHC form, or bcrypt's own where the account was imported
 * @param app the authenticator app in force
 * @param pendingApp an authenticator app that is being bound
 * @param phone the phone in force
 * @param imported true if it came from another application's file
 */
public record Account(
        AccountId id,
        Username username,
        String passwordHash,
        Optional<App> app,
        Optional<PendingApp> pendingApp,
        Optional<Phone> phone,
        Instant createdAt,
        boolean imported) {

    /**
     * Wrong codes in a row after which a factor is closed: NIST SP 800-63B-4 section 3.2.2 allows 100. A phone opens
     * again when it is bound anew; an app still opens at an address where its owner has passed both doors before.
     */
    public static final int MAX_WRONG_CODES = 100;

    /**
     * An authenticator app.
     *
     * @param lastStep the newest time step that was used; no step up to it is accepted again
     * @param wrongCodes wrong codes in a row, over all challenges
     */
    public record App(TotpSecret secret, long lastStep, int wrongCodes, Instant boundAt) {

        public boolean closedToStrangers() {
            return wrongCodes >= MAX_WRONG_CODES;
        }
    }

    /**
     * An authenticator app whose key was shown and not yet proven.
     *
     * @param session the handle of the session that is binding it; no other session sees the key
     */
    public record PendingApp(TotpSecret secret, String session, Instant expiresAt) {}

    /**
     * A phone that receives codes.
     *
     * @param region its ISO region
     * @param wrongCodes wrong codes in a row, over all challenges
     */
    public record Phone(PhoneNumber number, String region, int wrongCodes, Instant boundAt) {

        public boolean disabled() {
            return wrongCodes >= MAX_WRONG_CODES;
        }
    }

    public static Account create(AccountId id, Username username, String passwordHash, Instant now) {
        return new Account(
                id, username, passwordHash, Optional.empty(), Optional.empty(), Optional.empty(), now, false);
    }

    /** The account as events name it. */
    public Subject subject() {
        return new Subject(id.value(), username.shown());
    }

    /** True if a second factor of this type is bound. */
    public boolean has(FactorType factor) {
        return boundAt(factor).isPresent();
    }

    /** When a second factor of this type was bound as it is now; empty if none is. */
    public Optional<Instant> boundAt(FactorType factor) {
        return switch (factor) {
            case PASSWORD -> Optional.empty();
            case APP -> app.map(App::boundAt);
            case PHONE -> phone.map(Phone::boundAt);
        };
    }

    /** Wrong codes in a row of a second factor; 0 if it is not bound. */
    public int wrongCodes(FactorType factor) {
        return switch (factor) {
            case PASSWORD -> 0;
            case APP -> app.map(App::wrongCodes).orElse(0);
            case PHONE -> phone.map(Phone::wrongCodes).orElse(0);
        };
    }

    public boolean hasSecondFactor() {
        return app.isPresent() || phone.isPresent();
    }

    public Account withPasswordHash(String hash) {
        return new Account(id, username, hash, app, pendingApp, phone, createdAt, imported);
    }

    public Account withPendingApp(Optional<PendingApp> pending) {
        return new Account(id, username, passwordHash, app, pending, phone, createdAt, imported);
    }

    /** Binds an app, or with nothing unbinds it; what was pending is gone either way. */
    public Account withApp(Optional<App> bound) {
        return new Account(id, username, passwordHash, bound, Optional.empty(), phone, createdAt, imported);
    }

    /** Binds a phone, or with nothing unbinds it. */
    public Account withPhone(Optional<Phone> bound) {
        return new Account(id, username, passwordHash, app, pendingApp, bound, createdAt, imported);
    }
}
