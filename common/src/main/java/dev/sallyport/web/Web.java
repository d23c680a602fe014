package dev.sallyport.web;

import static io.vertx.core.Future.await;

import dev.sallyport.Visitor;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What every routes class needs: forms that may be believed, pages, redirects, and who is asking. One for the whole
 * process; holds nothing about any request.
 */
public final class Web {

    /** No form of ours is longer; a longer body is refused before it is read. */
    static final int MAX_BODY_BYTES = 16 * 1024;

    private static final String FORM = "application/x-www-form-urlencoded";
    /** With these, what was typed was wrong, and not the moment or the way. */
    private static final Set<Integer> TYPED_WRONG = Set.of(401, 422);

    private static final String READ = "sallyport.read";
    private static final String VISITOR = "sallyport.visitor";

    private final Pages pages;
    private final Csrf csrf;
    private final Visitors visitors;
    private final Onward onward;
    private final Map<String, Object> everywhere;

    /** @param everywhere what every page shows: {@code brand}, {@code assets}, {@code phoneScreen} */
    public Web(Pages pages, Csrf csrf, ClientAddress addresses, Onward onward, Map<String, Object> everywhere) {
        this.pages = pages;
        this.csrf = csrf;
        this.visitors = new Visitors(addresses);
        this.onward = onward;
        this.everywhere = Map.copyOf(everywhere);
    }

    /**
     * Makes a POST route take a form from one of our own pages, and nothing else. The form is read and judged on the
     * event loop; the handlers that follow may wait.
     */
    public Route form(Route route) {
        route.consumes(FORM)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(context -> {
                    context.put(READ, true);
                    if (repeatsAField(context.request().formAttributes())) {
                        context.fail(400);
                    } else if (csrf.accepts(context)) {
                        context.next();
                    } else {
                        context.fail(new Refusal(
                                403,
                                "This page was too old",
                                "For your safety the form was not accepted. Go back, reload the page and try again."));
                    }
                });
        return mayWait(route);
    }

    /**
     * Lets the handlers that follow wait, for the store, a hash, Kafka or a timer: they run on a virtual thread. What is
     * on no such route runs on the event loop, where an attempt to wait fails at once.
     */
    public static Route mayWait(Route route) {
        return route.handler(WaitingRoom::enter);
    }

    /** The same for some requests only; the others are answered on the event loop. */
    public static Route mayWait(Route route, Predicate<RoutingContext> some) {
        return route.handler(context -> {
            if (some.test(context)) {
                WaitingRoom.enter(context);
            } else {
                context.next();
            }
        });
    }

    /** No form of ours has a field twice, and which of the two would count is nothing to guess at. */
    private static boolean repeatsAField(MultiMap form) {
        return form.entries().size() > form.names().size();
    }

    /** True while a form is still on its way: what goes wrong then is the client's or the network's. */
    static boolean isReading(RoutingContext context) {
        return HttpMethod.POST.equals(context.request().method()) && context.get(READ) == null;
    }

    /** A field of a believed form; empty if it is absent. */
    public static String field(RoutingContext context, String name) {
        String value = context.request().getFormAttribute(name);
        return value == null ? "" : value;
    }

    /** Answers with a page that shows what the top of its template names. */
    public void page(RoutingContext context, int status, String name, Map<String, Object> shown) {
        Map<String, Object> all = new HashMap<>(everywhere);
        all.put(Csrf.FIELD, csrf.token(context));
        SessionGuard.find(context).ifPresent(session -> all.put("signedIn", session.userName()));
        onward.site(context).ifPresent(site -> all.put(Onward.FIELD, site));
        all.put("invalid", TYPED_WRONG.contains(status));
        all.putAll(shown);
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .end(pages.render(name, all));
    }

    /** Adds a problem to what a page shows, if there is one. */
    public static void problem(Map<String, Object> shown, String problem) {
        if (!problem.isEmpty()) {
            shown.put("problem", problem);
        }
    }

    /** Sends the browser on with a GET, to a path of this site that is never taken from a request. */
    public static void redirect(RoutingContext context, String path) {
        context.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, path)
                .end();
    }

    /** Answers not before this time has passed; nothing else waits for it. On routes that may wait. */
    public static void holdBack(RoutingContext context, Duration time) {
        if (time.isPositive()) {
            await(context.vertx().timer(time.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    /** Tells the client when to come back. */
    public static void retryAfter(RoutingContext context, Duration wait) {
        context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds(wait)));
    }

    /** A wait in whole seconds, rounded up, as people read it. */
    public static long seconds(Duration wait) {
        return wait.plusMillis(999).toSeconds();
    }

    /** Who is asking. */
    public Visitor visitor(RoutingContext context) {
        Visitor known = context.get(VISITOR);
        if (known != null) {
            return known;
        }
        Visitor visitor = visitors.of(context.request());
        context.put(VISITOR, visitor);
        return visitor;
    }
}
