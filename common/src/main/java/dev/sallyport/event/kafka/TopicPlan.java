package dev.sallyport.event.kafka;

import dev.sallyport.event.Topics;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * How one topic shall be, as written in {@code topics.yaml}.
 *
 * @param settings Kafka's topic settings
 */
public record TopicPlan(String name, int partitions, short replication, Map<String, String> settings) {

    private static final int USUAL_PARTITIONS = 24;

    /** All topics of the platform, with as many partitions as they usually have. */
    public static List<TopicPlan> all(int replication) {
        return all(replication, USUAL_PARTITIONS);
    }

    /**
     * All topics of the platform.
     *
     * @param replication copies of each partition; of three or more, two must be in sync for a write to count
     * @param byPhone partitions of the topics {@link Topics#BY_PHONE}
     */
    public static List<TopicPlan> all(int replication, int byPhone) {
        List<TopicPlan> plans = new ArrayList<>();
        for (Object entry : load()) {
            JsonObject topic = new JsonObject(Json.encode(entry));
            Map<String, String> settings = new TreeMap<>();
            topic.getJsonObject("settings")
                    .forEach(setting ->
                            settings.put(setting.getKey(), setting.getValue().toString()));
            settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replication >= 3 ? "2" : "1");
            String name = topic.getString("name");
            int partitions = Topics.BY_PHONE.contains(name) ? byPhone : topic.getInteger("partitions");
            plans.add(new TopicPlan(name, partitions, (short) replication, settings));
        }
        return plans;
    }

    /** The same with another number of partitions. */
    TopicPlan with(int otherPartitions) {
        return new TopicPlan(name, otherPartitions, replication, settings);
    }

    private static List<?> load() {
        try (InputStream in = TopicPlan.class.getResourceAsStream("topics.yaml")) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
