package dev.sallyport.deploy;

import static io.vertx.core.Future.await;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Health and metrics for operators, on a port of their own that is never public. */
final class ManagementVerticle extends AbstractVerticle {

    private final HttpServerOptions options;
    private final List<Check> checks;
    private final PrometheusMeterRegistry metrics;
    private final BooleanSupplier leaving;
    private @Nullable HttpServer server;

    /** @param leaving true once this process was told to stop: then it is neither ready nor alive for any proxy */
    ManagementVerticle(
            HttpServerOptions options, List<Check> checks, PrometheusMeterRegistry metrics, BooleanSupplier leaving) {
        this.options = options;
        this.checks = checks;
        this.metrics = metrics;
        this.leaving = leaving;
    }

    @Override
    public void start(Promise<Void> started) {
        Router router = Router.router(vertx);
        router.get("/health/live").handler(this::live);
        router.get("/health/ready").handler(this::ready);
        router.get("/metrics").handler(this::metrics);
        server = vertx.createHttpServer(options).requestHandler(router);
        server.listen().<Void>mapEmpty().onComplete(started);
    }

    int port() {
        return server == null ? 0 : server.actualPort();
    }

    private void live(RoutingContext context) {
        if (leaving.getAsBoolean()) {
            left(context);
        } else {
            json(context, 200, new JsonObject().put("status", "up"));
        }
    }

    private static void left(RoutingContext context) {
        json(context, 503, new JsonObject().put("status", "leaving"));
    }

    /** 200 if every part would work now, otherwise 503 and which would not. */
    private void ready(RoutingContext context) {
        if (leaving.getAsBoolean()) {
            left(context);
            return;
        }
        JsonObject parts = new JsonObject();
        boolean ready = true;
        for (Check check : checks) {
            boolean works = check.works().getAsBoolean();
            parts.put(check.part(), works ? "up" : "down");
            ready &= works;
        }
        json(
                context,
                ready ? 200 : 503,
                new JsonObject().put("status", ready ? "up" : "down").put("parts", parts));
    }

    private void metrics(RoutingContext context) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                .end(metrics.scrape());
    }

    private static void json(RoutingContext context, int status, JsonObject body) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }

    @Override
    public void stop() {
        if (server != null) {
            await(server.close());
        }
    }
}
