package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.config.SallyportConfig.SmsInstance;
import dev.sallyport.config.Secret;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.callback.CallbackReader;
import dev.sallyport.dispatch.limit.Switches;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import dev.sallyport.dispatch.phonescreen.PhoneScreenSmsProvider;
import dev.sallyport.dispatch.route.Router;
import dev.sallyport.dispatch.route.Routes;
import dev.sallyport.dispatch.twilio.TwilioCallbacks;
import dev.sallyport.dispatch.twilio.TwilioConfig;
import dev.sallyport.dispatch.twilio.TwilioErrors;
import dev.sallyport.dispatch.twilio.TwilioSmsProvider;
import dev.sallyport.dispatch.webhook.WebhookCallbacks;
import dev.sallyport.dispatch.webhook.WebhookConfig;
import dev.sallyport.dispatch.webhook.WebhookKeys;
import dev.sallyport.dispatch.webhook.WebhookReports;
import dev.sallyport.dispatch.webhook.WebhookSmsProvider;
import java.net.URI;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The provider instances of a dispatcher, and the routes between them. */
final class SmsProviders {

    private static final Logger LOG = LoggerFactory.getLogger(SmsProviders.class);

    /** The end of the path of {@code SALLYPORT_SMS_CALLBACK_URL}. */
    private static final Pattern CALLBACKS = Pattern.compile("/callbacks(?=[?#]|$)");

    private final SallyportConfig config;
    private final Clock clock;
    private final Lifecycle lifecycle = new Lifecycle();
    private final SortedMap<String, SmsProvider> byName = new TreeMap<>();
    private final SortedMap<String, CallbackReader> callbackReaders = new TreeMap<>();
    private final Router router;

    /** @throws StartFailed naming the instance that can't be used, and why */
    SmsProviders(SallyportConfig config, PhoneScreen phoneScreen, Clock clock, RandomGenerator random) {
        this.config = config;
        this.clock = clock;
        try {
            config.smsInstances().forEach((name, instance) -> byName.put(name, build(name, instance, phoneScreen)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        router = new Router(routes(config), random);
    }

    /** Never empty. */
    SortedMap<String, SmsProvider> byName() {
        return Collections.unmodifiableSortedMap(byName);
    }

    /** Who reads the reports of a provider instance, by its name; without those that report nothing. */
    Map<String, CallbackReader> callbackReaders() {
        return Collections.unmodifiableSortedMap(callbackReaders);
    }

    Router router() {
        return router;
    }

    /** Routes as operators have set it, and where they have not as it is configured. */
    void follow(Switches set) {
        Routes routes = routes(config);
        for (Map.Entry<String, Map<String, Integer>> route : set.routes().entrySet()) {
            try {
                routes = routes.with(route.getKey(), route.getValue());
            } catch (IllegalArgumentException e) {
                LOG.warn("A switch is ignored: {}", e.getMessage());
            }
        }
        router.follow(routes);
    }

    /** Waits for calls under way. */
    void close() {
        lifecycle.stopAll();
    }

    private SmsProvider build(String name, SmsInstance instance, PhoneScreen phoneScreen) {
        try {
            return switch (instance) {
                case SallyportConfig.PhoneScreen() -> new PhoneScreenSmsProvider(name, phoneScreen);
                case SallyportConfig.Twilio twilio -> twilio(name, twilio);
                case SallyportConfig.Webhook webhook -> webhook(name, webhook);
            };
        } catch (IllegalArgumentException e) {
            throw new StartFailed("The SMS provider %s can't be used: %s".formatted(name, e.getMessage()), e);
        }
    }

    private SmsProvider twilio(String name, SallyportConfig.Twilio twilio) {
        TwilioConfig account = new TwilioConfig(
                twilio.accountSid().orElseThrow(),
                twilio.authToken().map(Secret::value).orElseThrow(),
                twilio.from().orElseThrow(),
                twilio.baseUrl(),
                config.sms().callbackUrl().map(url -> callbackUrl(url, name)));
        TwilioErrors errors =
                twilio.errorsFile().map(TwilioErrors.bundled()::with).orElseGet(TwilioErrors::bundled);
        TwilioSmsProvider provider = new TwilioSmsProvider(name, account, errors);
        lifecycle.started(name, provider::close);
        Optional<String> oldToken = twilio.oldAuthToken().map(Secret::value);
        callbackReaders.put(name, new TwilioCallbacks(name, account, oldToken, errors, clock));
        return provider;
    }

    /** Each instance reports to an address of its own; query and fragment stay behind it. */
    private static URI callbackUrl(URI callbacks, String name) {
        String url = callbacks.toString();
        int end = CALLBACKS.matcher(url).results().findFirst().orElseThrow().end();
        return URI.create(url.substring(0, end) + '/' + name + url.substring(end));
    }

    private SmsProvider webhook(String name, SallyportConfig.Webhook webhook) {
        List<String> secrets = webhook.secret().stream().map(Secret::value).toList();
        URI url = URI.create(webhook.url().map(Secret::value).orElseThrow());
        WebhookKeys keys = new WebhookKeys(secrets);
        WebhookSmsProvider provider = new WebhookSmsProvider(new WebhookConfig(name, url, keys), clock);
        lifecycle.started(name, provider::close);
        callbackReaders.put(name, new WebhookCallbacks(name, new WebhookReports(keys, clock)));
        return provider;
    }

    private static Routes routes(SallyportConfig config) {
        Map<String, Map<String, Integer>> weights = new HashMap<>();
        config.sms().routes().forEach((region, route) -> {
            boolean others = region.equals(Routes.DEFAULT);
            weights.put(others ? region : region.toUpperCase(Locale.ROOT), route.byName());
        });
        return new Routes(config.smsInstances().keySet(), weights);
    }
}
