package dev.sallyport.dispatch.webhook.fake;

import dev.sallyport.dispatch.webhook.WebhookConfig;
import dev.sallyport.dispatch.webhook.WebhookKeys;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes texts on any path and answers look-ups of those that it took. Behaves until it is told not to. */
public final class FakeGateway implements AutoCloseable {

    public static final String SECRET = "whsec_YSBzZWNyZXQgb2YgdGhlIGZha2UgZ2F0ZXdheSBvbmx5";

    /** A request as it came, signed as it must be. */
    public record Request(String method, String uri, Map<String, String> headers, Buffer body) {

        public JsonObject json() {
            return body.toJsonObject();
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Request> taken = new CopyOnWriteArrayList<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

    private FakeGateway() {
        // Linger 0: a connection that the fake closes is reset, as by a failing load balancer.
        HttpServerOptions options =
                new HttpServerOptions().setSoLinger(0).setHost("127.0.0.1").setPort(0);
        server = vertx.createHttpServer(options)
                .requestHandler(request -> request.body().onSuccess(body -> handle(request, body)));
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    /** On a free port of loopback. */
    public static FakeGateway start() {
        return new FakeGateway();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/texts");
    }

    public WebhookConfig config() {
        return new WebhookConfig("gateway", url(), new WebhookKeys(List.of(SECRET)));
    }

    /** Everything that came, in order. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The texts taken for a number, in order. */
    public List<String> textsTo(String number) {
        return taken.stream()
                .map(Request::json)
                .filter(json -> number.equals(json.getString("to")))
                .map(json -> json.getString("text"))
                .toList();
    }

    /** One request for each. */
    public void next(Fault... oneShots) {
        faults.addAll(List.of(oneShots));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void handle(HttpServerRequest request, Buffer body) {
        Map<String, String> headers = new TreeMap<>();
        request.headers().forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        Request received = new Request(request.method().name(), request.uri(), headers, body);
        requests.add(received);
        Fault fault = faults.poll();
        if (fault != null) {
            fail(request, fault);
        } else if (!isGenuine(received)) {
            answer(request, 401, "{}");
        } else if (request.method().equals(HttpMethod.POST)) {
            taken.add(received);
            answer(request, 202, accepted("text-" + taken.size()));
        } else {
            lookUp(request, request.path().substring(request.path().lastIndexOf('/') + 1));
        }
    }

    private void lookUp(HttpServerRequest request, String id) {
        for (int i = 0; i < taken.size(); i++) {
            if (taken.get(i).header("webhook-id").equals(id)) {
                answer(request, 200, accepted("text-" + (i + 1)));
                return;
            }
        }
        answer(request, 404, "{}");
    }

    private static boolean isGenuine(Request request) {
        String id = request.header("webhook-id");
        long timestamp = Long.parseLong(request.header("webhook-timestamp"));
        String expected =
                StandardSignature.of(SECRET, id, timestamp, request.body().getBytes());
        return List.of(request.header("webhook-signature").split(" ")).contains(expected);
    }

    private static void fail(HttpServerRequest request, Fault fault) {
        switch (fault) {
            case Fault.Answer(var status, var headers, var body) -> {
                headers.forEach(request.response()::putHeader);
                request.response().setStatusCode(status).end(body);
            }
            case Fault.Stall() -> request.response().setChunked(true).write("{\"id\":");
            case Fault.Reset() -> request.connection().close();
            case Fault.Hang() -> {}
        }
    }

    private static String accepted(String id) {
        return new JsonObject().put("id", id).encode();
    }

    private static void answer(HttpServerRequest request, int status, String body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body);
    }
}
