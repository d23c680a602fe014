package dev.sallyport.event.kafka;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** Tells which rights in Kafka are lacking, and gives some. Blocks, as {@link TopicAdmin} does. */
public final class RightsAdmin {

    /** Not to be allowed to describe is not to be allowed to read or write either; of settings it says nothing. */
    private static final Set<AclOperation> WITHOUT_DESCRIBE =
            EnumSet.complementOf(EnumSet.of(AclOperation.DESCRIBE, AclOperation.READ, AclOperation.WRITE));

    private static final Set<AclOperation> EVERYTHING = EnumSet.allOf(AclOperation.class);
    private static final int GROUP_TIMEOUT_MILLIS = 3_000;

    private final AdminConnection connection;

    RightsAdmin(AdminConnection connection) {
        this.connection = connection;
    }

    /**
     * What this client's user has to do and may not, as brokers tell it. Brokers that tell nothing, or have no authorizer,
     * let it do everything.
     *
     * @param needed what it has to do
     * @param topics the names of those that there should be
     * @return empty if it may do everything; else the words of a sentence: {@code Read on sallyport.a, sallyport.b; Write on
     *     sallyport.c}
     * @throws KafkaProblem if Kafka does not answer
     */
    public Optional<String> lacking(Collection<Right> needed, Collection<String> topics) {
        Map<AclOperation, Set<String>> lacking = new TreeMap<>();
        topicRights(topics).forEach((topic, allowed) -> needed.stream()
                .filter(right -> right.covers(ResourceType.TOPIC, topic))
                .map(Right::operation)
                .filter(operation -> !allowed.contains(operation))
                .forEach(operation -> add(lacking, operation, topic)));
        List<String> groups = needed.stream()
                .filter(right -> right.on().resourceType() == ResourceType.GROUP)
                .map(right -> right.on().name())
                .toList();
        groupRights(groups).forEach((group, allowed) -> needed.stream()
                .filter(right -> right.covers(ResourceType.GROUP, group))
                .map(Right::operation)
                .filter(operation -> !allowed.contains(operation))
                .forEach(operation -> add(lacking, operation, "the group " + group)));
        needed.stream()
                .filter(right -> right.on().resourceType() == ResourceType.TRANSACTIONAL_ID)
                .filter(right -> !mayTransact(right.on().name()))
                .forEach(right -> add(
                        lacking, right.operation(), "transactions " + right.on().name() + "*"));
        return lacking.isEmpty() ? Optional.empty() : Optional.of(words(lacking));
    }

    private static void add(Map<AclOperation, Set<String>> lacking, AclOperation operation, String where) {
        lacking.computeIfAbsent(operation, _ -> new TreeSet<>()).add(where);
    }

    private static String words(Map<AclOperation, Set<String>> lacking) {
        return String.join(
                "; ",
                lacking.entrySet().stream()
                        .map(entry -> Right.word(entry.getKey()) + " on " + String.join(", ", entry.getValue()))
                        .toList());
    }

    private Map<String, Set<AclOperation>> topicRights(Collection<String> topics) {
        Map<String, Set<AclOperation>> rights = new TreeMap<>();
        connection
                .admin()
                .describeTopics(topics, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues()
                .forEach((topic, asked) -> rights.put(topic, topicRights(asked)));
        return rights;
    }

    private Set<AclOperation> topicRights(KafkaFuture<TopicDescription> asked) {
        try {
            return orEverything(connection.outcome(asked).authorizedOperations());
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case TopicAuthorizationException _ -> WITHOUT_DESCRIBE;
                // That it is missing is told elsewhere.
                case UnknownTopicOrPartitionException _ -> EVERYTHING;
                case null, default -> throw AdminConnection.problem(e);
            };
        }
    }

    /** Who reads this may describe; where that is not said, nothing is. */
    private static Set<AclOperation> orEverything(@Nullable Set<AclOperation> told) {
        return told == null || !told.contains(AclOperation.DESCRIBE) ? EVERYTHING : told;
    }

    private Map<String, Set<AclOperation>> groupRights(List<String> groups) {
        Map<String, Set<AclOperation>> rights = new TreeMap<>();
        DescribeClassicGroupsOptions options = new DescribeClassicGroupsOptions()
                .includeAuthorizedOperations(true)
                .timeoutMs(GROUP_TIMEOUT_MILLIS);
        connection
                .admin()
                .describeClassicGroups(groups, options)
                .describedGroups()
                .forEach((group, asked) -> rights.put(group, groupRights(asked)));
        return rights;
    }

    /** A group that nobody has joined yet is not known, and its absence keeps nobody from joining. */
    private Set<AclOperation> groupRights(KafkaFuture<ClassicGroupDescription> asked) {
        try {
            return orEverything(connection.outcome(asked).authorizedOperations());
        } catch (ExecutionException e) {
            return e.getCause() instanceof GroupAuthorizationException ? Set.of() : EVERYTHING;
        }
    }

    /** Whether one whose id begins so may be described, which tells whether this user was forgotten there. */
    private boolean mayTransact(String begin) {
        String some = begin + "0";
        try {
            connection.outcome(
                    connection.admin().describeTransactions(List.of(some)).description(some));
            return true;
        } catch (ExecutionException e) {
            return !(e.getCause() instanceof TransactionalIdAuthorizationException);
        }
    }

    /**
     * Gives a principal what it lacks of these rights, and takes none away.
     *
     * @param principal as Kafka calls it: {@code User:sallyport-web}
     * @return those that it did not have, and has by now
     * @throws KafkaProblem if Kafka does not answer, or lets this client's user give no rights
     */
    public List<Right> give(String principal, Collection<Right> rights) {
        Collection<AclBinding> held = held(principal);
        List<Right> missing = rights.stream()
                .filter(right -> !held.contains(right.heldBy(principal)))
                .toList();
        if (missing.isEmpty()) {
            return missing;
        }
        List<AclBinding> given =
                missing.stream().map(right -> right.heldBy(principal)).toList();
        asAdministrator(connection.admin().createAcls(given).all());
        connection.await(() -> held(principal).containsAll(given));
        return missing;
    }

    private Collection<AclBinding> held(String principal) {
        AccessControlEntryFilter its =
                new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ANY);
        return asAdministrator(connection
                .admin()
                .describeAcls(new AclBindingFilter(ResourcePatternFilter.ANY, its))
                .values());
    }

    private <T> T asAdministrator(KafkaFuture<T> asked) {
        try {
            return connection.outcome(asked);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClusterAuthorizationException) {
                throw new KafkaProblem(
                        "Only who may Describe and Alter the cluster can give rights in Kafka; use an administrator's"
                                + " SALLYPORT_KAFKA_PROPERTIES, or give the commands that are printed without --apply to"
                                + " one.",
                        e);
            }
            throw AdminConnection.problem(e);
        }
    }
}
