package dev.sallyport.web;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Headers on every answer: nothing inline, nothing framed, nothing kept. */
final class SecurityHeaders {

    private static final String NOTHING_INLINE = "default-src 'none'; style-src 'self'; script-src 'self';"
            + " img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
    private static final CharSequence PERMISSIONS =
            HttpHeaders.createOptimized("camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    private static final CharSequence HSTS = HttpHeaders.createOptimized("max-age=31536000; includeSubDomains");

    private static final CharSequence CSP_NAME = HttpHeaders.createOptimized("content-security-policy");
    private static final CharSequence PERMISSIONS_NAME = HttpHeaders.createOptimized("permissions-policy");
    private static final CharSequence NO_SNIFF_NAME = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence FRAME_NAME = HttpHeaders.createOptimized("x-frame-options");
    private static final CharSequence FRAME = HttpHeaders.createOptimized("DENY");
    private static final CharSequence REFERRER_NAME = HttpHeaders.createOptimized("referrer-policy");
    private static final CharSequence OPENER_NAME = HttpHeaders.createOptimized("cross-origin-opener-policy");
    private static final CharSequence RESOURCE_NAME = HttpHeaders.createOptimized("cross-origin-resource-policy");
    private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");
    private static final CharSequence HSTS_NAME = HttpHeaders.createOptimized("strict-transport-security");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private final boolean https;
    private final CharSequence csp;

    /** @param beyond origins to which a redirect that answers a form may lead: browsers take it for a part of the form */
    SecurityHeaders(boolean https, List<String> beyond) {
        this.https = https;
        String targets = beyond.isEmpty() ? "" : ' ' + String.join(" ", beyond);
        this.csp = HttpHeaders.createOptimized(NOTHING_INLINE + targets);
    }

    void add(RoutingContext context) {
        MultiMap headers = context.response()
                .headers()
                .add(CSP_NAME, csp)
                .add(PERMISSIONS_NAME, PERMISSIONS)
                .add(NO_SNIFF_NAME, NO_SNIFF)
                .add(FRAME_NAME, FRAME)
                // "no-referrer" would make browsers send "Origin: null" with our own forms.
                .add(REFERRER_NAME, SAME_ORIGIN)
                .add(OPENER_NAME, SAME_ORIGIN)
                .add(RESOURCE_NAME, SAME_ORIGIN)
                .add(HttpHeaders.CACHE_CONTROL, NO_STORE);
        if (https) {
            headers.add(HSTS_NAME, HSTS);
        }
        context.next();
    }
}
