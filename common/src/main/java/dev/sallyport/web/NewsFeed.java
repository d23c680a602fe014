package dev.sallyport.web;

import dev.sallyport.StoreUnavailable;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.news.NewestMessage;
import dev.sallyport.sms.news.NewsDesk;
import dev.sallyport.web.NewsWords.Ways;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The news of a message on a page that waits for its code: in the page itself, from the store, and live as server-sent
 * events, from the store and then from the tail of {@code sallyport.sms.outcome}. A stream ends with its challenge, at
 * the latest when that expires.
 */
public final class NewsFeed {

    /**
     * A message that somebody waits for.
     *
     * @param masked its number as its owner may see it
     */
    public record Watched(Challenge challenge, NewestMessage message, String masked, Ways ways) {

        /** The newest message of a challenge; empty if there is nothing to tell of any. */
        public static Optional<Watched> of(Challenge challenge, Ways ways) {
            return challenge.text().flatMap(text -> text.newest()
                    .map(message -> new Watched(challenge, message, text.masked(), ways)));
        }
    }

    /** No proxy takes a stream for dead that says something this often, and nothing is missed for longer. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    /** The topic may have told it before the stream was open, and the store a moment after. */
    private static final Duration LOOK_FIRST = Duration.ofSeconds(2);

    private static final Duration AT_LEAST = Duration.ofMillis(100);
    private static final String COME_BACK_AFTER_SECONDS = "30";
    private static final int NOTHING_HERE = 204;
    private static final int TOO_MANY = 429;

    private final NewsDesk desk;
    private final Clock clock;

    public NewsFeed(NewsDesk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /** What the page says of a message now. */
    public Map<String, Object> shown(Watched watched) {
        return NewsWords.of(watched.message().state(clock.instant()), watched.masked(), watched.ways());
    }

    /**
     * Answers with a stream of what the page would say, a new event for each change; with 204, after which browsers
     * don't ask again, if there is nothing to tell.
     *
     * @param find looks into the store again and again, where it can wait; finds what this browser may know and no more
     */
    public void open(RoutingContext context, Supplier<Optional<Watched>> find) {
        HttpServerResponse response = context.response();
        Optional<Watched> found = find.get();
        if (found.isEmpty()) {
            response.setStatusCode(NOTHING_HERE).end();
            return;
        }
        Subscription subscription = new Subscription(context, found.get(), find);
        if (HttpMethod.HEAD.equals(context.request().method())) {
            subscription.head().end();
            return;
        }
        Context place = context.vertx().getOrCreateContext();
        Optional<Runnable> leave = desk.listen(
                found.get().challenge().id(), outcome -> place.runOnContext(_ -> subscription.hear(outcome)));
        if (leave.isPresent()) {
            subscription.start(leave.get());
        } else {
            response.setStatusCode(TOO_MANY)
                    .putHeader(HttpHeaders.RETRY_AFTER, COME_BACK_AFTER_SECONDS)
                    .end();
        }
    }

    /** One open stream. Used on its own context only; what it hears while it waits for the store is merged. */
    private final class Subscription {

        private final RoutingContext context;
        private final HttpServerResponse response;
        private final Supplier<Optional<Watched>> find;
        private Watched watched;
        private String said = "";
        private Duration lookAfter = LOOK_FIRST;
        private long timer;
        private boolean over;

        Subscription(RoutingContext context, Watched watched, Supplier<Optional<Watched>> find) {
            this.context = context;
            this.response = context.response();
            this.watched = watched;
            this.find = find;
        }

        HttpServerResponse head() {
            return response.setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                    .putHeader("X-Accel-Buffering", "no");
        }

        void start(Runnable leave) {
            response.closeHandler(_ -> stop(leave));
            response.endHandler(_ -> stop(leave));
            // A node that stops lets go of its streams at once; browsers then ask another one.
            context.request().connection().shutdownHandler(_ -> end());
            head().write("retry: 2000\n\n");
            look();
        }

        private void stop(Runnable leave) {
            over = true;
            context.vertx().cancelTimer(timer);
            leave.run();
        }

        void hear(Outcome outcome) {
            learn(watched.message().after(outcome));
            tell(false);
        }

        /** What came between the page and the stream, or never came by the topic, is in the store. */
        private void look() {
            Optional<Watched> found;
            try {
                found = find.get();
            } catch (StoreUnavailable e) {
                found = Optional.of(watched);
            }
            if (found.isEmpty()) {
                write("event: over\ndata: over\n\n");
                end();
                return;
            }
            NewestMessage heard = watched.message();
            watched = found.get();
            learn(watched.message().after(heard));
            tell(true);
            if (!over) {
                timer = context.vertx().setTimer(untilNextLook().toMillis(), _ -> look());
                lookAfter =
                        lookAfter.multipliedBy(2).compareTo(LOOK_EVERY) < 0 ? lookAfter.multipliedBy(2) : LOOK_EVERY;
            }
        }

        private void learn(NewestMessage message) {
            watched = new Watched(watched.challenge(), message, watched.masked(), watched.ways());
        }

        private Duration untilNextLook() {
            Duration life =
                    Duration.between(clock.instant(), watched.challenge().expiresAt());
            Optional<Duration> change = watched.message().untilChange(clock.instant());
            return Stream.concat(Stream.of(lookAfter, life), change.stream())
                    .min(Duration::compareTo)
                    .filter(wait -> wait.compareTo(AT_LEAST) > 0)
                    .orElse(AT_LEAST);
        }

        /** @param alive says something even if there is nothing new */
        private void tell(boolean alive) {
            String words = new JsonObject(shown(watched)).encode();
            if (!words.equals(said)) {
                said = words;
                write("data: " + words + "\n\n");
            } else if (alive) {
                write(":\n\n");
            }
        }

        private void write(String text) {
            if (over || response.ended() || response.closed()) {
                return;
            }
            if (response.writeQueueFull()) {
                // Nobody reads it any more.
                context.request().connection().close();
            } else {
                response.write(text);
            }
        }

        private void end() {
            if (!response.ended() && !response.closed()) {
                response.end();
            }
        }
    }
}
