package dev.sallyport.account;

import dev.sallyport.FactorType;
import dev.sallyport.audit.AuditEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps accounts. Each method that writes is one atomic write together with its events: either both stand or neither,
 * and an event reaches the audit stream only after its write stands. Reads see every write that was acknowledged.
 * Every method throws {@link dev.sallyport.StoreUnavailable} if the store does not answer in time; a write that
 * failed so may have happened.
 */
public interface UserStore {

    /**
     * Adds an account.
     *
     * @return false, and nothing is written, if the folded user name is taken; of two simultaneous calls with one name
     *     exactly one returns true
     */
    boolean create(Account account, List<AuditEvent> events);

    Optional<Account> find(AccountId id);

    /** The account of a name, folded as {@link Username#lookup} does. */
    Optional<Account> find(String foldedName);

    /**
     * Changes an account by compare-and-swap.
     *
     * @param change makes the new account from the one that is stored, or refuses by returning nothing; called again
     *     with the newer one if another write came between
     * @return the new account; empty, and nothing is written, if the change was refused or the account is gone
     */
    Optional<Account> update(AccountId id, Function<Account, Optional<Account>> change, List<AuditEvent> events);

    /**
     * Uses up one time step of the bound app: succeeds once for each step and never for an older one, also when many
     * ask at once on many nodes. Success forgets the app's wrong codes.
     *
     * @param closedToo also while the app is closed to strangers
     * @return false, and nothing is written, if this step or a later one was used before, or the app is closed
     */
    boolean consumeAppStep(AccountId id, long step, boolean closedToo, List<AuditEvent> events);

    /**
     * Counts a wrong code against factors (app, phone) that could have accepted it.
     *
     * @return the account after counting; empty if there is none
     */
    Optional<Account> countWrongCode(AccountId id, Set<FactorType> factors);

    /** Adds events to an account. */
    void note(AccountId id, List<AuditEvent> events);

    /**
     * Forgets the wrong codes of the phone because of a right one, unless there were too many before it.
     *
     * @return false, and nothing is written, if the phone is disabled or there is none
     */
    boolean acceptPhone(AccountId id);
}
