package dev.sallyport.event.kafka;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Leave to do one thing in Kafka.
 *
 * @param on a topic or a group, or all whose names begin alike
 */
public record Right(AclOperation operation, ResourcePattern on) {

    private static final String ANY_HOST = "*";

    /** @param name with a star at the end: all that begin so */
    static Right of(String operation, ResourceType type, String name) {
        boolean prefixed = name.endsWith("*");
        return new Right(
                AclOperation.valueOf(operation.toUpperCase(Locale.ROOT).replace('-', '_')),
                new ResourcePattern(
                        type,
                        prefixed ? name.substring(0, name.length() - 1) : name,
                        prefixed ? PatternType.PREFIXED : PatternType.LITERAL));
    }

    public boolean covers(ResourceType type, String name) {
        return on.resourceType() == type
                && (on.patternType() == PatternType.PREFIXED ? name.startsWith(on.name()) : name.equals(on.name()));
    }

    /** The operation as Kafka's own tools call it: {@code DescribeConfigs}. */
    public static String word(AclOperation operation) {
        return Arrays.stream(operation.name().split("_", -1))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** As it is stored for a principal of Kafka's, such as {@code User:sallyport-web}. */
    public AclBinding heldBy(String principal) {
        return new AclBinding(on, new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW));
    }
}
