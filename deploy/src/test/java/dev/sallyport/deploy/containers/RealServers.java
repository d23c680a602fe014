package dev.sallyport.deploy.containers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.sallyport.deploy.CabledServers;
import dev.sallyport.mongo.MongoRig;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.mongodb.MongoDBContainer;

/** One replica set and one broker in containers for all tests of this JVM; they end with it. */
final class RealServers {

    /** What operators run; `docker-compose.yml` names the same. */
    private static final String MONGO_IMAGE = "mongo:8.0";

    private static final String KAFKA_IMAGE = "apache/kafka:4.1.1";

    private static final long PULL_MINUTES = 5;

    private final MongoDBContainer mongo = new MongoDBContainer(MONGO_IMAGE).withReplicaSet();
    private final KafkaContainer kafka = new KafkaContainer(KAFKA_IMAGE);
    private final CabledServers cabled;

    private RealServers() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "containers-stop"));
        mongo.start();
        kafka.start();
        cabled = new CabledServers(mongo.getFirstMappedPort(), kafka.getBootstrapServers());
    }

    private void stop() {
        kafka.stop();
        mongo.stop();
    }

    /** Decided once, said once, and kept for all test classes. */
    private static final class Decision {
        static final Optional<String> REASON = decide();

        private static Optional<String> decide() {
            Optional<String> reason =
                    ContainerChoice.reasonToSkip(System.getenv(), Files::exists, RealServers::whatHindersThem);
            reason.ifPresent(why -> System.out.println(
                    "SKIPPED: the stores on real MongoDB and Kafka (the embedded ones are tested), because " + why));
            return reason;
        }
    }

    private static final class Shared {
        static final RealServers SERVERS = new RealServers();
        static final MongoRig RIG = new MongoRig(SERVERS.cabled);
    }

    static Optional<String> reasonToSkip() {
        return Decision.REASON;
    }

    static RealServers shared() {
        return Shared.SERVERS;
    }

    /** The stores' rig on these servers. */
    static MongoRig rig() {
        return Shared.RIG;
    }

    private static Optional<String> whatHindersThem() {
        // Both log what goes wrong with whole stack traces, and here it is told in one line.
        List.of("org.testcontainers", "com.github.dockerjava").forEach(RealServers::silence);
        try {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.of("the Docker engine does not answer");
            }
        } catch (RuntimeException | ExceptionInInitializerError e) {
            return Optional.of("the Docker engine can't be used: " + e.getMessage());
        }
        return List.of(MONGO_IMAGE, KAFKA_IMAGE).stream()
                .filter(image -> !isThere(image))
                .findFirst()
                .map(image -> "the image " + image + " can't be pulled");
    }

    private static void silence(String library) {
        ((Logger) LoggerFactory.getLogger(library)).setLevel(Level.OFF);
    }

    /** Pulls it where it is missing: once, where the library itself would try again for minutes. */
    private static boolean isThere(String image) {
        DockerClient docker = DockerClientFactory.lazyClient();
        try {
            docker.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException missing) {
            return pulled(docker, image);
        }
    }

    private static boolean pulled(DockerClient docker, String image) {
        try {
            return docker.pullImageCmd(image).start().awaitCompletion(PULL_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            return false;
        }
    }

    String bootstrapServers() {
        return kafka.getBootstrapServers();
    }

    /** The broker's process stands still. */
    void freezeBroker() {
        kafka.getDockerClient().pauseContainerCmd(kafka.getContainerId()).exec();
    }

    void wakeBroker() {
        if (Boolean.TRUE.equals(kafka.getCurrentContainerInfo().getState().getPaused())) {
            kafka.getDockerClient().unpauseContainerCmd(kafka.getContainerId()).exec();
        }
    }
}
