package dev.sallyport.deploy;

import static io.vertx.core.Future.await;

import dev.sallyport.Ids;
import dev.sallyport.Role;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.callback.CallbackReader;
import dev.sallyport.dispatch.callback.http.CallbackVerticle;
import dev.sallyport.dispatch.kafka.OwnRecords;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.BrokerCheck;
import dev.sallyport.event.kafka.KafkaEventPublisher;
import dev.sallyport.event.kafka.Stamps;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.session.kafka.SessionRecords;
import dev.sallyport.web.Routes;
import dev.sallyport.web.WebVerticle;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles of one process, wired by hand: this class, {@link WebParts}, {@link AuthzParts}, {@link NewsParts},
 * {@link DispatchParts} and {@link SealParts} are the whole composition. Deployed once, on a virtual thread; its children are the servers.
 */
final class PlatformVerticle extends AbstractVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(PlatformVerticle.class);
    private static final String DISPATCHER_SOURCE = "/sallyport/sms-dispatcher";
    private static final DeploymentOptions ON_VIRTUAL_THREAD =
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);

    private final SallyportConfig config;
    private final Keyring keyring;
    private final Clock clock;
    private final PrometheusMeterRegistry metrics;
    private final String kafka;
    private final String mongo;
    private final SecureRandom random = new SecureRandom();
    private final Lifecycle lifecycle = new Lifecycle();
    private final List<Check> checks = new ArrayList<>();
    private final Servers opened = new Servers(lifecycle);
    private volatile boolean leaving;
    private volatile int httpPort;
    private volatile int managementPort;
    private volatile int authzPort;
    private volatile List<String> routeTable = List.of();

    PlatformVerticle(
            SallyportConfig config,
            Keyring keyring,
            Clock clock,
            PrometheusMeterRegistry metrics,
            String kafka,
            String mongo) {
        this.config = config;
        this.keyring = keyring;
        this.clock = clock;
        this.metrics = metrics;
        this.kafka = kafka;
        this.mongo = mongo;
    }

    @Override
    public void start() {
        try {
            startRoles();
        } catch (RuntimeException e) {
            // Vert.x does not stop what failed to start, and a dispatcher left behind would take messages.
            lifecycle.stopAll();
            throw e;
        }
    }

    private void startRoles() {
        PhoneScreen phoneScreen = new PhoneScreen(clock);
        rereadKeys();
        BrokerCheck broker = new BrokerCheck(kafka, config.kafka().properties());
        lifecycle.started("broker check", broker::close);
        checks.add(new Check("kafka", broker::check));
        Optional<DispatchParts> dispatcher =
                hasRole(Role.SMS_DISPATCHER) ? Optional.of(startDispatcher(phoneScreen)) : Optional.empty();
        Optional<SealParts> sealer = hasRole(Role.AUDIT_SEALER) ? Optional.of(startSealer()) : Optional.empty();
        if (config.activeRoles().stream().anyMatch(Role::isWeb)) {
            startWeb(phoneScreen);
        }
        startManagement();
        dispatcher.ifPresent(DispatchParts::awaitShare);
        sealer.ifPresent(SealParts::awaitShare);
    }

    private void rereadKeys() {
        long period = Keyring.REREAD_EVERY.toMillis();
        long timer = vertx.setPeriodic(
                period, tick -> vertx.executeBlocking(keyring::reload).onSuccess(PlatformVerticle::tell));
        lifecycle.started("keys", () -> vertx.cancelTimer(timer));
    }

    private static void tell(Keyring.Reload reload) {
        if (!reload.reread().isEmpty()) {
            LOG.info("Keys were reread: {}", String.join(", ", reload.reread()));
        }
        reload.problems().forEach(LOG::warn);
    }

    private void startWeb(PhoneScreen phoneScreen) {
        KafkaEventPublisher producer =
                new KafkaEventPublisher(vertx, kafka, config.kafka().properties(), new Stamps(Operator.host()));
        lifecycle.started("producer", producer::close);
        EventPublisher publisher = new MeteredPublisher(producer, metrics);
        MongoDatabase database = MongoDatabase.open(
                vertx,
                mongo,
                config.mongo().database(),
                publisher,
                SessionRecords.beside(new AuditRecords(Version.text())),
                clock);
        lifecycle.started("store", database::close);
        checks.add(new Check("mongo", database::check));
        Ids ids = new Ids(clock, random);
        WebParts parts = new WebParts(vertx, config, keyring, clock, random, ids, database, publisher, metrics);
        lifecycle.started("hashing", parts::stop);
        startNews(parts);
        List<Routes> routes = new ArrayList<>(parts.routes());
        if (config.showsPhoneScreen()) {
            routes.add(new PhoneScreenRoutes(phoneScreen, parts.web()));
            warnOfOnlookers();
        }
        httpPort = Servers.port(config.http().port(), config.http().host(), "SALLYPORT_HTTP_HOST");
        HttpServerOptions options = new HttpServerOptions()
                .setPort(httpPort)
                .setHost(config.http().host())
                .setIdleTimeout(60)
                .setMaxFormFields(32);
        int loops = Platform.eventLoops(config);
        List<WebVerticle> servers = Stream.generate(() -> new WebVerticle(
                        options,
                        parts.web(),
                        parts.assets(),
                        routes,
                        parts.https(),
                        parts.protectedOrigins(),
                        () -> leaving))
                .limit(loops)
                .toList();
        opened.listen(
                vertx, vertx.deployVerticle(servers.iterator()::next, forEachLoop()), httpPort, "SALLYPORT_HTTP_PORT");
        routeTable = servers.getFirst().table();
        parts.authz().ifPresent(this::startAuthz);
    }

    /** In one deployment all that is on virtual threads shares one event loop, so each server gets another one. */
    private DeploymentOptions forEachLoop() {
        return new DeploymentOptions(ON_VIRTUAL_THREAD).setInstances(Platform.eventLoops(config));
    }

    private void startAuthz(AuthzParts parts) {
        authzPort = Servers.port(config.authz().port(), config.authz().host(), "SALLYPORT_AUTHZ_HOST");
        HttpServerOptions options = new HttpServerOptions()
                .setPort(authzPort)
                .setHost(config.authz().host())
                .setIdleTimeout(120);
        opened.listen(
                vertx,
                vertx.deployVerticle(() -> parts.server(options, () -> leaving), forEachLoop()),
                authzPort,
                "SALLYPORT_AUTHZ_PORT");
    }

    private void startNews(WebParts web) {
        Context here = vertx.getOrCreateContext();
        NewsParts parts = new NewsParts(
                config,
                kafka,
                web::keep,
                web.newsDesk(),
                web.sessions(),
                task -> here.runOnContext(_ -> task.run()),
                clock);
        parts.start();
        lifecycle.started(
                "news",
                () -> await(vertx.executeBlocking(() -> {
                    parts.stop();
                    return null;
                })));
    }

    private void warnOfOnlookers() {
        InetAddress address = new InetSocketAddress(config.http().host(), 0).getAddress();
        if (address != null && !address.isLoopbackAddress()) {
            LOG.warn(
                    "The phone screen shows every code to whoever reaches port {} on {}; set SALLYPORT_HTTP_HOST=127.0.0.1"
                            + " unless nobody else can",
                    config.http().port(),
                    config.http().host());
        }
    }

    private DispatchParts startDispatcher(PhoneScreen phoneScreen) {
        DispatchParts parts = new DispatchParts(config, keyring, clock, kafka, phoneScreen, metrics, DISPATCHER_SOURCE);
        parts.start();
        lifecycle.started(
                "dispatcher",
                () -> await(vertx.executeBlocking(() -> {
                    parts.stop();
                    return null;
                })));
        checks.add(new Check("dispatcher", parts::check));
        Map<String, CallbackReader> readers = parts.callbackReaders();
        if (!readers.isEmpty()) {
            config.sms().callbackUrl().ifPresent(url -> startCallbacks(url, readers));
        }
        return parts;
    }

    private void startCallbacks(URI publicUrl, Map<String, CallbackReader> readers) {
        KafkaEventPublisher producer = KafkaEventPublisher.forTopic(
                vertx, kafka, config.kafka().properties(), Topics.SMS_CALLBACK, DISPATCHER_SOURCE);
        lifecycle.started("producer of reports", producer::close);
        HttpServerOptions options = new HttpServerOptions()
                .setPort(config.sms().callbackPort())
                .setHost(config.sms().callbackHost())
                .setIdleTimeout(15);
        CallbackVerticle callbacks = new CallbackVerticle(
                options,
                publicUrl,
                readers,
                new OwnRecords(new DispatchMac(keyring)),
                new MeteredPublisher(producer, metrics));
        opened.listen(
                vertx,
                vertx.deployVerticle(callbacks, ON_VIRTUAL_THREAD),
                config.sms().callbackPort(),
                "SALLYPORT_SMS_CALLBACK_PORT");
    }

    private SealParts startSealer() {
        SealParts parts = new SealParts(config, keyring, clock, kafka, metrics);
        parts.start();
        lifecycle.started(
                "audit sealer",
                () -> await(vertx.executeBlocking(() -> {
                    parts.stop();
                    return null;
                })));
        checks.add(new Check("audit-sealer", parts::check));
        return parts;
    }

    private void startManagement() {
        HttpServerOptions options = new HttpServerOptions()
                .setPort(config.management().port())
                .setHost(config.management().host())
                .setIdleTimeout(60);
        ManagementVerticle management = new ManagementVerticle(options, List.copyOf(checks), metrics, () -> leaving);
        opened.listen(
                vertx,
                vertx.deployVerticle(management, ON_VIRTUAL_THREAD),
                config.management().port(),
                "SALLYPORT_MANAGEMENT_PORT");
        managementPort = management.port();
    }

    private boolean hasRole(Role role) {
        return config.activeRoles().contains(role);
    }

    /** From now on its health says that it leaves, and no connection is kept. */
    void leave() {
        leaving = true;
    }

    int httpPort() {
        return httpPort;
    }

    int managementPort() {
        return managementPort;
    }

    int authzPort() {
        return authzPort;
    }

    List<String> routeTable() {
        return routeTable;
    }

    @Override
    public void stop() {
        lifecycle.stopAll();
    }
}
