package dev.sallyport.deploy;

import dev.sallyport.StoreUnavailable;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.deploy.embedded.DataFolder;
import dev.sallyport.event.kafka.Grantee;
import dev.sallyport.event.kafka.KafkaEventPublisher;
import dev.sallyport.event.kafka.KafkaProblem;
import dev.sallyport.event.kafka.Stamps;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.session.kafka.SessionRecords;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.ToIntFunction;

/** The platform that an operator's command works on, found by the same configuration. */
final class RunningPlatform {

    /** Who these commands are in Kafka. */
    private static final String USER = "users";

    private final SallyportConfig config;

    private RunningPlatform(SallyportConfig config) {
        this.config = config;
    }

    /**
     * Looks for it.
     *
     * @throws dev.sallyport.ExpectedFailure with a sentence that says what to do, if it is not there
     */
    static RunningPlatform find(SallyportConfig config) {
        RunningPlatform platform = new RunningPlatform(config);
        // Without this check, a folder that no platform uses would be found out only by what no platform can decrypt.
        if (config.runsEmbeddedServers() && !DataFolder.isHeld(config.dataDir())) {
            throw new CommandFailed(
                    "No platform runs on the data folder "
                            + config.dataDir().toAbsolutePath().normalize()
                            + "; start it with ./sallyport up, or name the folder of one that runs with"
                            + " SALLYPORT_DATA_DIR.",
                    null);
        }
        try {
            Platform.agreeOnTopics(config, Addresses.kafka(config), Grantee.rightsOf(USER));
        } catch (KafkaProblem e) {
            throw config.runsEmbeddedServers() ? platform.portsDiffer(e) : e;
        }
        return platform;
    }

    /** Does work with its database, where that can wait, and returns the command's exit code. */
    int work(ToIntFunction<MongoDatabase> work) {
        Vertx vertx = Vertx.vertx(Platform.options());
        try {
            return VirtualThreads.call(vertx, () -> work(vertx, work));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private int work(Vertx vertx, ToIntFunction<MongoDatabase> work) {
        Lifecycle lifecycle = new Lifecycle();
        try {
            KafkaEventPublisher publisher = new KafkaEventPublisher(
                    vertx, Addresses.kafka(config), config.kafka().properties(), new Stamps(Operator.host()));
            lifecycle.started("producer", publisher::close);
            MongoDatabase database = open(vertx, publisher);
            lifecycle.started("store", database::close);
            return work.applyAsInt(database);
        } finally {
            lifecycle.stopAll();
        }
    }

    private MongoDatabase open(Vertx vertx, KafkaEventPublisher publisher) {
        try {
            return MongoDatabase.open(
                    vertx,
                    Addresses.mongo(config),
                    config.mongo().database(),
                    publisher,
                    SessionRecords.beside(new AuditRecords(Version.text())),
                    Clock.systemUTC());
        } catch (StoreUnavailable e) {
            throw config.runsEmbeddedServers() ? portsDiffer(e) : e;
        }
    }

    private CommandFailed portsDiffer(Throwable cause) {
        return new CommandFailed(
                "The platform on " + config.dataDir().toAbsolutePath().normalize() + " does not answer at "
                        + Addresses.kafka(config) + " and " + Addresses.mongo(config)
                        + "; set SALLYPORT_EMBEDDED_KAFKA_PORT and SALLYPORT_EMBEDDED_MONGO_PORT as they were set for"
                        + " it.",
                cause);
    }
}
