package dev.sallyport.authz;

import dev.sallyport.authz.Sites.Address;
import dev.sallyport.crypto.WebTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Wishes on their way from a protected site to the central one, in the browser's hands: signed, so that only a protected
 * site can make one.
 */
public final class Wishes {

    private static final String PURPOSE = "wish";

    /** An address has none of these. */
    private static final String BETWEEN = "\n";

    private final WebTokens tokens;
    private final Sites sites;

    public Wishes(WebTokens tokens, Sites sites) {
        this.tokens = tokens;
        this.sites = sites;
    }

    public String write(Wish wish) {
        String text = String.join(
                BETWEEN,
                Long.toString(wish.expiresAt().toEpochMilli()),
                Integer.toString(wish.need().aal()),
                Long.toString(wish.need().maxAge().map(Duration::toSeconds).orElse(0L)),
                wish.nonceHash(),
                wish.address().text());
        return tokens.sign(PURPOSE, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A wish that was written here or at another node, over or not; empty for anything else. */
    public Optional<Wish> read(String text) {
        return tokens.verify(PURPOSE, text).flatMap(this::decode);
    }

    /** What is signed was well-formed once, but the site may have been taken from the configuration since. */
    private Optional<Wish> decode(byte[] value) {
        String[] parts = new String(value, StandardCharsets.US_ASCII).split(BETWEEN, -1);
        Optional<Address> address = sites.address(parts[4]);
        Duration maxAge = Duration.ofSeconds(Long.parseLong(parts[2]));
        Need need = new Need(Integer.parseInt(parts[1]), Optional.of(maxAge).filter(Duration::isPositive));
        return address.map(known -> new Wish(known, parts[3], need, Instant.ofEpochMilli(Long.parseLong(parts[0]))));
    }
}
