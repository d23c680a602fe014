package dev.sallyport.dispatch.callback.http;

import static io.vertx.core.Future.await;

import dev.sallyport.OutageLog;
import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.callback.CallbackReader;
import dev.sallyport.dispatch.callback.kafka.CallbackRecords;
import dev.sallyport.dispatch.kafka.OwnRecords;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.PublishFailed;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /callbacks/{instance}}: what a provider reports is checked, kept in Kafka, and then answered, without a
 * body. 204: kept, or genuine and nothing new. 403: not signed by the provider. 400: no report of a message of ours.
 * 404, 405, 413: another path, another method, more than 16 KB. 408: the body did not come within 5 seconds. 503: too many
 * reports at once, or genuine, and Kafka does not take it; the provider shall report it again. Deployed once, on a virtual thread.
 */
public final class CallbackVerticle extends AbstractVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(CallbackVerticle.class);
    /** Reports are about 1 KB; they may grow, since providers add to them. */
    static final int MAX_BODY_BYTES = 16 * 1024;

    private static final String ROOT = "/callbacks/";
    private static final Pattern PATH = Pattern.compile(ROOT + "([a-z0-9]+(?:-[a-z0-9]+)*)");
    private static final int GRACE_SECONDS = 5;
    private static final long BODY_WITHIN_MILLIS = 5_000;
    /** Far more than Kafka leaves waiting while it works. */
    private static final int MOST_UNDER_WAY = 500;

    private final HttpServerOptions options;
    private final String outside;
    private final Map<String, CallbackReader> readers;
    private final OwnRecords own;
    private final EventPublisher publisher;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Set<String> suspects = ConcurrentHashMap.newKeySet();
    private final OutageLog outage =
            new OutageLog(LOG, "Kafka does not take reports of providers, who are asked to repeat them");
    private @Nullable HttpServer server;

    /**
     * @param options port and host
     * @param publicUrl where providers find this server: {@code https://news.example.com/callbacks/twilio}; what comes
     *     before {@code /callbacks/} is the same for all of them
     * @param readers by the name of the provider instance
     * @param own marks what is kept, so that dispatchers believe it
     */
    public CallbackVerticle(
            HttpServerOptions options,
            URI publicUrl,
            Map<String, CallbackReader> readers,
            OwnRecords own,
            EventPublisher publisher) {
        this.options = options;
        this.outside = outside(publicUrl);
        this.readers = Map.copyOf(readers);
        this.own = own;
        this.publisher = publisher;
    }

    /** The origin and, where a proxy takes a part off the path, that part. */
    private static String outside(URI publicUrl) {
        String path = String.valueOf(publicUrl.getRawPath());
        int end = path.lastIndexOf(ROOT);
        return publicUrl.getScheme() + "://" + publicUrl.getRawAuthority() + (end < 0 ? "" : path.substring(0, end));
    }

    @Override
    public void start(Promise<Void> started) {
        server = vertx.createHttpServer(options).requestHandler(this::handle);
        server.listen().<Void>mapEmpty().onComplete(started);
    }

    /** The port that it listens on, once it has started. */
    public int port() {
        return server == null ? 0 : server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        Matcher path = PATH.matcher(String.valueOf(request.path()));
        String instance = path.matches() ? path.group(1) : "";
        CallbackReader reader = readers.get(instance);
        if (reader == null) {
            answer(request, 404);
        } else if (!HttpMethod.POST.equals(request.method())) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST");
            answer(request, 405);
        } else if (announcesTooMuch(request)) {
            answer(request, 413);
        } else if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
            underWay.decrementAndGet();
            answer(request, 503);
        } else {
            body(request)
                    .timeout(BODY_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                    .map(body -> body.map(whole -> status(request, instance, reader, whole.getBytes()))
                            .orElse(413))
                    .otherwise(408)
                    .onSuccess(status -> answer(request, status))
                    .onComplete(_ -> underWay.decrementAndGet());
        }
    }

    private static boolean announcesTooMuch(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && (!length.matches("[0-9]{1,5}") || Integer.parseInt(length) > MAX_BODY_BYTES);
    }

    /** The whole body; empty if it is too much. It fails when the connection ends before the body does. */
    private static Future<Optional<Buffer>> body(HttpServerRequest request) {
        Promise<Optional<Buffer>> whole = Promise.promise();
        Buffer gathered = Buffer.buffer();
        request.handler(part -> {
            if (gathered.length() + part.length() > MAX_BODY_BYTES) {
                whole.tryComplete(Optional.empty());
            } else {
                gathered.appendBuffer(part);
            }
        });
        request.endHandler(_ -> whole.tryComplete(Optional.of(gathered)));
        request.exceptionHandler(whole::tryFail);
        return whole.future();
    }

    private int status(HttpServerRequest request, String instance, CallbackReader reader, byte[] body) {
        Optional<URI> uri = uri(request);
        if (uri.isEmpty()) {
            return 400;
        }
        try {
            return switch (reader.read(uri.get(), name -> Optional.ofNullable(request.getHeader(name)), body)) {
                case CallbackReader.News news -> keep(news.callback());
                case CallbackReader.NothingNew _ -> 204;
                case CallbackReader.NotGenuine _ -> {
                    suspect(instance);
                    yield 403;
                }
                case CallbackReader.Malformed _ -> 400;
            };
        } catch (RuntimeException e) {
            // Not with its message, which may quote what was in the request.
            LOG.error("A report to {}{} could not be handled: {}", ROOT, instance, placeOf(e));
            return 500;
        }
    }

    /** As the provider has called it; empty if it is none. */
    private Optional<URI> uri(HttpServerRequest request) {
        String query = request.query() == null ? "" : '?' + request.query();
        try {
            return Optional.of(new URI(outside + request.path() + query));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String placeOf(RuntimeException failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    private int keep(Callback callback) {
        try {
            publisher.send(own.mark(CallbackRecords.encode(callback)));
            outage.worked();
            return 204;
        } catch (PublishFailed e) {
            outage.failed(e);
            return 503;
        }
    }

    /** Once for each, since anybody can send such requests; and once at all, since a wrong setting shows only here. */
    private void suspect(String instance) {
        if (suspects.add(instance)) {
            LOG.warn(
                    "A request to {}{} was not signed by the provider and was refused, as all such will be without a word;"
                            + " if the provider did send it, compare SALLYPORT_SMS_CALLBACK_URL and its token with"
                            + " what its console says",
                    ROOT,
                    instance);
        }
    }

    private static void answer(HttpServerRequest request, int status) {
        if (!request.response().ended() && !request.response().closed()) {
            request.response().setStatusCode(status).end();
        }
    }

    /** Takes no new requests, and lets those under way be answered. */
    @Override
    public void stop() {
        if (server != null) {
            await(server.shutdown(GRACE_SECONDS, TimeUnit.SECONDS));
        }
    }
}
