package dev.sallyport.session;

import dev.sallyport.OpaqueToken;
import java.util.Optional;

/**
 * A secret of a session that names its session: a protected site's cookie, or a ticket for such a site. The name alone
 * opens nothing, and spares stores a further index.
 *
 * @param session the session's handle
 */
public record Pass(String session, OpaqueToken secret) {

    private static final int HANDLE_LENGTH = 36;

    /** A pass as a browser sent it; empty for anything that this platform never made, whatever its size. */
    public static Optional<Pass> parse(String text) {
        if (text.length() <= HANDLE_LENGTH || text.charAt(HANDLE_LENGTH) != '.') {
            return Optional.empty();
        }
        String session = text.substring(0, HANDLE_LENGTH);
        return OpaqueToken.parse(text.substring(HANDLE_LENGTH + 1))
                .filter(_ -> isHandle(session))
                .map(secret -> new Pass(session, secret));
    }

    private static boolean isHandle(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (!((letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') || letter == '-')) {
                return false;
            }
        }
        return true;
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
