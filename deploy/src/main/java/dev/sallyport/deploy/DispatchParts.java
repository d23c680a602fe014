package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.Delivery;
import dev.sallyport.dispatch.DispatchMeters;
import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.News;
import dev.sallyport.dispatch.Senders;
import dev.sallyport.dispatch.callback.CallbackReader;
import dev.sallyport.dispatch.kafka.DispatchLoop;
import dev.sallyport.dispatch.kafka.Handling;
import dev.sallyport.dispatch.kafka.KafkaClients;
import dev.sallyport.dispatch.kafka.Offsets;
import dev.sallyport.dispatch.kafka.OwnRecords;
import dev.sallyport.dispatch.kafka.Producing;
import dev.sallyport.dispatch.kafka.Tail;
import dev.sallyport.dispatch.kafka.Trust;
import dev.sallyport.dispatch.kafka.Unread;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.limit.Regions;
import dev.sallyport.dispatch.limit.SwitchBoard;
import dev.sallyport.dispatch.limit.kafka.StatsFeed;
import dev.sallyport.dispatch.pace.Backoff;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.SmsText;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The dispatcher's role: providers, dispatcher and loop, wired by hand. */
final class DispatchParts {

    private final Lifecycle lifecycle = new Lifecycle();
    private final Map<String, CallbackReader> callbackReaders;
    private final StatsFeed feed;
    private final DispatchLoop loop;

    /** @throws StartFailed if the brand and the site's address don't fit into a text message */
    DispatchParts(
            SallyportConfig config,
            Keyring keyring,
            Clock clock,
            String kafka,
            PhoneScreen phoneScreen,
            MeterRegistry metrics,
            String source) {
        String host = config.siteUrl().getHost();
        SmsText.problem(config.brandName(), host).ifPresent(problem -> {
            throw new StartFailed(problem, null);
        });
        DispatchMeters meters = new DispatchMeters(metrics);
        Pace pace = new Pace(config.sms().rate(), System::nanoTime);
        SmsProviders providers = new SmsProviders(config, phoneScreen, clock, new SecureRandom());
        lifecycle.started("SMS providers", providers::close);
        meters.expectCalls(providers.byName().keySet());
        callbackReaders = providers.callbackReaders();
        Senders senders = new Senders(
                providers.byName().values(),
                providers.router(),
                pace,
                config.sms().callsAtOnce(),
                System::nanoTime);
        Map<String, String> properties = config.kafka().properties();
        DispatchMac mac = new DispatchMac(keyring);
        Trust trust = new Trust(new EventVerifier(keyring), new OwnRecords(mac));
        Producing producing = new Producing(KafkaClients.producer(kafka, properties), trust.own(), source);
        SwitchBoard switches = new SwitchBoard();
        switches.follow(set -> pace.rate(set.rate().orElse(config.sms().rate())));
        switches.follow(providers::follow);
        Limits limits = new Limits(
                config.limits(),
                Regions.read(
                        config.limits(),
                        config.phone().regions(),
                        config.phone().defaultRegion()),
                switches,
                UUID.randomUUID().toString(),
                clock,
                System::nanoTime);
        feed = StatsFeed.connect(kafka, properties, limits, switches, producing::send, trust.own(), clock, source);
        Delivery delivery =
                new Delivery(senders, limits, pace, new Backoff(RandomGenerator.getDefault()), mac, meters, clock);
        Dispatcher dispatcher = new Dispatcher(
                trust.verifier(), new CodeOpener(keyring), delivery, meters, config.brandName(), host, clock);
        Offsets offsets = new Offsets(KafkaClients.admin(kafka, properties), clock);
        loop = new DispatchLoop(
                KafkaClients.groupConsumer(kafka, properties),
                producing,
                new Tail(KafkaClients.tailConsumer(kafka, properties), offsets),
                new Unread(offsets::ends),
                new Handling(dispatcher, trust, new News(meters), producing, meters, clock),
                limits,
                trust,
                pace,
                senders,
                worker(),
                clock);
        new DispatchGauges(meters, loop, limits, pace, senders)
                .register(config.phone().regions());
    }

    /** Names this process for operators. */
    private static String worker() {
        return Operator.host() + '-' + ProcessHandle.current().pid();
    }

    /** Who reads the reports of a provider instance, by its name; without those that report nothing. */
    Map<String, CallbackReader> callbackReaders() {
        return callbackReaders;
    }

    /** Begins to read what others have spent, and joins the group once that is known. */
    void start() {
        lifecycle.started("dispatcher", this::stopBoth);
        feed.start();
        var _ = feed.ready().thenRun(loop::start);
    }

    /** At once, because each waits a little for a broker that may have gone. */
    private void stopBoth() throws InterruptedException {
        Thread feeding = Thread.startVirtualThread(() -> {
            try {
                feed.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        loop.stop();
        feeding.join();
    }

    /** Completed when this process has its first share of the topic. */
    Future<Void> joined() {
        return Future.fromCompletionStage(loop.joined());
    }

    /** Waits, because what is ordered before the dispatcher has its share lies there until it has. */
    void awaitShare() {
        GroupShare.await("The dispatcher", Topics.SMS_SEND, KafkaClients.GROUP, joined(), GroupShare.LIMIT);
    }

    boolean check() {
        return loop.check();
    }

    /** Blocks until what is under way has ended. */
    void stop() {
        lifecycle.stopAll();
    }
}
