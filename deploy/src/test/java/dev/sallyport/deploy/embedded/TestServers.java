package dev.sallyport.deploy.embedded;

import dev.sallyport.testing.Folders;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * One broker and one store for all tests of this JVM, on free ports, started when first asked for and gone with the
 * JVM. Tests share them: each takes a database, topics and groups of its own names.
 */
public final class TestServers {

    private TestServers() {}

    /** The connection string of a database. */
    public static String mongoUri(String database) {
        return Servers.MONGO.uri() + "/" + database;
    }

    /** The broker's {@code host:port}. */
    public static String bootstrapServers() {
        return Servers.KAFKA.bootstrapServers();
    }

    /** The language's own rule for "once, when first needed, for all threads" is class initialization. */
    private static final class Servers {

        static final EmbeddedKafka KAFKA;
        static final EmbeddedMongo MONGO;

        static {
            Path folder = Folders.temporary("sallyport-test-");
            KAFKA = new EmbeddedKafka(folder.resolve("kafka"), 0);
            MONGO = new EmbeddedMongo(folder.resolve("mongo"), 0);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndDelete(folder), "test-servers-stop"));
            CompletableFuture<Void> mongo = CompletableFuture.runAsync(MONGO::start);
            KAFKA.start();
            mongo.join();
        }

        private static void stopAndDelete(Path folder) {
            KAFKA.stop();
            MONGO.stop();
            Folders.delete(folder);
        }
    }
}
