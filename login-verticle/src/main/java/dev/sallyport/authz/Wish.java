package dev.sallyport.authz;

import dev.sallyport.authz.Sites.Address;
import java.time.Duration;
import java.time.Instant;

/**
 * That a browser wants to get into a protected site.
 *
 * @param address where it is to be in the end
 * @param nonceHash of what only this browser has, at that site
 * @param need what it is to have proven by then
 */
public record Wish(Address address, String nonceHash, Need need, Instant expiresAt) {

    /** How long somebody may take to pass the doors, or to bind a factor on the way. */
    public static final Duration LIFE = Duration.ofMinutes(30);

    /** Not the address, which may be anything of that site. */
    @Override
    public String toString() {
        return "Wish[host=%s]".formatted(address.host());
    }
}
