package dev.sallyport.deploy;

import dev.sallyport.event.kafka.Grantee;
import dev.sallyport.event.kafka.Right;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Tells who may do what in Kafka, for brokers that enforce it. */
@Command(
        name = "rights",
        description =
                "Prints what each user of Kafka's may do, as commands of Kafka's kafka-acls.sh, or gives these rights.")
final class TopicsRightsCommand implements Callable<Integer> {

    /** One whose rights they are, and as whom Kafka knows it. */
    private record User(Grantee grantee, String principal) {}

    /** What one command can name: things of one type, by their names or by how these begin. */
    private record Kind(AclOperation operation, ResourceType type, PatternType pattern) {}

    private static final String PREFIX = "User:sallyport-";

    @ParentCommand
    private TopicsCommand topics;

    @Option(
            names = "--principal",
            paramLabel = "WHO=PRINCIPAL",
            description = "As whom Kafka knows one: --principal web=User:front. Then only those that are named so are"
                    + " printed or given rights. Default: all, as User:sallyport-web and so on.")
    private List<String> principals = new ArrayList<>();

    @Option(
            names = "--apply",
            description = "Gives the rights that are missing and takes none away. Needs an administrator's"
                    + " SALLYPORT_KAFKA_PROPERTIES.")
    private boolean apply;

    @Option(names = "--table", description = "Prints the table of all rights instead, in Markdown.")
    private boolean table;

    @Override
    public Integer call() {
        if (table) {
            topics.program().out().print(table());
            topics.program().out().flush();
        } else if (apply) {
            users().forEach(this::give);
        } else {
            String bootstrap = Addresses.kafka(topics.program().settings());
            users().stream()
                    .flatMap(user -> commands(user, bootstrap))
                    .forEach(topics.program().out()::println);
        }
        return 0;
    }

    private void give(User user) {
        List<Right> given = topics.with(
                admin -> admin.rights().give(user.principal(), user.grantee().rights()));
        topics.program()
                .out()
                .printf(
                        "%s: %d rights given, %d were there.%n",
                        user.principal(), given.size(), user.grantee().rights().size() - given.size());
    }

    private List<User> users() {
        List<Grantee> all = Grantee.all();
        return principals.isEmpty()
                ? all.stream()
                        .map(grantee -> new User(grantee, PREFIX + grantee.name()))
                        .toList()
                : principals.stream().map(text -> user(text, all)).toList();
    }

    private static User user(String text, List<Grantee> all) {
        String[] parts = text.split("=", 2);
        if (parts.length < 2 || !parts[1].matches("\\w+:.+")) {
            throw new CommandFailed(
                    "--principal %s: write who and its principal, such as web=User:sallyport-web.".formatted(text),
                    null);
        }
        return all.stream()
                .filter(grantee -> grantee.name().equals(parts[0]))
                .findFirst()
                .map(grantee -> new User(grantee, parts[1]))
                .orElseThrow(() -> new CommandFailed(
                        "--principal %s: there is no %s; there are %s."
                                .formatted(
                                        text,
                                        parts[0],
                                        all.stream().map(Grantee::name).collect(Collectors.joining(", "))),
                        null));
    }

    /** Operations on the same things share a command. */
    private static Stream<String> commands(User user, String bootstrap) {
        Map<Kind, Set<String>> names = new LinkedHashMap<>();
        for (Right right : user.grantee().rights()) {
            ResourcePattern on = right.on();
            names.computeIfAbsent(
                            new Kind(right.operation(), on.resourceType(), on.patternType()),
                            _ -> new LinkedHashSet<>())
                    .add(on.name());
        }
        Map<String, List<String>> operations = new LinkedHashMap<>();
        names.forEach((kind, its) -> operations
                .computeIfAbsent(resources(kind, its), _ -> new ArrayList<>())
                .add("--operation " + Right.word(kind.operation())));
        String start =
                "kafka-acls.sh --bootstrap-server %s --command-config admin.properties --add --allow-principal %s "
                        .formatted(bootstrap, quoted(user.principal()));
        return operations.entrySet().stream().map(line -> start + String.join(" ", line.getValue()) + line.getKey());
    }

    private static String resources(Kind kind, Set<String> names) {
        String option = option(kind.type());
        String pattern = kind.pattern() == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "";
        return names.stream().map(name -> option + name).collect(Collectors.joining()) + pattern;
    }

    private static String option(ResourceType type) {
        return switch (type) {
            case GROUP -> " --group ";
            case TRANSACTIONAL_ID -> " --transactional-id ";
            default -> " --topic ";
        };
    }

    /** For a shell, where a name of a certificate has commas and blanks. */
    private static String quoted(String text) {
        return text.matches("[\\w:.@/-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** All rights in Markdown, as they stand in {@code docs/operations.md}. */
    static String table() {
        StringBuilder table = new StringBuilder("""
                | who | describe | describe settings | create | read | write | group | transactions |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (Grantee grantee : Grantee.all()) {
            table.append("| `").append(grantee.name()).append("`: ").append(uses(grantee));
            for (AclOperation operation : List.of(
                    AclOperation.DESCRIBE,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.CREATE,
                    AclOperation.READ,
                    AclOperation.WRITE)) {
                table.append(" | ").append(names(grantee, operation, ResourceType.TOPIC));
            }
            table.append(" | ")
                    .append(names(grantee, AclOperation.READ, ResourceType.GROUP))
                    .append(" | ")
                    .append(names(grantee, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String uses(Grantee grantee) {
        return Stream.concat(
                        grantee.roles().stream().map(Object::toString),
                        grantee.commands().stream().map(command -> "`./sallyport " + command + "`"))
                .collect(Collectors.joining(", "));
    }

    private static String names(Grantee grantee, AclOperation operation, ResourceType type) {
        return grantee.rights().stream()
                .filter(right -> right.operation() == operation && right.on().resourceType() == type)
                .map(Right::on)
                .map(on -> '`' + on.name() + (on.patternType() == PatternType.PREFIXED ? "*" : "") + '`')
                .collect(Collectors.joining(", "));
    }
}
