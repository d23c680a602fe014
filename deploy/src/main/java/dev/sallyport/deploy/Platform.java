package dev.sallyport.deploy;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.deploy.embedded.DataFolder;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.deploy.embedded.EmbeddedMongo;
import dev.sallyport.event.kafka.Grantee;
import dev.sallyport.event.kafka.Right;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * One running process: embedded servers where none are configured, keys, topics, and the roles. Started and stopped from
 * a plain thread.
 */
public final class Platform {

    private final SallyportConfig config;
    private final Lifecycle lifecycle;
    private final PlatformVerticle verticle;
    private final String kafka;
    private final String mongo;

    private Platform(
            SallyportConfig config, Lifecycle lifecycle, PlatformVerticle verticle, String kafka, String mongo) {
        this.config = config;
        this.lifecycle = lifecycle;
        this.verticle = verticle;
        this.kafka = kafka;
        this.mongo = mongo;
    }

    /**
     * Starts everything that the configuration asks for; returns when it is ready.
     *
     * @throws ExpectedFailure with a sentence that says what to do, if it can't; nothing is left running then
     */
    public static Platform start(SallyportConfig config, Clock clock) {
        Lifecycle lifecycle = new Lifecycle();
        try {
            return start(config, clock, lifecycle);
        } catch (IllegalArgumentException e) {
            // A setting that only its own part can judge; the message is its sentence.
            lifecycle.stopAll();
            throw new StartFailed(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            lifecycle.stopAll();
            throw e;
        }
    }

    private static Platform start(SallyportConfig config, Clock clock, Lifecycle lifecycle) {
        String kafka = Addresses.kafka(config);
        String mongo = Addresses.mongo(config);
        if (config.runsEmbeddedServers()) {
            DataFolder folder = DataFolder.open(config.dataDir());
            lifecycle.started("data folder", folder::close);
            EmbeddedMongo embeddedMongo = new EmbeddedMongo(
                    folder.path().resolve("mongo"), config.embedded().mongoPort());
            embeddedMongo.start();
            lifecycle.started("embedded MongoDB-protocol server", embeddedMongo::stop);
            mongo = embeddedMongo.uri();
            EmbeddedKafka embeddedKafka = new EmbeddedKafka(
                    folder.path().resolve("kafka"), config.embedded().kafkaPort());
            embeddedKafka.start();
            lifecycle.started("embedded Kafka broker", embeddedKafka::stop);
            kafka = embeddedKafka.bootstrapServers();
            new KeyFolder(config.keysFolder()).init();
        }
        Keyring keyring = Keyring.open(config.keysFolder(), config.activeRoles());
        agreeOnTopics(config, kafka, Grantee.rightsOf(config.activeRoles()));
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Vertx vertx = Vertx.vertx(options().setEventLoopPoolSize(eventLoops(config)));
        lifecycle.started("Vert.x", () -> await(vertx.close()));
        PlatformVerticle verticle = new PlatformVerticle(config, keyring, clock, metrics, kafka, mongo);
        DeploymentOptions onVirtualThread = new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
        String deployment = await(vertx.deployVerticle(verticle, onVirtualThread));
        lifecycle.started("roles", () -> await(vertx.undeploy(deployment)));
        return new Platform(config, lifecycle, verticle, kafka, mongo);
    }

    /**
     * The embedded broker gets its topics; on any other they must be as planned.
     *
     * @param rights what this process has to be allowed there
     */
    static void agreeOnTopics(SallyportConfig config, String kafka, Collection<Right> rights) {
        Map<String, String> properties = config.kafka().properties();
        List<TopicPlan> plans =
                TopicPlan.all(Addresses.replication(config), config.kafka().smsPartitions());
        try (TopicAdmin admin = new TopicAdmin(kafka, properties)) {
            if (config.runsEmbeddedServers()) {
                admin.apply(plans);
                admin.set(plans);
            } else {
                requireRights(admin, rights, plans);
            }
            List<String> differences = admin.differences(plans);
            if (!differences.isEmpty()) {
                throw new StartFailed(
                        "The topics in Kafka are not as this version needs them (./sallyport topics apply creates"
                                + " missing ones): " + String.join(" ", differences),
                        null);
            }
        }
    }

    /** Before anything is done, since most of what is lacking would only show when somebody waits for it. */
    private static void requireRights(TopicAdmin admin, Collection<Right> rights, List<TopicPlan> plans) {
        List<String> topics = plans.stream().map(TopicPlan::name).toList();
        admin.rights().lacking(rights, topics).ifPresent(lacking -> {
            throw new StartFailed(
                    "In Kafka this process's user lacks %s (./sallyport topics rights prints what each user needs)."
                            .formatted(lacking),
                    null);
        });
    }

    /** Nothing is served from files or the class path by name, so a killed process leaves no folder of copies behind. */
    static VertxOptions options() {
        return new VertxOptions().setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false));
    }

    static int eventLoops(SallyportConfig config) {
        int configured = config.http().eventLoops();
        return configured > 0 ? configured : 2 * Runtime.getRuntime().availableProcessors();
    }

    /** Waits on a plain thread. */
    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ExpectedFailure expected) {
                throw expected;
            }
            if (e.getCause() instanceof IllegalArgumentException judged) {
                throw judged;
            }
            throw e;
        }
    }

    /** Lets proxies know that it leaves, goes on answering while they hear of it, and stops. */
    void leave() {
        verticle.leave();
        boolean behindProxies = verticle.httpPort() > 0 && !config.runsEmbeddedServers();
        if (behindProxies) {
            try {
                Thread.sleep(config.http().drain());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        stop();
    }

    /** Stops everything in reverse order, and waits. */
    public void stop() {
        lifecycle.stopAll();
    }

    /** The port of the pages; 0 where no web role runs. */
    public int httpPort() {
        return verticle.httpPort();
    }

    public int managementPort() {
        return verticle.managementPort();
    }

    /** The port on which proxies ask; 0 where this process does not answer them. */
    public int authzPort() {
        return verticle.authzPort();
    }

    /** What the pages' port answers, such as {@code POST /sign-up}; empty where no web role runs. */
    List<String> routeTable() {
        return verticle.routeTable();
    }

    public String kafkaAddress() {
        return kafka;
    }

    public String mongoUri() {
        return mongo;
    }

    /** What to read and where to click, for a person at a terminal. */
    String greeting() {
        StringBuilder text = new StringBuilder("\nSallyport is up");
        if (verticle.httpPort() > 0) {
            text.append(": ").append(config.siteUrl());
            text.append("\n  sign up       ").append(config.siteUrl()).append("/sign-up");
        }
        if (config.showsPhoneScreen() && verticle.httpPort() > 0) {
            text.append("\n  phone screen  ").append(config.siteUrl()).append("/dev/phone");
        }
        if (verticle.authzPort() > 0) {
            text.append("\n  proxies       ask http://")
                    .append(config.authz().host())
                    .append(':')
                    .append(verticle.authzPort())
                    .append("/authz/forward-auth");
        }
        text.append("\n  health        http://")
                .append(config.management().host())
                .append(':')
                .append(verticle.managementPort())
                .append("/health/ready");
        if (config.runsEmbeddedServers()) {
            text.append("\n  Kafka         ")
                    .append(kafka)
                    .append("   (try: kcat -b ")
                    .append(kafka);
            text.append(" -t sallyport.audit -C)");
            text.append("\n  MongoDB       ").append(mongo);
            text.append("\n  data          ")
                    .append(config.dataDir().toAbsolutePath().normalize());
        }
        return text.append("\nCtrl-C stops it.").toString();
    }
}
