package dev.sallyport.web;

import dev.sallyport.OpaqueToken;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * The cookies: each holds one random token, or a text that is signed, and is out of reach of scripts. On https
 * their names begin with {@code __Host-}, so that no neighbouring host can plant one.
 */
public final class Cookies {

    /** Which cookie. */
    public enum Name {
        /** Somebody is signed in. */
        SESSION("sallyport-session"),
        /** A second door is to be passed, or a phone to be bound. */
        CHALLENGE("sallyport-challenge"),
        /** A browser, before anybody signed in; forms are bound to it. */
        BROWSER("sallyport-browser"),
        /** A browser that is on its way into a protected site. */
        WISH("sallyport-wish");

        private final String base;

        Name(String base) {
            this.base = base;
        }
    }

    private final boolean https;

    /** @param https true if browsers reach the site by https */
    public Cookies(boolean https) {
        this.https = https;
    }

    /** The text in a cookie, whatever the browser has made of it; empty if the cookie is absent. */
    public Optional<String> text(RoutingContext context, Name name) {
        return Optional.ofNullable(context.request().getCookie(fullName(name))).map(Cookie::getValue);
    }

    /** Lets the browser keep a text for so long. */
    public void write(RoutingContext context, Name name, String text, Duration life) {
        context.response().addCookie(cookie(name, text).setMaxAge(life.toSeconds()));
    }

    /** The token in a cookie; empty if the cookie is absent or holds anything that this platform never made. */
    public Optional<OpaqueToken> read(RoutingContext context, Name name) {
        Cookie cookie = context.request().getCookie(fullName(name));
        return cookie == null ? Optional.empty() : OpaqueToken.parse(cookie.getValue());
    }

    public void write(RoutingContext context, Name name, OpaqueToken token) {
        context.response().addCookie(cookie(name, token.value()));
    }

    public void remove(RoutingContext context, Name name) {
        context.response().addCookie(cookie(name, "").setMaxAge(0));
    }

    private Cookie cookie(Name name, String value) {
        return Cookie.cookie(fullName(name), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(https)
                .setSameSite(CookieSameSite.LAX);
    }

    private String fullName(Name name) {
        return https ? "__Host-" + name.base : name.base;
    }
}
