package dev.sallyport.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.function.Supplier;

/** What stands in front of the dispatchers in production: passes a provider's reports on to one that answers. */
final class CallbackProxy implements AutoCloseable {

    private static final int NOBODY_ANSWERS = 502;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();
    private final HttpServer server;
    private final Supplier<List<Integer>> ports;

    /** @param ports of the dispatchers' endpoints on 127.0.0.1; asked at each request */
    CallbackProxy(Supplier<List<Integer>> ports) {
        this.ports = ports;
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(request -> request.body().onSuccess(body -> {
                    List<Integer> open = this.ports.get();
                    pass(request, body, open, 0).onFailure(failure -> request.response()
                            .setStatusCode(NOBODY_ANSWERS)
                            .end());
                }));
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    private Future<Void> pass(HttpServerRequest request, Buffer body, List<Integer> open, int index) {
        if (index >= open.size()) {
            return Future.failedFuture("nobody answers");
        }
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(open.get(index))
                .setURI(request.uri())
                .setMethod(request.method())
                .setConnectTimeout(500)
                .setIdleTimeout(2_000);
        return client.request(options)
                .compose(onward -> {
                    onward.headers().setAll(request.headers());
                    return onward.send(body);
                })
                .compose(answer ->
                        request.response().setStatusCode(answer.statusCode()).end())
                .recover(failure -> pass(request, body, open, index + 1));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
