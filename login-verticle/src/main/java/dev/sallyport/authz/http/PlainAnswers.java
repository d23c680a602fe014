package dev.sallyport.authz.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** What all answers on the proxies' port have in common: nobody keeps them, and a person can read them. */
final class PlainAnswers {

    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");

    private PlainAnswers() {}

    /** An answer to be completed and ended. */
    static HttpServerResponse begin(HttpServerRequest request, int status) {
        return request.response().setStatusCode(status).putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    static void end(HttpServerRequest request, int status, String sentence) {
        begin(request, status).putHeader(HttpHeaders.CONTENT_TYPE, TEXT).end(sentence + '\n');
    }

    /** @param address made from the configuration, never from a request */
    static void redirect(HttpServerRequest request, String address) {
        begin(request, 302).putHeader(HttpHeaders.LOCATION, address).end();
    }
}
