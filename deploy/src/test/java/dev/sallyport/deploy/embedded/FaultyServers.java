package dev.sallyport.deploy.embedded;

import dev.sallyport.deploy.TcpProxy;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.testing.Folders;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A broker and a store whose cables a test can pull out; tests share them, and put the cables back. One platform at a
 * time may dispatch from this broker, since all dispatchers of a broker are one group.
 */
public final class FaultyServers implements AutoCloseable {

    /** Ends with the JVM. */
    private static final class Shared {

        static final FaultyServers INSTANCE = new FaultyServers();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close, "faulty-servers-stop"));
        }
    }

    private final Path folder = Folders.temporary("sallyport-faulty-");
    private final EmbeddedKafka kafka;
    private final EmbeddedMongo mongo;
    private final TcpProxy toKafka = new TcpProxy();
    private final TcpProxy toMongo = new TcpProxy();

    private FaultyServers() {
        mongo = new EmbeddedMongo(folder.resolve("mongo"), 0);
        mongo.start();
        toMongo.plugInto(mongo.address().getPort());
        kafka = new EmbeddedKafka(folder.resolve("kafka"), 0, OptionalInt.of(toKafka.port()));
        kafka.start();
        toKafka.plugInto(kafka.address().getPort());
        try (TopicAdmin admin = new TopicAdmin(bootstrapServers(), Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
    }

    public static FaultyServers shared() {
        return Shared.INSTANCE;
    }

    /** Some of its own, to be closed. */
    public static FaultyServers start() {
        return new FaultyServers();
    }

    public TcpProxy toKafka() {
        return toKafka;
    }

    public TcpProxy toMongo() {
        return toMongo;
    }

    /** Through the cable. */
    public String bootstrapServers() {
        return "127.0.0.1:" + toKafka.port();
    }

    /** Through the cable, without a database. */
    public String mongoUri() {
        return "mongodb://127.0.0.1:" + toMongo.port();
    }

    /** Past the cable. */
    public String directMongoUri() {
        return mongo.uri();
    }

    /** Settings of a platform on these servers, with a database of its own. */
    public Map<String, String> settings(String database) {
        return Map.of(
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers(),
                "SALLYPORT_MONGO_URI",
                mongoUri() + "/" + database,
                "SALLYPORT_MONGO_DATABASE",
                database);
    }

    public void restore() {
        toKafka.restore();
        toMongo.restore();
    }

    @Override
    public void close() {
        toKafka.close();
        toMongo.close();
        kafka.stop();
        mongo.stop();
        Folders.delete(folder);
    }
}
