package dev.sallyport.web;

import dev.sallyport.StoreUnavailable;
import dev.sallyport.password.HashingOverloaded;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that answers failures: people read calm general words, the log gets the cause. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Web web;
    private final Router router;

    Failures(Web web, Router router) {
        this.web = web;
        this.router = router;
    }

    void mount() {
        router.route().failureHandler(context -> answer(context, context.statusCode()));
        for (int status : new int[] {400, 404, 405, 406, 415}) {
            // The context does not always know the status that the router has decided on.
            router.errorHandler(status, context -> answer(context, status));
        }
    }

    private void answer(RoutingContext context, int status) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        if (context.response().headWritten()) {
            context.request().connection().close();
            return;
        }
        Refusal refusal = refusal(context, status);
        if (refusal.status() == 405) {
            context.response().putHeader(HttpHeaders.ALLOW, allowed(context));
        }
        refusal.retryAfter().ifPresent(wait -> context.response()
                .putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds()))));
        Map<String, Object> shown = new HashMap<>();
        shown.put("status", refusal.status());
        shown.put("heading", refusal.heading());
        shown.put("text", refusal.text());
        shown.put("action", Map.of("href", "/", "label", "Go to the first page"));
        web.page(context, refusal.status(), "error", shown);
    }

    private static Refusal refusal(RoutingContext context, int status) {
        Throwable cause = context.failure();
        return switch (cause) {
            case Refusal refusal -> refusal;
            case HashingOverloaded overloaded -> busy(overloaded.retryAfter());
            case StoreUnavailable unavailable -> {
                LOG.warn("{}", unavailable.getMessage(), unavailable.getCause());
                yield busy(SOON);
            }
            case null, default -> byStatus(context, status);
        };
    }

    private static Refusal byStatus(RoutingContext context, int status) {
        return switch (status) {
            case 400 -> damaged();
            case 404 -> new Refusal(404, "There is nothing here", "Check the address, or start at the first page.");
            case 405 -> new Refusal(405, "Not this way", "This address does not answer that kind of request.");
            case 413 -> new Refusal(413, "That was too much", "The form was larger than any of ours. Type less.");
            case 415 -> new Refusal(415, "That was no form of ours", "Send it as a form from the page itself.");
            default -> {
                if (status >= 400 && status < 500) {
                    yield new Refusal(status, "That did not work", "Go back and try again.");
                }
                if (Web.isReading(context)) {
                    yield damaged();
                }
                LOG.error("{} {} failed", context.request().method(), context.normalizedPath(), context.failure());
                yield new Refusal(500, "Something went wrong", "It is not your fault. Try again in a moment.");
            }
        };
    }

    private static Refusal damaged() {
        return new Refusal(400, "That could not be read", "The request was damaged. Go back and try again.");
    }

    private static Refusal busy(Duration retryAfter) {
        return new Refusal(
                503, "Busy just now", "Nothing was lost. Try again in a few seconds.", Optional.of(retryAfter));
    }

    private String allowed(RoutingContext context) {
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            if (context.normalizedPath().equals(route.getPath()) && route.methods() != null) {
                route.methods().forEach(method -> methods.add(method.name()));
            }
        }
        return String.join(", ", methods);
    }
}
