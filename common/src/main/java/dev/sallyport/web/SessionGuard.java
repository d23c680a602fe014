package dev.sallyport.web;

import dev.sallyport.OpaqueToken;
import dev.sallyport.session.Session;
import dev.sallyport.session.SessionDesk.Entry;
import dev.sallyport.session.Sessions;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Checks for the chain of a route that may wait: somebody is signed in, far enough, and typed the password lately.
 */
public final class SessionGuard {

    /** Factors may be changed this long after the password was typed; later it is asked for again. */
    public static final Duration PASSWORD_FRESH_FOR = Duration.ofMinutes(5);

    /** The first door, for somebody whose session is over. */
    public static final String ENDED = "/?ended";

    /** The first door, for somebody who has to pass both although a session is open. */
    public static final String AGAIN = "/?again";

    /** Where somebody goes who has passed the doors on the way to a protected site. */
    public static final String ENTER = "/enter";

    private static final String KEY = "sallyport.session";

    private final Sessions sessions;
    private final Cookies cookies;
    private final Clock clock;
    private final boolean secondFactorRequired;

    public SessionGuard(Sessions sessions, Cookies cookies, Clock clock, boolean secondFactorRequired) {
        this.sessions = sessions;
        this.cookies = cookies;
        this.clock = clock;
        this.secondFactorRequired = secondFactorRequired;
    }

    /** True if a browser brings a session's token, live or not; without one there is nothing to ask the store. */
    public boolean bringsToken(RoutingContext context) {
        return cookies.read(context, Cookies.Name.SESSION).isPresent();
    }

    /** Goes on with whoever is signed in, or with nobody; may wait where {@link #bringsToken}. */
    public void anybody(RoutingContext context) {
        cookies.read(context, Cookies.Name.SESSION)
                .flatMap(sessions::find)
                .ifPresent(session -> context.put(KEY, session));
        context.next();
    }

    /** Goes on if somebody is signed in; otherwise to the first door, which says so where a session was and is over. */
    public void signedIn(RoutingContext context) {
        Optional<OpaqueToken> token = cookies.read(context, Cookies.Name.SESSION);
        Optional<Session> session = token.flatMap(sessions::find);
        if (session.isPresent()) {
            context.put(KEY, session.get());
            context.next();
        } else {
            Web.redirect(context, token.isPresent() ? ENDED : "/");
        }
    }

    /** After {@link #signedIn}: where a second factor is required and none was proven, only binding one is left. */
    public void farEnough(RoutingContext context) {
        if (mustBind(session(context))) {
            Web.redirect(context, "/enable-tfa-via-app");
        } else {
            context.next();
        }
    }

    /** True while only the pages that bind a factor are open to a session, because one is required. */
    public boolean mustBind(Session session) {
        return secondFactorRequired && session.aal() < 2;
    }

    /** After {@link #signedIn}: asks for the password again where it was typed too long ago. */
    public void freshPassword(RoutingContext context) {
        if (clock.instant().isBefore(session(context).passwordAt().plus(PASSWORD_FRESH_FOR))) {
            context.next();
        } else {
            String next = URLEncoder.encode(context.normalizedPath(), StandardCharsets.UTF_8);
            Web.redirect(context, "/confirm-password?next=" + next);
        }
    }

    /**
     * Lets the browser in with a session's token and sends it on, to a protected site if it came from there; the
     * challenge that led there is over.
     */
    public void enter(RoutingContext context, Entry entry, String path) {
        cookies.remove(context, Cookies.Name.CHALLENGE);
        renew(context, entry, cookies.text(context, Cookies.Name.WISH).isPresent() ? ENTER : path);
    }

    /** Gives the browser its session's new token and sends it on; a phone that is being bound goes on being bound. */
    public void renew(RoutingContext context, Entry entry, String path) {
        cookies.write(context, Cookies.Name.SESSION, entry.token());
        Web.redirect(context, path);
    }

    /** Gives the browser its session's new token; a phone that is being bound goes on being bound. */
    public void renew(RoutingContext context, Entry entry) {
        cookies.write(context, Cookies.Name.SESSION, entry.token());
    }

    /** Takes the session's token from the browser. */
    public void leave(RoutingContext context) {
        cookies.remove(context, Cookies.Name.SESSION);
        cookies.remove(context, Cookies.Name.CHALLENGE);
    }

    /** The session that {@link #signedIn} found. */
    public static Session session(RoutingContext context) {
        return find(context).orElseThrow();
    }

    /** True if {@link #anybody} or {@link #signedIn} found a session. */
    public static boolean isSignedIn(RoutingContext context) {
        return find(context).isPresent();
    }

    static Optional<Session> find(RoutingContext context) {
        return Optional.ofNullable(context.get(KEY));
    }
}
