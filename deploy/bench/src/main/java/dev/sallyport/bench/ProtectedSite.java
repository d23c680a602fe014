package dev.sallyport.bench;

import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A site behind a proxy, and the nodes that the proxy asks: what a proxy and a browser say is said by the driver. */
final class ProtectedSite implements AutoCloseable {

    static final String HOST = "site.localhost";
    private static final String HERE = "127.0.0.1";

    /** One node. */
    record Node(Part part, int httpPort, int authzPort) {

        /** Where its proxy asks. */
        String url() {
            return "http://" + HERE + ':' + authzPort + "/authz/forward-auth";
        }
    }

    private final HttpClient client;
    private final List<Node> nodes = new ArrayList<>();

    /** Starts so many nodes on the store and the broker of a site. */
    ProtectedSite(Site site, int count) {
        this.client = site.vertx().createHttpClient();
        for (int i = 0; i < count; i++) {
            int httpPort = Part.freePort();
            int authzPort = Part.freePort();
            Map<String, String> settings = new HashMap<>(site.webSettings(httpPort, site.storePort()));
            settings.put("SALLYPORT_AUTHZ_PORT", "" + authzPort);
            settings.put("SALLYPORT_AUTHZ_RULES_SITE_HOST", HOST);
            nodes.add(new Node(Part.product("node-" + (i + 1), settings), httpPort, authzPort));
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    List<Part> parts() {
        return nodes.stream().map(Node::part).toList();
    }

    /** What a proxy says of a browser's request, as arguments of wrk. */
    static String[] asked(String cookie) {
        return Stream.of("X-Original-URL: http://" + HOST + "/page?a=b", "X-Original-Method: GET", "Cookie: " + cookie)
                .flatMap(header -> Stream.of("-H", header))
                .toArray(String[]::new);
    }

    /** The status that a node answers its proxy. */
    int check(Node node, String cookie) {
        HttpClientResponse response = get(
                node.authzPort(),
                "/authz/forward-auth",
                Map.of("X-Original-URL", "http://" + HOST + "/page?a=b", "X-Original-Method", "GET", "Cookie", cookie));
        return response.statusCode();
    }

    /** Leads somebody who is signed in at a node into the site; returns the cookie there. */
    String enter(Node node, Browser signedIn) {
        HttpClientResponse start = get(node.authzPort(), "/.sallyport/start?return=/page", Map.of("Host", HOST));
        HttpClientResponse lead = get(node.httpPort(), location(start), Map.of("Cookie", signedIn.cookies()));
        HttpClientResponse entered =
                get(node.authzPort(), location(lead), Map.of("Host", HOST, "Cookie", cookie(start)));
        return cookie(entered);
    }

    private HttpClientResponse get(int port, String uri, Map<String, String> headers) {
        RequestOptions options =
                new RequestOptions().setHost(HERE).setPort(port).setURI(uri);
        headers.forEach((name, value) -> options.putHeader(name, value));
        return client.request(options)
                .compose(request -> request.send())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Path and query: to which port they go, the driver knows. */
    private static String location(HttpClientResponse response) {
        URI uri = URI.create(String.valueOf(response.getHeader(HttpHeaders.LOCATION)));
        if (uri.getRawQuery() == null) {
            throw new IllegalStateException("status " + response.statusCode() + " leads to " + uri.getRawPath());
        }
        return uri.getRawPath() + '?' + uri.getRawQuery();
    }

    private static String cookie(HttpClientResponse response) {
        return response.cookies().stream()
                .map(cookie -> cookie.replaceAll(";.*", ""))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no cookie with status " + response.statusCode()));
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.part().close());
    }
}
