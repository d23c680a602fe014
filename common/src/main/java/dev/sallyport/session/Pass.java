package dev.sallyport.session;

import dev.sallyport.OpaqueToken;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret of a session that names its session: a protected site's cookie, or a ticket for such a site. The name alone
 * opens nothing, and spares stores a further index.
 *
 * @param session the session's handle
 */
public record Pass(String session, OpaqueToken secret) {

    private static final Pattern FORM = Pattern.compile("([0-9a-f-]{36})\\.([A-Za-z0-9_-]{43})");

    /** A pass as a browser sent it; empty for anything that this platform never made, whatever its size. */
    public static Optional<Pass> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? OpaqueToken.parse(matcher.group(2)).map(secret -> new Pass(matcher.group(1), secret))
                : Optional.empty();
    }

    /** What the browser carries. */
    public String text() {
        return session + '.' + secret.value();
    }

    /** By which it may be remembered for a host; whoever reads that learns no secret. */
    public String key(String host) {
        return session + '.' + secret.hash() + '@' + host;
    }

    @Override
    public String toString() {
        return "•••";
    }
}
