package dev.sallyport.authz.http;

import dev.sallyport.OpaqueToken;
import dev.sallyport.authz.Wish;
import dev.sallyport.session.Pass;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * The two cookies at each protected site: what it is entered with, and the nonce that a ticket is bound to. They belong
 * to that host alone, as {@code __Host-} makes sure on https, so that no neighbouring host can plant or read one.
 */
public final class HostCookies {

    private final String site;
    private final String nonce;
    private final boolean https;

    /** @param https true if browsers reach the protected sites by https */
    public HostCookies(boolean https) {
        String prefix = https ? "__Host-" : "";
        this.site = prefix + "sallyport-site";
        this.nonce = prefix + "sallyport-nonce";
        this.https = https;
    }

    /** The site's token; empty if it is absent or is anything that this platform never made. */
    Optional<Pass> site(HttpServerRequest request) {
        return value(request, site).flatMap(Pass::parse);
    }

    Optional<OpaqueToken> nonce(HttpServerRequest request) {
        return value(request, nonce).flatMap(OpaqueToken::parse);
    }

    private static Optional<String> value(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getCookie(name)).map(Cookie::getValue);
    }

    /** It lives as long as the browser, and is worth something for as long as its session. */
    void writeSite(HttpServerRequest request, Pass token) {
        request.response().addCookie(cookie(site, token.text()));
    }

    void writeNonce(HttpServerRequest request, OpaqueToken token) {
        request.response().addCookie(cookie(nonce, token.value()).setMaxAge(Wish.LIFE.toSeconds()));
    }

    private Cookie cookie(String name, String value) {
        return Cookie.cookie(name, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(https)
                .setSameSite(CookieSameSite.LAX);
    }
}
