package dev.sallyport.deploy;

import dev.sallyport.Role;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One site in front of the web roles, that routes by the table of the proxy that comes with the platform. */
final class PathProxy implements AutoCloseable {

    private static final Path SHIPPED = Path.of("docker", "haproxy.cfg");
    private static final Pattern ENROLLMENT = Pattern.compile("(?m)^\\s*acl enrollment path (.+)$");

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();
    private final HttpServer server;
    private final Set<String> enrollment = enrollmentPaths();
    private final ToIntFunction<Role> ports;

    /** @param ports where each web role is on 127.0.0.1; asked at each request */
    PathProxy(ToIntFunction<Role> ports) {
        this.ports = ports;
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(this::forward);
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    /** What the shipped proxy sends to enrollment; everything else goes to login. */
    static Set<String> enrollmentPaths() {
        try {
            Matcher table = ENROLLMENT.matcher(Files.readString(SHIPPED));
            if (!table.find()) {
                throw new AssertionError("no table in " + SHIPPED);
            }
            return Set.copyOf(List.of(table.group(1).strip().split("\\s+")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return server.actualPort();
    }

    private void forward(HttpServerRequest request) {
        request.pause();
        Role role = enrollment.contains(request.path()) ? Role.ENROLLMENT : Role.LOGIN;
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost("127.0.0.1")
                .setPort(ports.applyAsInt(role))
                .setURI(request.uri())
                .setHeaders(request.headers())
                .putHeader("X-Forwarded-For", request.remoteAddress().hostAddress());
        HttpServerResponse response = request.response();
        client.request(options)
                .compose(forwarded -> forwarded.send(request))
                .compose(answer -> {
                    response.setStatusCode(answer.statusCode());
                    response.headers().setAll(answer.headers());
                    return response.send(answer);
                })
                .onFailure(unreachable -> {
                    if (!response.headWritten()) {
                        response.setStatusCode(502).end();
                    }
                });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
