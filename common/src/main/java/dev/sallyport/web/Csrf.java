package dev.sallyport.web;

import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.crypto.WebTokens;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forms count only from our own pages. Each form carries a token that is bound to the browser's cookie and, once
 * somebody is signed in, to the session; and what the browser says about the form's origin must be this site.
 */
public final class Csrf {

    /** The form field. */
    public static final String FIELD = "csrf";

    private static final String PURPOSE = "csrf";
    private static final List<String> LOOPBACK_HOSTS = List.of("localhost", "127.0.0.1", "[::1]");

    private final Cookies cookies;
    private final WebTokens tokens;
    private final Ids ids;
    private final Set<String> origins;

    /** @param site where browsers reach the site; a loopback site answers to every name of loopback */
    public Csrf(Cookies cookies, WebTokens tokens, Ids ids, URI site) {
        this.cookies = cookies;
        this.tokens = tokens;
        this.ids = ids;
        this.origins = origins(site);
    }

    /** The token for the forms of a page; gives the browser its cookie where it has none. */
    public String token(RoutingContext context) {
        OpaqueToken browser = cookies.read(context, Cookies.Name.BROWSER).orElseGet(() -> {
            OpaqueToken fresh = ids.token();
            cookies.write(context, Cookies.Name.BROWSER, fresh);
            return fresh;
        });
        return tokens.sign(PURPOSE, binding(context, browser));
    }

    /** True if a form may be believed. */
    public boolean accepts(RoutingContext context) {
        HttpServerRequest request = context.request();
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreignOrigin = origin != null && !origins.contains(origin);
        boolean foreignSite = site != null && !site.equals("same-origin") && !site.equals("none");
        if (foreignOrigin || foreignSite) {
            return false;
        }
        @Nullable String token = request.getFormAttribute(FIELD);
        return token != null
                && cookies.read(context, Cookies.Name.BROWSER)
                        .map(browser -> binding(context, browser))
                        .flatMap(binding ->
                                tokens.verify(PURPOSE, token).filter(signed -> MessageDigest.isEqual(signed, binding)))
                        .isPresent();
    }

    /** What a form's token stands for; hashes, because it can be read in the page. */
    private byte[] binding(RoutingContext context, OpaqueToken browser) {
        String session = cookies.read(context, Cookies.Name.SESSION)
                .map(OpaqueToken::hash)
                .orElse("");
        return (browser.hash() + session).getBytes(StandardCharsets.US_ASCII);
    }

    private static Set<String> origins(URI site) {
        String port = site.getPort() < 0 ? "" : ":" + site.getPort();
        Set<String> origins = new HashSet<>();
        origins.add(site.getScheme() + "://" + site.getHost() + port);
        if (LOOPBACK_HOSTS.contains(site.getHost())) {
            LOOPBACK_HOSTS.forEach(host -> origins.add(site.getScheme() + "://" + host + port));
        }
        return origins;
    }
}
