package dev.sallyport.throttle;

import dev.sallyport.audit.AuditEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Delays guessers. Fails closed: every method that waits for the store throws {@link dev.sallyport.StoreUnavailable} if
 * that does not answer in time, and then nobody is admitted.
 */
public interface RateLimiter {

    /** What is guessed at. */
    enum Door {
        PASSWORD,
        SECOND_FACTOR
    }

    /**
     * One attempt at one door.
     *
     * @param name whose door: the folded user name, whether or not it has an account
     * @param network from where, see {@link dev.sallyport.Visitor#network()}
     */
    record Attempt(Door door, String name, String network) {}

    /**
     * A few of something, which may be spent within any time of this length.
     *
     * @param name what it is that is scarce
     */
    record Allowance(String name, int most, Duration within) {}

    /**
     * What one of an allowance is spent on.
     *
     * @param id of this use alone
     * @param of what several uses belong to, such as a challenge
     */
    record Use(String id, String of) {}

    /** The answer to an attempt. */
    sealed interface Admission {}

    /**
     * Go on, and then tell {@link #failed}, {@link #succeeded} or {@link #withdrawn}.
     *
     * @param failures how many attempts of this pair have failed in a row, this one counted
     * @param at when it was admitted
     */
    record Admitted(Attempt attempt, int failures, Instant at) implements Admission {}

    /** Not before this time has passed. */
    record Delayed(Duration remaining) implements Admission {}

    /**
     * Admits an attempt or tells how long to wait. For its pair an admitted attempt counts as failed, and its delay
     * begins, at once and until {@link #succeeded} says otherwise: many at once are no more tries than one after the
     * other, and an attempt whose end is never told counts as well. For its network it counts once it has
     * {@link #failed}; from the first delay on a network's attempts are admitted one at a time, too.
     *
     * @param refusal makes the event that says so, stored only where the attempt is not admitted
     */
    Admission admit(Attempt attempt, Supplier<AuditEvent> refusal);

    /** The attempt failed. It counts for the network from now on, and its events are stored. */
    void failed(Admitted admitted, List<AuditEvent> events);

    /**
     * The attempt succeeded: the pair starts afresh. At the second door it is known from now on for
     * {@link DelayRules#KNOWN_FOR}. Written soon after, without waiting; if that fails, the attempt counts as failed.
     */
    void succeeded(Admitted admitted);

    /**
     * Nothing was tried after all, because the platform could not: the attempt counts no more, unless another one was
     * admitted meanwhile. Written soon after, without waiting.
     */
    void withdrawn(Admitted admitted);

    /** True if this pair has succeeded at the second door within {@link DelayRules#KNOWN_FOR}. */
    boolean knows(Attempt attempt);

    /** True if {@link #spend} would succeed now. */
    boolean canSpend(Allowance allowance, String who);

    /**
     * Spends one of a few; of many calls at once no more succeed than there are left.
     *
     * @param who whose allowance it is; kept as a keyed hash only
     * @param events stored with what is spent
     * @return false, and nothing is written, if all of them were spent lately
     */
    boolean spend(Allowance allowance, String who, Use use, List<AuditEvent> events);

    /** Gives one use back. Written soon after, without waiting; if that fails, it stays spent. */
    void giveBack(Allowance allowance, String who, Use use);

    /** Gives back all uses of the same belonging. Written soon after, without waiting; if that fails, they stay spent. */
    void giveBackAll(Allowance allowance, String who, String of);
}
