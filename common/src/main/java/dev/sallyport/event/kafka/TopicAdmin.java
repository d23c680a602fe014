package dev.sallyport.event.kafka;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.event.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** Creates and compares topics. Blocks; for the start and for operators' commands, never on a Vert.x thread. */
public final class TopicAdmin implements AutoCloseable {

    /** Kafka did not answer, or the topics are not as planned. */
    public static final class TopicProblem extends ExpectedFailure {
        private static final long serialVersionUID = 1;

        TopicProblem(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private static final int TIMEOUT_SECONDS = 15;
    /** A broker with a slow disk makes some ten partitions in a second. */
    private static final int LEADERS_SECONDS = 60;

    private static final Pattern SETTING = Pattern.compile("(?:for configuration |given in )([a-z][a-z.]+[a-z])");

    private final Admin admin;

    /**
     * @param properties further client settings, such as security
     * @throws TopicProblem if Kafka's client refuses an address or a setting
     */
    public TopicAdmin(String bootstrapServers, Map<String, String> properties) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
        try {
            this.admin = Admin.create(config);
        } catch (KafkaException e) {
            throw new TopicProblem(
                    "Kafka's client can't be set up with " + refused(e) + "; check SALLYPORT_KAFKA_BOOTSTRAP_SERVERS"
                            + " and the settings under SALLYPORT_KAFKA_PROPERTIES.",
                    e);
        }
    }

    /** The name of what it refuses; never the message as a whole, which may quote a password. */
    private static String refused(KafkaException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        Matcher setting = SETTING.matcher(String.valueOf(cause.getMessage()));
        return setting.find() ? "this " + setting.group(1) : "its settings";
    }

    /**
     * Creates the topics that are missing; those that go by phone with as many partitions as the orders have, should these
     * be there. Changes none that exists. Two that create at once both succeed.
     *
     * @return the names of the topics that were missing, each with a leader for each of its partitions by now
     * @throws TopicProblem if Kafka does not answer or refuses
     */
    public List<String> apply(List<TopicPlan> plans) {
        Collection<String> existing = answer(admin.listTopics().names().toCompletionStage());
        List<TopicPlan> missing = asOrders(plans, existing).stream()
                .filter(plan -> !existing.contains(plan.name()))
                .toList();
        List<String> names = missing.stream().map(TopicPlan::name).toList();
        admin.createTopics(missing.stream()
                        .map(plan -> new NewTopic(plan.name(), plan.partitions(), plan.replication())
                                .configs(plan.settings()))
                        .toList())
                .values()
                .values()
                .forEach(created -> answer(created.toCompletionStage().exceptionally(TopicAdmin::ignoreExisting)));
        awaitKnown(names);
        awaitLeaders(missing);
        return names;
    }

    /** The number of partitions is chosen once, when the topic of orders is made. */
    private List<TopicPlan> asOrders(List<TopicPlan> plans, Collection<String> existing) {
        if (!existing.contains(Topics.SMS_SEND)) {
            return plans;
        }
        List<String> orders = List.of(Topics.SMS_SEND);
        int partitions = Objects.requireNonNull(
                        answer(admin.describeTopics(orders).allTopicNames().toCompletionStage())
                                .get(Topics.SMS_SEND))
                .partitions()
                .size();
        return plans.stream()
                .map(plan -> Topics.BY_PHONE.contains(plan.name()) ? plan.with(partitions) : plan)
                .toList();
    }

    private static @Nullable Void ignoreExisting(Throwable failure) {
        if (failure instanceof TopicExistsException || failure.getCause() instanceof TopicExistsException) {
            return null;
        }
        throw new CompletionException(failure);
    }

    /** The controller has made them; the broker that is asked next may hear of it a moment later. */
    private void awaitKnown(List<String> names) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (System.nanoTime() < end
                && !answer(admin.listTopics().names().toCompletionStage()).containsAll(names)) {
            Thread.onSpinWait();
        }
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
        answer(admin.listOffsets(ends, patient).all().toCompletionStage(), LEADERS_SECONDS);
    }

    /**
     * Compares the topics with their plans.
     *
     * @return what differs, a sentence each; empty if all is as planned
     * @throws TopicProblem if Kafka does not answer or refuses
     */
    public List<String> differences(List<TopicPlan> plans) {
        Collection<String> existing = answer(admin.listTopics().names().toCompletionStage());
        List<String> differences = new ArrayList<>();
        List<TopicPlan> present = new ArrayList<>();
        for (TopicPlan plan : asOrders(plans, existing)) {
            if (existing.contains(plan.name())) {
                present.add(plan);
            } else {
                differences.add("Topic " + plan.name() + " is missing.");
            }
        }
        List<String> names = present.stream().map(TopicPlan::name).toList();
        Map<String, TopicDescription> descriptions =
                answer(admin.describeTopics(names).allTopicNames().toCompletionStage());
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> configs =
                answer(admin.describeConfigs(resources).all().toCompletionStage());
        for (TopicPlan plan : present) {
            Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, plan.name()));
            compare(
                    plan,
                    Objects.requireNonNull(descriptions.get(plan.name())),
                    Objects.requireNonNull(config),
                    differences);
        }
        return differences;
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

    @Override
    public void close() {
        admin.close();
    }

    private static <T> T answer(CompletionStage<T> stage) {
        return answer(stage, TIMEOUT_SECONDS);
    }

    private static <T> T answer(CompletionStage<T> stage, int atMostSeconds) {
        try {
            return stage.toCompletableFuture().get(atMostSeconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new TopicProblem(sentence(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicProblem("Interrupted while Kafka was asked about its topics.", e);
        }
    }

    /** What Kafka's refusals mean to an operator. */
    private static String sentence(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case InvalidReplicationFactorException _ -> {
                    return "Kafka has fewer brokers than each partition shall have copies; start more, or set"
                            + " SALLYPORT_KAFKA_REPLICATION to as many as there are.";
                }
                case AuthorizationException _ -> {
                    return "Kafka lets this client neither create nor describe topics as it has to; give its user"
                            + " these rights, or create the topics as another one with ./sallyport topics apply.";
                }
                case AuthenticationException _ -> {
                    return "Kafka refuses this client; check the user, password and certificates under"
                            + " SALLYPORT_KAFKA_PROPERTIES.";
                }
                default -> {}
            }
        }
        return "Kafka did not answer about its topics; check SALLYPORT_KAFKA_BOOTSTRAP_SERVERS"
                + " and that its brokers are up.";
    }
}
