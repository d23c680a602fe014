package dev.sallyport.authz.http;

import dev.sallyport.authz.Asked;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Reads what a proxy asks, in the words of its kind: nginx names the whole address in {@code X-Original-URL}; Traefik,
 * Caddy and HAProxy name its parts in {@code X-Forwarded-…}; Envoy sends the request itself, with our path before its own.
 *
 * <p>A proxy passes on what else the client has sent, and the client may have sent the words of another kind of proxy.
 * So a question in the words of two kinds has no answer: one of them may be the client's.
 */
final class Questions {

    /** Where proxies ask; with a slash and more behind it, Envoy does. */
    static final String PATH = "/authz/forward-auth";

    private static final CharSequence ORIGINAL_URL = HttpHeaders.createOptimized("x-original-url");
    private static final CharSequence ORIGINAL_METHOD = HttpHeaders.createOptimized("x-original-method");
    private static final CharSequence FORWARDED_HOST = HttpHeaders.createOptimized("x-forwarded-host");
    private static final CharSequence FORWARDED_METHOD = HttpHeaders.createOptimized("x-forwarded-method");
    private static final CharSequence FORWARDED_URI = HttpHeaders.createOptimized("x-forwarded-uri");

    private static final String ONLY_HOST = "?host=";
    private static final Pattern URL = Pattern.compile("https?://([^/?#]*)(.*)");

    /**
     * What a proxy asks.
     *
     * @param passedOn true if it passes our answer on to the client, which then can be sent somewhere
     */
    record Question(Asked asked, boolean passedOn) {}

    private final ToldOnce told = new ToldOnce(LoggerFactory.getLogger(Questions.class));

    static boolean isOne(String uri) {
        return uri.startsWith(PATH) && (uri.length() == PATH.length() || "/?".indexOf(uri.charAt(PATH.length())) >= 0);
    }

    /** Empty if it can't be told for sure what the client has asked the proxy for. */
    Optional<Question> read(HttpServerRequest request) {
        String uri = request.uri();
        if (uri.startsWith(PATH + '/')) {
            return one(request, HttpHeaders.HOST)
                    .map(host -> question(request, host, request.method().name(), uri.substring(PATH.length()), true));
        }
        boolean original = request.headers().contains(ORIGINAL_URL);
        boolean forwarded = request.headers().contains(FORWARDED_URI);
        if (original && forwarded) {
            told.warn(
                    "A proxy asks with X-Original-URL and with X-Forwarded-Uri, one of which the client may have sent, and is"
                            + " refused; let it remove the one that it does not set");
            return Optional.empty();
        }
        Optional<Question> question = original ? original(request) : forwarded(request);
        if (question.isEmpty()) {
            told.warn(
                    "A proxy asks without saying once which method, host and path the client has asked for, and is refused");
        }
        return question.filter(one -> isAboutItsHost(uri, one));
    }

    /** A proxy that can only pass on what a client calls the host may name its site behind our path. */
    private static boolean isAboutItsHost(String uri, Question question) {
        String query = uri.substring(PATH.length());
        return query.isEmpty()
                || query.equalsIgnoreCase(ONLY_HOST + question.asked().host());
    }

    private static Optional<Question> original(HttpServerRequest request) {
        Optional<String> method = one(request, ORIGINAL_METHOD);
        Optional<Matcher> url = one(request, ORIGINAL_URL).map(URL::matcher).filter(Matcher::matches);
        return method.flatMap(name -> url.map(parts -> question(request, parts.group(1), name, parts.group(2), false)));
    }

    private static Optional<Question> forwarded(HttpServerRequest request) {
        Optional<String> method = one(request, FORWARDED_METHOD);
        Optional<String> host = one(request, FORWARDED_HOST);
        Optional<String> uri = one(request, FORWARDED_URI);
        return method.flatMap(
                name -> host.flatMap(known -> uri.map(path -> question(request, known, name, path, true))));
    }

    private static Question question(
            HttpServerRequest request, String host, String method, String uri, boolean passedOn) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean page = HttpMethod.GET.name().equals(method) && accept != null && accept.contains("text/html");
        return new Question(new Asked(host, method, uri, page), passedOn);
    }

    /** The value of a header that is there once: of several, one may be the client's. */
    private static Optional<String> one(HttpServerRequest request, CharSequence name) {
        List<String> values = request.headers().getAll(name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }
}
