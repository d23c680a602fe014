package dev.sallyport.deploy;

import static io.vertx.core.Future.await;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.kafka.DispatchLoop;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.SmsText;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The dispatcher's role: providers, dispatcher and loop, wired by hand. */
final class DispatchParts {

    private final Lifecycle lifecycle = new Lifecycle();
    private final DispatchLoop loop;

    /** @throws StartFailed if the brand and the site's address don't fit into a text message */
    DispatchParts(
            SallyportConfig config,
            Keyring keyring,
            Clock clock,
            String kafka,
            PhoneScreen phoneScreen,
            String source) {
        String host = config.siteUrl().getHost();
        SmsText.problem(config.brandName(), host).ifPresent(problem -> {
            throw new StartFailed(problem, null);
        });
        SmsProviders providers = new SmsProviders(config, phoneScreen, clock, new SecureRandom());
        lifecycle.started("SMS providers", providers::close);
        Dispatcher dispatcher = new Dispatcher(
                new EventVerifier(keyring),
                new CodeOpener(keyring),
                providers.byName().firstEntry().getValue(),
                config.brandName(),
                host,
                clock);
        loop = DispatchLoop.connect(kafka, config.kafka().properties(), dispatcher, clock, source);
    }

    void start() {
        loop.start();
        lifecycle.started("dispatcher", loop::stop);
    }

    /** Completed when this process has its first share of the topic. */
    Future<Void> joined() {
        return Future.fromCompletionStage(loop.joined());
    }

    /**
     * Waits, because what is ordered before the dispatcher has its share lies there until it has.
     *
     * @throws StartFailed if it gets none
     */
    static void awaitShare(Future<Void> joined, Duration limit) {
        try {
            await(joined.timeout(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (Exception e) {
            throw new StartFailed(
                    "The dispatcher was given no share of %s (waited up to %d s); see that this process may join Kafka's"
                                    .formatted(Topics.SMS_SEND, limit.toSeconds())
                            + " group %s, that no other program is in that group, and start again."
                                    .formatted(DispatchLoop.GROUP),
                    e);
        }
    }

    boolean check() {
        return loop.check();
    }

    /** Blocks until what is under way has ended. */
    void stop() {
        lifecycle.stopAll();
    }
}
