package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.deploy.embedded.EmbeddedMongo;
import dev.sallyport.deploy.embedded.KafkaMember;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * Runs one embedded server alone until it is told to stop: what a cluster of processes on one machine is made of. Data
 * and ports are where {@code up} has them, by the same settings.
 */
@Command(
        name = "server",
        description = "Runs an embedded server alone, for clusters of processes on one machine. Its data are in"
                + " SALLYPORT_DATA_DIR, its port is SALLYPORT_EMBEDDED_KAFKA_PORT or SALLYPORT_EMBEDDED_MONGO_PORT.")
final class ServerCommand {

    @ParentCommand
    private Sallyport program;

    @Command(description = "A Kafka broker with its controller; alone, or one of several.")
    void kafka(
            @Option(names = "--node", defaultValue = "1", description = "Which of the voters it is.") int node,
            @Option(
                            names = "--voters",
                            description = "All brokers and their controllers' ports:"
                                    + " 1@127.0.0.1:9193,2@127.0.0.1:9293,3@127.0.0.1:9393. Default: none but this.")
                    @Nullable
                    String voters,
            @Option(names = "--cluster-id", defaultValue = "", description = "The same for all voters.")
                    String clusterId) {
        SallyportConfig settings = program.settings();
        EmbeddedKafka broker = new EmbeddedKafka(
                settings.dataDir().resolve("kafka"),
                settings.embedded().kafkaPort(),
                voters == null ? KafkaMember.alone() : member(node, voters, clusterId));
        broker.start();
        UpCommand.awaitStop(
                "Kafka broker %d is up: %s".formatted(node, broker.bootstrapServers()), broker::stop, program);
    }

    @Command(description = "A MongoDB-protocol store.")
    void mongo() {
        SallyportConfig settings = program.settings();
        EmbeddedMongo store = new EmbeddedMongo(
                settings.dataDir().resolve("mongo"), settings.embedded().mongoPort());
        store.start();
        UpCommand.awaitStop("The store is up: " + store.uri(), store::stop, program);
    }

    private static KafkaMember member(int node, String voters, String clusterId) {
        try {
            return KafkaMember.of(node, voters, clusterId);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        }
    }
}
