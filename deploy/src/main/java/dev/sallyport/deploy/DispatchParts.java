package dev.sallyport.deploy;

import static io.vertx.core.Future.await;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.config.SallyportConfig.SmsProviderName;
import dev.sallyport.config.Secret;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.callback.CallbackReader;
import dev.sallyport.dispatch.kafka.DispatchLoop;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import dev.sallyport.dispatch.phonescreen.PhoneScreenSmsProvider;
import dev.sallyport.dispatch.twilio.TwilioCallbacks;
import dev.sallyport.dispatch.twilio.TwilioConfig;
import dev.sallyport.dispatch.twilio.TwilioSmsProvider;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.SmsText;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The dispatcher's role: provider, dispatcher and loop, wired by hand. */
final class DispatchParts {

    private final Lifecycle lifecycle = new Lifecycle();
    private final Map<String, CallbackReader> callbackReaders = new TreeMap<>();
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
        Dispatcher dispatcher = new Dispatcher(
                new EventVerifier(keyring),
                new CodeOpener(keyring),
                provider(config, phoneScreen, clock),
                config.brandName(),
                host,
                clock);
        loop = DispatchLoop.connect(kafka, config.kafka().properties(), dispatcher, clock, source);
    }

    private SmsProvider provider(SallyportConfig config, PhoneScreen phoneScreen, Clock clock) {
        if (config.sms().provider() == SmsProviderName.PHONE_SCREEN) {
            return new PhoneScreenSmsProvider(phoneScreen);
        }
        var twilio = config.twilio();
        TwilioConfig account = new TwilioConfig(
                twilio.accountSid().orElseThrow(),
                twilio.authToken().map(Secret::value).orElseThrow(),
                twilio.from().orElseThrow(),
                twilio.baseUrl(),
                config.sms().callbackUrl());
        TwilioSmsProvider provider = new TwilioSmsProvider(account);
        lifecycle.started("Twilio", provider::close);
        Optional<String> oldToken = twilio.oldAuthToken().map(Secret::value);
        callbackReaders.put(provider.name(), new TwilioCallbacks(provider.name(), account, oldToken, clock));
        return provider;
    }

    /** Who reads the reports of a provider instance, by its name; without those that report nothing. */
    Map<String, CallbackReader> callbackReaders() {
        return Map.copyOf(callbackReaders);
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
