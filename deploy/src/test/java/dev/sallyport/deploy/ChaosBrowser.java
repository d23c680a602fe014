package dev.sallyport.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser whose site may be gone at any moment: it is told where to find each page anew, and a broken answer is one too. */
final class ChaosBrowser {

    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final UnaryOperator<String> nodes;
    private final String address;
    private final Map<String, String> cookies = new TreeMap<>();

    /**
     * @param nodes gives a node for a path, another one each time
     * @param address where it says to come from
     */
    ChaosBrowser(UnaryOperator<String> nodes, String address) {
        this.nodes = nodes;
        this.address = address;
    }

    /** The answer to a request; status 0 is none, so that what it did is unknown. */
    record Answer(int status, String location, String body, Map<String, String> newCookies) {

        boolean leadsTo(String path) {
            return status == 303 && location.equals(path);
        }

        /** Nobody knows whether it was done: no answer, or one that says that something did not answer in time. */
        boolean isUnknown() {
            return status == 0 || status == 503;
        }
    }

    Answer get(String path) {
        return keep(send(request(path).GET()));
    }

    /** A page's form token; empty if there is no such page now. */
    Optional<String> csrf(String page) {
        Matcher matcher = CSRF.matcher(get(page).body());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Opens a page and sends its form to a path. */
    Answer submit(String page, String path, Map<String, String> fields) {
        return csrf(page).map(token -> post(path, token, fields)).orElseGet(() -> new Answer(-1, "", "", Map.of()));
    }

    Answer post(String path, String csrf, Map<String, String> fields) {
        return keep(postAside(path, csrf, fields));
    }

    /** As {@link #post}, leaving the cookies as they are: for sending one form twice at once. */
    Answer postAside(String path, String csrf, Map<String, String> fields) {
        Map<String, String> all = new TreeMap<>(fields);
        all.put("csrf", csrf);
        String body = all.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    Answer keep(Answer answer) {
        answer.newCookies().forEach((name, value) -> {
            if (value.isEmpty()) {
                cookies.remove(name);
            } else {
                cookies.put(name, value);
            }
        });
        return answer;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(nodes.apply(path) + path))
                .timeout(PATIENCE)
                .header("X-Forwarded-For", address);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            Map<String, String> cookies = new TreeMap<>();
            for (String header : response.headers().allValues("Set-Cookie")) {
                String pair = header.split(";", 2)[0];
                cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Location").orElse(""),
                    response.body(),
                    cookies);
        } catch (IOException e) {
            return new Answer(0, "", "", Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "", "", Map.of());
        }
    }
}
