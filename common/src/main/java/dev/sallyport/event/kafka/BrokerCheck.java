package dev.sallyport.event.kafka;

import static io.vertx.core.Future.await;

import dev.sallyport.event.Topics;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * Asks Kafka itself whether it would take an event now. Producers can't be asked: they answer from what they last heard,
 * minutes after the last broker has gone.
 */
public final class BrokerCheck implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 2_000;

    private final Admin admin;

    /** @param properties further client settings, such as security */
    public BrokerCheck(String bootstrapServers, Map<String, String> properties) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(TIMEOUT_MILLIS));
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString(TIMEOUT_MILLIS));
        this.admin = Admin.create(config);
    }

    /** True if a broker answers within 2 s and every partition of the send topic has a leader; on a Vert.x virtual thread. */
    public boolean check() {
        try {
            Future<Map<String, TopicDescription>> answer =
                    Future.fromCompletionStage(admin.describeTopics(List.of(Topics.SMS_SEND))
                            .allTopicNames()
                            .toCompletionStage());
            return await(answer.timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .noneMatch(partition -> partition.leader() == null);
        } catch (Exception e) {
            return false;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
