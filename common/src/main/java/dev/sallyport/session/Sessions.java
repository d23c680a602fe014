package dev.sallyport.session;

import dev.sallyport.OpaqueToken;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
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
     * Ends a session for ever.
     *
     * @return false, and nothing is written, if it had ended before
     */
    boolean end(String handle, List<AuditEvent> events);
}
