package dev.sallyport.event.kafka;

import dev.sallyport.event.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates and compares topics. Blocks; for the start and for operators' commands, never on a Vert.x thread. */
public final class TopicAdmin implements AutoCloseable {

    /** A broker with a slow disk makes some ten partitions in a second. */
    private static final int LEADERS_SECONDS = 60;

    private final AdminConnection connection;
    private final Admin admin;

    /**
     * @param properties further client settings, such as security
     * @throws KafkaProblem if Kafka's client refuses an address or a setting
     */
    public TopicAdmin(String bootstrapServers, Map<String, String> properties) {
        this.connection = AdminConnection.to(bootstrapServers, properties);
        this.admin = connection.admin();
    }

    /** Rights over the same connection. */
    public RightsAdmin rights() {
        return new RightsAdmin(connection);
    }

    /**
     * Creates the topics that are missing; those that go by phone with as many partitions as the orders have, should these
     * be there. Changes none that exists. Two that create at once both succeed.
     *
     * @return the names of the topics that were missing, each with a leader for each of its partitions by now
     * @throws KafkaProblem if Kafka does not answer or refuses
     */
    public List<String> apply(List<TopicPlan> plans) {
        Map<String, TopicDescription> existing = present(withOrders(plans));
        List<TopicPlan> missing = asOrders(plans, existing).stream()
                .filter(plan -> !existing.containsKey(plan.name()))
                .toList();
        List<String> names = missing.stream().map(TopicPlan::name).toList();
        forEach(
                "create",
                admin.createTopics(missing.stream()
                                .map(plan -> new NewTopic(plan.name(), plan.partitions(), plan.replication())
                                        .configs(plan.settings()))
                                .toList())
                        .values(),
                TopicExistsException.class::isInstance);
        connection.await(() -> present(names).size() == names.size());
        awaitLeaders(missing);
        return names;
    }

    /**
     * Gives topics that are there the settings that they should have, for a broker that is nobody else's.
     *
     * @throws KafkaProblem if Kafka does not answer or refuses
     */
    public void set(List<TopicPlan> plans) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        plans.forEach(plan -> changes.put(
                new ConfigResource(ConfigResource.Type.TOPIC, plan.name()),
                plan.settings().entrySet().stream()
                        .map(setting -> new AlterConfigOp(
                                new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                        .toList()));
        connection.answer(admin.incrementalAlterConfigs(changes).all());
    }

    /** Where the number of partitions is to be known that was chosen once. */
    private static Set<String> withOrders(List<TopicPlan> plans) {
        Set<String> names = plans.stream().map(TopicPlan::name).collect(Collectors.toCollection(TreeSet::new));
        if (names.stream().anyMatch(Topics.BY_PHONE::contains)) {
            names.add(Topics.SMS_SEND);
        }
        return names;
    }

    /** The number of partitions is chosen once, when the topic of orders is made. */
    private static List<TopicPlan> asOrders(List<TopicPlan> plans, Map<String, TopicDescription> existing) {
        TopicDescription orders = existing.get(Topics.SMS_SEND);
        if (orders == null) {
            return plans;
        }
        int partitions = orders.partitions().size();
        return plans.stream()
                .map(plan -> Topics.BY_PHONE.contains(plan.name()) ? plan.with(partitions) : plan)
                .toList();
    }

    /** Those of these topics that there are. */
    private Map<String, TopicDescription> present(Collection<String> names) {
        return forEach(
                "describe",
                admin.describeTopics(names).topicNameValues(),
                UnknownTopicOrPartitionException.class::isInstance);
    }

    /**
     * Waits for what was asked of topics.
     *
     * @param what that was, for a sentence
     * @param passedOver failures that are expected; topics of which that is the answer are not among the results
     * @throws KafkaProblem with all topics of which the client's user may not ask it
     */
    private <T> Map<String, T> forEach(
            String what, Map<String, KafkaFuture<T>> asked, Predicate<Throwable> passedOver) {
        Map<String, T> answers = new HashMap<>();
        Map<String, Exception> refused = new TreeMap<>();
        asked.forEach((name, future) -> {
            try {
                answers.put(name, connection.outcome(future));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    refused.put(name, e);
                } else if (!passedOver.test(e.getCause())) {
                    throw AdminConnection.problem(e);
                }
            }
        });
        if (!refused.isEmpty()) {
            throw new KafkaProblem(
                    Refusals.lacking(what, refused.keySet()),
                    refused.values().iterator().next());
        }
        return answers;
    }

