package dev.sallyport.password;

/**
 * Passwords that attackers are known to have. The whole password is compared, never a part of it.
 *
 * <p>Reading: a list may be large and lie on a disk, so {@link #contains} may block the thread for milliseconds; on a
 * Vert.x virtual thread, wrap it so that it runs on a worker. Safe for many threads at once.
 *
 * <p>Failure: a list that can't be read is a failure, never "not breached"; nobody gets a password unchecked.
 */
public interface BreachedPasswords {

    boolean contains(Password password);

    default BreachedPasswords or(BreachedPasswords others) {
        return password -> contains(password) || others.contains(password);
    }
}
