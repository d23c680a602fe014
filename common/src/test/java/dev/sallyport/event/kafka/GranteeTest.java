package dev.sallyport.event.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.event.Topics;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GranteeTest {

    @Test
    void everyTopicIsNamedAndNoOther() {
        Set<String> named = Grantee.all().stream()
                .flatMap(grantee -> grantee.rights().stream())
                .map(Right::on)
                .filter(on -> on.resourceType() == ResourceType.TOPIC && on.patternType() == PatternType.LITERAL)
                .map(on -> on.name())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> planned =
                TopicPlan.all(1).stream().map(TopicPlan::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(planned, named);
    }

    @ParameterizedTest
    @EnumSource
    void everyRoleIsOneUserAndSeesWhatItsStartCompares(Role role) {
        List<Grantee> users = Grantee.all().stream()
                .filter(grantee -> grantee.roles().contains(role))
                .toList();
        assertEquals(1, users.size());
        assertEquals(
                Grantee.rightsOf(List.of(role)), Set.copyOf(users.getFirst().rights()));
        for (TopicPlan plan : TopicPlan.all(1)) {
            for (AclOperation operation : List.of(AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS)) {
                assertTrue(may(users.getFirst(), operation, plan.name()), plan.name());
            }
        }
    }

    @Test
    void aProcessOfAllRolesNeedsTheRightsOfAll() {
        Set<Right> all = Grantee.rightsOf(List.of(Role.values()));
        assertTrue(all.containsAll(Grantee.rightsOf("web")));
        assertTrue(all.containsAll(Grantee.rightsOf("sms-dispatcher")));
        assertEquals(
                Grantee.rightsOf("web"), Grantee.rightsOf(List.of(Role.ENROLLMENT)), "both web roles are one user");
    }

    @Test
    void ordersAreReadByDispatchersAloneAndTheAuditStreamBySealersAndAuditors() {
        assertEquals(List.of("sms-dispatcher"), who(AclOperation.READ, Topics.SMS_SEND));
        assertEquals(List.of("audit-sealer", "audit"), who(AclOperation.READ, Topics.AUDIT));
        assertEquals(List.of("audit-sealer"), who(AclOperation.WRITE, Topics.AUDIT_CHECKPOINT));
        assertEquals(List.of("sms"), who(AclOperation.WRITE, Topics.SMS_CONTROL));
        assertEquals(List.of("sms-dispatcher"), who(AclOperation.WRITE, Topics.SMS_OUTCOME));
    }

    private static List<String> who(AclOperation operation, String topic) {
        return Grantee.all().stream()
                .filter(grantee -> may(grantee, operation, topic))
                .map(Grantee::name)
                .toList();
    }

    private static boolean may(Grantee grantee, AclOperation operation, String topic) {
        return grantee.rights().stream()
                .anyMatch(right -> right.operation() == operation && right.covers(ResourceType.TOPIC, topic));
    }

    @Test
    void operationsAreWrittenAsKafkasToolsTakeThem() {
        assertEquals("Describe", Right.word(AclOperation.DESCRIBE));
        assertEquals("DescribeConfigs", Right.word(AclOperation.DESCRIBE_CONFIGS));
    }
}