    /**
     * A leader that does not know yet that it is one refuses what is written first. Should it then take what a producer
     * wrote second, Kafka never takes the first, and it is lost when its time is over.
     */
    private void awaitLeaders(List<TopicPlan> made) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicPlan plan : made) {
            for (int partition = 0; partition < plan.partitions(); partition++) {
                ends.put(new TopicPartition(plan.name(), partition), OffsetSpec.latest());
            }
        }
        ListOffsetsOptions patient = new ListOffsetsOptions().timeoutMs(LEADERS_SECONDS * 1_000);
        connection.answer(admin.listOffsets(ends, patient).all(), LEADERS_SECONDS);
    }

    /**
     * Compares the topics with their plans.
     *
     * @return what differs, a sentence each; empty if all is as planned
     * @throws KafkaProblem if Kafka does not answer or refuses
     */
    public List<String> differences(List<TopicPlan> plans) {
        Map<String, TopicDescription> existing = present(withOrders(plans));
        List<String> differences = new ArrayList<>();
        List<TopicPlan> present = new ArrayList<>();
        for (TopicPlan plan : asOrders(plans, existing)) {
            if (existing.containsKey(plan.name())) {
                present.add(plan);
            } else {
                differences.add("Topic " + plan.name() + " is missing.");
            }
        }
        Map<String, Config> configs =
                settings(present.stream().map(TopicPlan::name).toList());
        for (TopicPlan plan : present) {
            compare(
                    plan,
                    Objects.requireNonNull(existing.get(plan.name())),
                    Objects.requireNonNull(configs.get(plan.name())),
                    differences);
        }
        return differences;
    }

    private Map<String, Config> settings(List<String> names) {
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, KafkaFuture<Config>> asked = new TreeMap<>();
        admin.describeConfigs(resources).values().forEach((resource, future) -> asked.put(resource.name(), future));
        return forEach("describe the settings of", asked, _ -> false);
    }

    private static void compare(TopicPlan plan, TopicDescription actual, Config config, List<String> differences) {
        int partitions = actual.partitions().size();
        int replication = actual.partitions().getFirst().replicas().size();
        if (partitions != plan.partitions() && Topics.BY_PHONE.contains(plan.name())) {
            differences.add(
                    ("Topic %s has %d partitions and %s has %d, and they must have as many: stop all roles, delete"
                                    + " %s and run ./sallyport topics apply, which makes it anew.")
                            .formatted(plan.name(), partitions, Topics.SMS_SEND, plan.partitions(), plan.name()));
        } else if (partitions != plan.partitions()) {
            differences.add("Topic %s has %d partitions and should have %d."
                    .formatted(plan.name(), partitions, plan.partitions()));
        }
        if (replication != plan.replication()) {
            differences.add("Topic %s has %d replicas and should have %d."
                    .formatted(plan.name(), replication, plan.replication()));
        }
        plan.settings().forEach((name, wanted) -> {
            ConfigEntry entry = config.get(name);
            String value = entry == null ? "nothing" : entry.value();
            if (!wanted.equals(value)) {
                differences.add("Topic %s has %s=%s and should have %s.".formatted(plan.name(), name, value, wanted));
            }
        });
    }

    /**
     * What Kafka made with a topic, and does not make again with another of that name.
     *
     * @throws KafkaProblem if there is none, or Kafka does not answer
     */
    public String topicId(String topic) {
        KafkaFuture<TopicDescription> asked =
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
        try {
            return connection
                    .outcome(Objects.requireNonNull(asked, topic))
                    .topicId()
                    .toString();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TopicAuthorizationException
                    ? AdminConnection.problem(new TopicAuthorizationException(Set.of(topic)))
                    : AdminConnection.problem(e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
