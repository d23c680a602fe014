package dev.sallyport.session;

import dev.sallyport.OpaqueToken;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps sessions, found by the hash of the token in the browser's cookie. Each write is one atomic write together with
 * its events. Every method throws {@link dev.sallyport.StoreUnavailable} if the store does not answer in time.
 */
public interface Sessions {

    void open(Session session, OpaqueToken token, List<AuditEvent> events);

    /**
     * The live session of a token: not ended, not idle too long, not past its end. Being found counts as being seen;
     * that time may be written late, by up to a minute.
     */
    Optional<Session> find(OpaqueToken token);

    /** The live sessions of an account, the one that was seen last first. */
    List<Session> of(AccountId account);

    /**
     * Gives a session a new token and new proofs in one write: from then on the old token finds nothing.
     *
     * @return false, and nothing is written, if the session has ended meanwhile
     */
    boolean renew(Session session, OpaqueToken next, List<AuditEvent> events);

    /**
     * Ends a session for ever, and with it the tickets and the tokens of protected sites.
     *
     * @return false, and nothing is written, if it had ended before
     */
    boolean end(String handle, List<AuditEvent> events);

    /**
     * Keeps a ticket of a session; of many unused ones the newest.
     *
     * @return false, and nothing is written, if the session has ended
     */
    boolean issue(Ticket ticket);

    /**
     * Uses a ticket up and keeps the token that the browser gets for it, in one write: of many who show one ticket one is
     * let in. A session has several tokens at a site, so that pages which are opened at once don't take them from each
     * other; a further one replaces the oldest. They are not changed by {@link #renew}.
     *
     * @param nonceHash of what the browser that shows it keeps at that site
     * @param token of the same session
     * @return where the browser goes on; empty, and nothing is written, for a ticket that was used, has expired, was issued
     *     for another site or another browser, or whose session has ended
     */
    Optional<String> admit(Pass ticket, String host, String nonceHash, Pass token);

    /** The live session of a token of a protected site, shown at that site; being found counts as being seen. */
    Optional<Session> find(Pass token, String host);

    /**
     * Notes an event about a session that was refused something, unless that was noted for the same rule before.
     *
     * @param since earlier notes don't count
     * @return false, and nothing is written, if it was noted or the session has ended
     */
    boolean refuse(String handle, String rule, Instant since, AuditEvent event);
}
