package dev.sallyport.authz.http;

import static io.vertx.core.Future.await;

import dev.sallyport.crypto.Assertions;
import dev.sallyport.web.ClientAddress;
import dev.sallyport.web.LoopServer;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies' port: {@code /authz/forward-auth}, what browsers need below {@code /.sallyport/} of each protected site,
 * and the keys that check assertions. Whoever reaches it and is neither a trusted proxy nor on this machine gets those
 * keys and nothing else. Deployed on virtual threads, where requests wait; its child serves on an event loop.
 */
public final class ForwardAuthVerticle extends AbstractVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardAuthVerticle.class);

    private static final String KEYS = "/.well-known/jwks.json";

    /** A proxy passes all headers of its clients on, and adds its own. */
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final HttpServerOptions options;
    private final ClientAddress proxies;
    private final ForwardAuth forwardAuth;
    private final SiteEntrance entrance;
    private final Assertions assertions;
    private final Consumer<CheckOutcome> counted;
    private final BooleanSupplier leaving;

    /**
     * One of the instances.
     *
     * @param options port and host
     * @param leaving true once no proxy shall come back on a connection that is open
     */
    public ForwardAuthVerticle(
            HttpServerOptions options,
            ClientAddress proxies,
            ForwardAuth forwardAuth,
            SiteEntrance entrance,
            Assertions assertions,
            Consumer<CheckOutcome> counted,
            BooleanSupplier leaving) {
        this.options = new HttpServerOptions(options)
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_HEADER_BYTES);
        this.proxies = proxies;
        this.forwardAuth = forwardAuth;
        this.entrance = entrance;
        this.assertions = assertions;
        this.counted = counted;
        this.leaving = leaving;
    }

    @Override
    public void start() {
        Room room = new Room(context);
        await(vertx.deployVerticle(new LoopServer(options, request -> answer(request, room)), new DeploymentOptions()));
    }

    /** A mistake of ours lets nobody through and leaves no proxy waiting. */
    private void answer(HttpServerRequest request, Room room) {
        try {
            handle(request, room);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("A proxy is not answered as it should be; please report this", e);
            counted.accept(CheckOutcome.UNAVAILABLE);
            if (!request.response().ended()) {
                PlainAnswers.end(request, 500, "Something went wrong here.");
            }
        }
    }

    private void handle(HttpServerRequest request, Room room) {
        if (leaving.getAsBoolean()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        String path = String.valueOf(request.path());
        if (path.equals(KEYS)) {
            keys(request);
        } else if (!proxies.isProxy(request.remoteAddress().hostAddress())) {
            counted.accept(CheckOutcome.NOT_A_PROXY);
            PlainAnswers.end(request, 403, "This port is for proxies that SALLYPORT_HTTP_TRUSTED_PROXIES names.");
        } else if (Questions.isOne(request.uri())) {
            forwardAuth.handle(request, room);
        } else if (path.equals(SiteEntrance.START)) {
            entrance.start(request);
        } else if (path.equals(SiteEntrance.ENTER)) {
            entrance.enter(request, room);
        } else {
            PlainAnswers.end(request, 404, "There is nothing here.");
        }
    }

    private void keys(HttpServerRequest request) {
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/jwk-set+json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
                .end(assertions.jwks());
    }
}
