package dev.sallyport.password;

/**
 * Turns passwords into hashes for keeping, and compares. Each call is a pure computation: nothing is stored, calls do
 * not affect one another, and any number may come at once.
 *
 * <p>Timing: a call costs what its scheme costs, by intent; {@link Verification#took} tells it. The calling thread waits
 * without blocking its Vert.x context. A right and a wrong password cost the same.
 *
 * <p>Failure: every method throws {@link HashingOverloaded}, before computing anything, when about a second of work is
 * waiting already. What was accepted is always computed and answered. Any other exception means that this process can't
 * hash (no memory, stopping); it never means a wrong password.
 */
public interface PasswordHasher {

    /**
     * Asked before other work for a hash begins, so that a site past its limits spends nothing on requests that it will
     * turn away.
     *
     * @throws HashingOverloaded if a hash asked for now would be refused
     */
    void requireRoom();

    /** Gives a PHC string, {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}, with a new random salt. */
    String hash(Password password);

    /**
     * Argon2id is computed over the NFC form, imported bcrypt over the bytes as typed, of which bcrypt only sees the
     * first 72.
     *
     * @param storedHash a hash that {@link StoredHash#parse} can read. Any other never matches and costs as much as
     *     {@link #verifyNobody}: it is our fault and not the person's, so it is not thrown at them. The caller, who
     *     knows whose hash it is, logs it.
     */
    Verification verify(Password password, String storedHash);

    /**
     * For a name that does not exist: costs what a verification of a current hash costs, so that time does not tell
     * who has an account.
     *
     * @return never a match
     */
    Verification verifyNobody(Password password);
}
