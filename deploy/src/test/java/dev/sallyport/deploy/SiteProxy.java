package dev.sallyport.deploy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * A protected site of a test: a reverse proxy that asks before it lets a request through, as one of several kinds does, and
 * behind it an application that answers with the request as it gets it.
 */
final class SiteProxy implements AutoCloseable {

    /** How the proxy asks, and what it makes of the answer. */
    enum Kind {
        /** In its own words; of a refusal it only knows the status, and sends browsers on by itself. */
        NGINX,
        /** By parts of the address; passes on a refusal as it is. */
        TRAEFIK,
        /** By the request itself; passes on a refusal as it is. */
        ENVOY
    }

    private static final String ASK = "/authz/forward-auth";
    private static final int LARGE = 64 * 1024;

    /** What the application gets from us and from nobody else. */
    static final List<String> OURS = List.of(
            "Remote-User", "Remote-Account", "Remote-Aal", "Remote-Amr", "Remote-Auth-Time", "Sallyport-Assertion");

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(new HttpClientOptions().setMaxHeaderSize(LARGE));
    private final Kind kind;
    private final IntSupplier authz;
    private final String host;

    /**
     * Starts it.
     *
     * @param address of loopback, another for each site: browsers keep cookies by address and not by port
     * @param authz where the platform is asked; looked up at each request
     */
    SiteProxy(Kind kind, String address, int port, IntSupplier authz) {
        this.kind = kind;
        this.authz = authz;
        this.host = address + ':' + port;
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(address).setPort(port).setMaxHeaderSize(LARGE))
                .requestHandler(this::handle);
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    String host() {
        return host;
    }

    String url() {
        return "http://" + host;
    }

    private void handle(HttpServerRequest request) {
        if (request.path().startsWith("/.sallyport/")) {
            ask(request, request.method(), request.uri(), request.headers()).onSuccess(answer -> pass(request, answer));
        } else {
            question(request).onSuccess(answer -> {
                if (answer.statusCode() == 200) {
                    application(request, answer.headers());
                } else if (kind == Kind.NGINX && answer.statusCode() == 401) {
                    request.response()
                            .setStatusCode(302)
                            .putHeader("Location", answer.getHeader("Sallyport-Location"))
                            .end();
                } else {
                    pass(request, answer);
                }
            });
        }
    }

    private Future<HttpClientResponse> question(HttpServerRequest request) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
        return switch (kind) {
            case NGINX -> {
                headers.set("X-Original-URL", url() + request.uri());
                headers.set("X-Original-Method", request.method().name());
                headers.remove("X-Forwarded-Uri");
                yield ask(request, HttpMethod.GET, ASK, headers);
            }
            case TRAEFIK -> {
                headers.set("X-Forwarded-Host", request.getHeader("Host"));
                headers.set("X-Forwarded-Uri", request.uri());
                headers.set("X-Forwarded-Method", request.method().name());
                yield ask(request, HttpMethod.GET, ASK, headers);
            }
            case ENVOY -> ask(request, request.method(), ASK + request.uri(), headers);
        };
    }

    private Future<HttpClientResponse> ask(HttpServerRequest request, HttpMethod method, String uri, MultiMap headers) {
        MultiMap without = MultiMap.caseInsensitiveMultiMap()
                .addAll(headers)
                .remove("Content-Length")
                .remove("Transfer-Encoding");
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(authz.getAsInt())
                .setURI(uri)
                .setHeaders(without);
        return client.request(options).compose(asked -> asked.send());
    }

    private static void pass(HttpServerRequest request, HttpClientResponse answer) {
        request.response().setStatusCode(answer.statusCode());
        request.response().headers().setAll(answer.headers());
        request.response().send(answer);
    }

    /** Answers with the headers that it gets, a line each. */
    private static void application(HttpServerRequest request, MultiMap answer) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
        for (String name : OURS) {
            headers.remove(name);
            headers.set(name, answer.get(name));
        }
        Buffer shown = Buffer.buffer();
        headers.forEach(header -> shown.appendString(header.getKey() + ": " + header.getValue() + '\n'));
        request.response().end(shown);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
