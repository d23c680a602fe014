package dev.sallyport.challenge;

import dev.sallyport.OpaqueToken;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.sms.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * Keeps challenges, found by the hash of the token in the browser's cookie. Each write is one atomic write together
 * with its events. Only a challenge that is open and not expired is ever found. Every method throws
 * {@link dev.sallyport.StoreUnavailable} if the store does not answer in time.
 */
public interface ChallengeStore {

    void create(Challenge challenge, OpaqueToken token, List<AuditEvent> events);

    Optional<Challenge> find(OpaqueToken token);

    /**
     * Takes one of the tries, before any code is looked at, so that many submissions at once are no more tries than
     * one after the other.
     *
     * @return the challenge with the try counted; empty if it is over, expired or out of tries
     */
    Optional<Challenge> takeTry(OpaqueToken token);

    /**
     * Passes a challenge, once: of many calls at once exactly one returns true.
     *
     * @return false, and nothing is written, if it was passed before
     */
    boolean pass(String id, List<AuditEvent> events);

    /** Adds events to a challenge, open or not. */
    void note(String id, List<AuditEvent> events);

    /**
     * Replaces the text code if no other request did so meanwhile: of many calls at once with one {@code before}
     * exactly one returns true.
     *
     * @param before the text as it was read
     */
    boolean replaceText(String id, Optional<Challenge.Text> before, Challenge.Text after);

    /**
     * Keeps what became of the message that its challenge asked for last, if that tells more than what is known of it.
     * Outcomes may come late, twice and in any order.
     *
     * @return false, and nothing is written, if it is about an older message or an unknown challenge, or tells nothing new
     */
    boolean learn(Outcome outcome);
}
