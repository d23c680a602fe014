package dev.sallyport.web;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests and answers them on an event loop. It is the child of the verticle in which requests wait: Vert.x stops
 * it before its parent.
 */
public final class LoopServer extends AbstractVerticle {

    private static final int GRACE_SECONDS = 5;

    private final HttpServerOptions options;
    private final Handler<HttpServerRequest> handler;
    private @Nullable HttpServer server;

    /** @param options port and host */
    public LoopServer(HttpServerOptions options, Handler<HttpServerRequest> handler) {
        this.options = options;
        this.handler = handler;
    }

    @Override
    public void start(Promise<Void> started) {
        server = vertx.createHttpServer(options).requestHandler(handler);
        server.listen().<Void>mapEmpty().onComplete(started);
    }

    /** Takes no new requests, and lets those under way be answered. */
    @Override
    public void stop(Promise<Void> stopped) {
        if (server == null) {
            stopped.complete();
        } else {
            server.shutdown(GRACE_SECONDS, TimeUnit.SECONDS).onComplete(stopped);
        }
    }
}
