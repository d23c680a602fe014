package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.session.CachedSessions;
import dev.sallyport.session.kafka.SessionTail;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.news.NewsDesk;
import dev.sallyport.sms.news.kafka.OutcomeKeeper;
import dev.sallyport.sms.news.kafka.OutcomeTail;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What brings the web roles the news of messages and of sessions, wired by hand. */
final class NewsParts {

    private final Lifecycle lifecycle = new Lifecycle();
    private final OutcomeKeeper keeper;
    private final OutcomeTail tail;
    private final SessionTail sessionTail;

    /**
     * @param keep writes an outcome into its challenge
     * @param places where that can wait
     */
    NewsParts(
            SallyportConfig config,
            String kafka,
            Consumer<Outcome> keep,
            NewsDesk desk,
            CachedSessions sessions,
            Executor places,
            Clock clock) {
        var properties = config.kafka().properties();
        keeper = new OutcomeKeeper(kafka, properties, keep, places, clock);
        tail = new OutcomeTail(kafka, properties, desk::tell, clock);
        sessionTail = new SessionTail(kafka, properties, sessions);
    }

    /** Returns at once: nobody is kept from signing in by news that come a moment later. */
    void start() {
        keeper.start();
        lifecycle.started("news keeper", keeper::stop);
        tail.start();
        lifecycle.started("news tail", tail::stop);
        sessionTail.start();
        lifecycle.started("session tail", sessionTail::stop);
    }

    /** Blocks until all have disconnected. */
    void stop() {
        lifecycle.stopAll();
    }
}
