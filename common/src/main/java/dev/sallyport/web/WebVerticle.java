package dev.sallyport.web;

import static io.vertx.core.Future.await;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The pages' server: mounts the route tables of all web roles of the process on one port. Deployed on virtual threads,
 * in one deployment of as many instances as there are event loops: an instance is the {@link WaitingRoom} of its child,
 * which serves on an event loop. Never beside another verticle with other routes on that port, since Vert.x would deal
 * connections to both in turn.
 */
public final class WebVerticle extends AbstractVerticle {

    private final HttpServerOptions options;
    private final Web web;
    private final Assets assets;
    private final List<Routes> routes;
    private final SecurityHeaders headers;
    private final BooleanSupplier leaving;
    private volatile List<String> table = List.of();

    /**
     * @param options port and host
     * @param beyond origins to which the answer to a form may lead, beside our own
     * @param leaving true once nobody shall come back on a connection that is open
     */
    public WebVerticle(
            HttpServerOptions options,
            Web web,
            Assets assets,
            List<Routes> routes,
            boolean https,
            List<String> beyond,
            BooleanSupplier leaving) {
        this.options = options;
        this.web = web;
        this.assets = assets;
        this.routes = routes;
        this.headers = new SecurityHeaders(https, beyond);
        this.leaving = leaving;
    }

    @Override
    public void start() {
        Router router = router(new WaitingRoom(context));
        table = table(router);
        await(vertx.deployVerticle(new LoopServer(options, router), new DeploymentOptions()));
    }

    /** The whole route table of the process. */
    private Router router(WaitingRoom room) {
        Router router = Router.router(vertx);
        new Failures(web, router).mount();
        router.route().handler(headers::add).handler(this::sayGoodbye).handler(room::show);
        router.get("/assets/*").handler(this::asset);
        routes.forEach(table -> table.mount(router));
        router.getRoutes().stream().filter(WebVerticle::gets).forEach(route -> route.method(HttpMethod.HEAD));
        return router;
    }

    private static boolean gets(Route route) {
        return route.methods() != null && route.methods().contains(HttpMethod.GET);
    }

    private void sayGoodbye(RoutingContext context) {
        if (leaving.getAsBoolean()) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        context.next();
    }

    /** What it answers once it has started: {@code POST /sign-up}, without the checks on the way; HEAD goes with GET. */
    public List<String> table() {
        return table;
    }

    private static List<String> table(Router router) {
        return router.getRoutes().stream()
                .filter(route -> route.getPath() != null && route.methods() != null)
                .flatMap(route -> route.methods().stream()
                        .filter(method -> !HttpMethod.HEAD.equals(method))
                        .map(method -> method + " " + route.getPath()))
                .toList();
    }

    private void asset(RoutingContext context) {
        assets.find(context.normalizedPath())
                .ifPresentOrElse(
                        asset -> context.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, asset.contentType())
                                .putHeader(HttpHeaders.CACHE_CONTROL, asset.cacheControl())
                                .end(asset.content()),
                        () -> context.fail(404));
    }
}
