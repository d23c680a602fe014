package dev.sallyport.password;

import java.time.Duration;

/**
 * What a comparison found.
 *
 * @param matches the password is the right one
 * @param outdated it is the right one, and its stored hash should now be replaced by {@link PasswordHasher#hash}
 * @param took the time of the computation itself, without the wait for a free thread
 */
public record Verification(boolean matches, boolean outdated, Duration took) {

    public Verification {
        if (outdated && !matches) {
            throw new IllegalArgumentException("Only the right password says that its hash is outdated.");
        }
    }
}
