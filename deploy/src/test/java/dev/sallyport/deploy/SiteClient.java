package dev.sallyport.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without a window: keeps cookies, sends forms with the page's own token, follows nothing by itself. */
public final class SiteClient {

    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    private final String site;
    private final CookieManager cookies;
    private final Supplier<Map<String, String>> headers;
    private final HttpClient http;
    private Consumer<HttpResponse<String>> watcher = response -> {};

    public SiteClient(String site) {
        this(site, Map::of);
    }

    /** @param headers are asked for with each request, and sent with it */
    public SiteClient(String site, Supplier<Map<String, String>> headers) {
        this(site, new CookieManager(), headers);
    }

    private SiteClient(String site, CookieManager cookies, Supplier<Map<String, String>> headers) {
        this.site = site;
        this.cookies = cookies;
        this.headers = headers;
        this.http = HttpClient.newBuilder()
                .cookieHandler(cookies)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** The same browser, with the same cookies, at another node. */
    public SiteClient at(String node) {
        return new SiteClient(node, cookies, headers);
    }

    /** The same browser, whose requests say that they come from an address. */
    public SiteClient from(String address) {
        return new SiteClient(site, cookies, () -> Map.of("X-Forwarded-For", address));
    }

    /** Shows every answer, pictures aside, to somebody else as well. */
    public SiteClient watchedBy(Consumer<HttpResponse<String>> somebody) {
        watcher = somebody;
        return this;
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(site + path)).GET());
    }

    /** As {@link #get}, and does not wait for the end of a stream: the caller reads what there is, and closes it. */
    public HttpResponse<InputStream> open(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(site + path));
        headers.get().forEach(request::setHeader);
        try {
            return http.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpResponse<byte[]> getBytes(String path) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(site + path)).build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens a page and sends its form to a path. @param fields name, value, name, value… */
    public HttpResponse<String> submitFrom(String page, String path, String... fields) {
        return post(path, csrf(page), fields);
    }

    /** Opens a page and sends its form to the same path. */
    public HttpResponse<String> submit(String path, String... fields) {
        return submitFrom(path, path, fields);
    }

    /** The form token of a page. */
    public String csrf(String page) {
        HttpResponse<String> response = get(page);
        Matcher matcher = CSRF.matcher(response.body());
        if (!matcher.find()) {
            throw new AssertionError(page + " has no form but status " + response.statusCode());
        }
        return matcher.group(1);
    }

    /** Sends a form with a token. */
    public HttpResponse<String> post(String path, String csrf, String... fields) {
        return send(form(path, csrf, fields));
    }

    /** A form that is not sent yet. */
    public HttpRequest.Builder form(String path, String csrf, String... fields) {
        StringBuilder body = new StringBuilder("csrf=").append(encode(csrf));
        for (int i = 0; i < fields.length; i += 2) {
            body.append('&').append(fields[i]).append('=').append(encode(fields[i + 1]));
        }
        return HttpRequest.newBuilder(URI.create(site + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body.toString()));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        headers.get().forEach(request::setHeader);
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            watcher.accept(response);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public URI uri(String path) {
        return URI.create(site + path);
    }

    public Optional<String> cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst();
    }

    /** A cookie that this site gets; {@link #cookie} finds those of all sites. */
    public Optional<String> cookieHere(String name) {
        return cookies.getCookieStore().get(URI.create(site)).stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst();
    }

    public void setCookie(String name, String value) {
        HttpCookie cookie = new HttpCookie(name, value);
        cookie.setPath("/");
        cookie.setVersion(0);
        cookies.getCookieStore().add(URI.create(site), cookie);
    }

    /** Where a redirect leads. */
    public static String location(HttpResponse<?> response) {
        return response.headers().firstValue("Location").orElse("");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
