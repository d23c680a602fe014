package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** One person's browser: keeps cookies, sends forms with the page's token. Used by one virtual thread at a time. */
final class Browser {

    /** What came back. */
    record Answer(int status, String body) {}

    private static final String CSRF = "name=\"csrf\" value=\"";

    /** An answer that takes longer is a failure of the bench. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http;
    private final String site;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    /**
     * @param http shared by all browsers; keeps no cookies and follows nothing
     * @param site address without a slash at the end
     */
    Browser(HttpClient http, String site) {
        this.http = http;
        this.site = site;
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(URI.create(site + path)));
    }

    /**
     * Sends a form.
     *
     * @param csrf the token of the page
     * @param fields name, value, name, value…
     */
    Answer post(String path, String csrf, String... fields) {
        StringBuilder form = new StringBuilder("csrf=").append(encoded(csrf));
        for (int i = 0; i < fields.length; i += 2) {
            form.append('&').append(fields[i]).append('=').append(encoded(fields[i + 1]));
        }
        return send(HttpRequest.newBuilder(URI.create(site + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.toString())));
    }

    /** Opens a page and sends its form to the same path. */
    Answer submit(String path, String... fields) {
        return post(path, csrf(get(path)), fields);
    }

    static String csrf(Answer page) {
        int start = page.body().indexOf(CSRF) + CSRF.length();
        if (start < CSRF.length()) {
            throw new IllegalStateException("no form on a page with status " + page.status());
        }
        return page.body().substring(start, page.body().indexOf('"', start));
    }

    String cookies() {
        StringBuilder header = new StringBuilder();
        cookies.forEach((name, value) -> header.append(header.isEmpty() ? "" : "; ")
                .append(name)
                .append('=')
                .append(value));
        return header.toString();
    }

    private Answer send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookies());
        }
        try {
            HttpResponse<String> response = http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String cookie) {
        int equals = cookie.indexOf('=');
        int end = cookie.indexOf(';');
        String value = cookie.substring(equals + 1, end < 0 ? cookie.length() : end);
        if (value.isEmpty()) {
            cookies.remove(cookie.substring(0, equals));
        } else {
            cookies.put(cookie.substring(0, equals), value);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
