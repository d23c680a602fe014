package dev.sallyport.session;

import dev.sallyport.FactorType;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A person who is signed in at one browser.
 *
 * @param handle names the session in events and lists; no secret, opens nothing
 * @param proofs every factor that was proven in this session, with the newest time of each
 * @param endsAt when it ends, used or not
 */
public record Session(
        String handle,
        AccountId account,
        String userName,
        List<Proof> proofs,
        Instant createdAt,
        Instant lastSeen,
        Instant endsAt,
        String address,
        String browser) {

    /** A factor that was proven, and when. */
    public record Proof(FactorType factor, Instant at) {}

    public static Session start(
            String handle, Subject subject, List<Proof> proofs, Instant now, Instant endsAt, Visitor visitor) {
        return new Session(
                handle,
                new AccountId(subject.accountId()),
                subject.userName(),
                List.copyOf(proofs),
                now,
                now,
                endsAt,
                visitor.address(),
                visitor.browser());
    }

    /** The assurance level that was really proven: 1 for one factor, 2 for a password and a second factor. */
    public int aal() {
        return proofs.size() > 1 ? 2 : 1;
    }

    /**
     * True if this session may change how its account is signed in to: it has passed the second door by a factor as it
     * is bound now, or the account has none. Somebody who came in by password alone before there was one, or by a factor
     * that was unbound or replaced since, can't take it away.
     */
    public boolean mayChange(Account account) {
        return !account.hasSecondFactor()
                || proofs.stream().anyMatch(proof -> account.boundAt(proof.factor())
                        .filter(bound -> !proof.at().isBefore(bound))
                        .isPresent());
    }

    /** When the password was last typed. */
    public Instant passwordAt() {
        return proofs.stream()
                .filter(proof -> proof.factor() == FactorType.PASSWORD)
                .map(Proof::at)
                .findFirst()
                .orElse(createdAt);
    }

    /** The session with one more proof, which replaces an older one of the same factor. */
    public Session proven(Proof proof) {
        List<Proof> all = new ArrayList<>(proofs);
        all.removeIf(old -> old.factor() == proof.factor());
        all.add(proof);
        return new Session(handle, account, userName, List.copyOf(all), createdAt, lastSeen, endsAt, address, browser);
    }

    public Subject subject() {
        return new Subject(account.value(), userName);
    }
}
