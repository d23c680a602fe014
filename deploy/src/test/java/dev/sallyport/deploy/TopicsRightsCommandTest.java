package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.kafka.KafkaClients;
import dev.sallyport.event.kafka.Grantee;
import dev.sallyport.event.kafka.Right;
import dev.sallyport.seal.kafka.SealerClients;
import dev.sallyport.sms.news.kafka.OutcomeKeeper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsRightsCommandTest {

    /** Operators' commands let libraries say little, in a setting of the JVM. */
    @AfterEach
    void letLibrariesSpeak() {
        System.clearProperty("sallyport.log.least");
    }

    @Test
    void theTableOfTheManualIsTheOneOfTheData() throws IOException {
        String manual = Files.readString(Path.of("..", "docs", "operations.md"));
        assertTrue(
                manual.contains(TopicsRightsCommand.table()),
                "put what ./sallyport topics rights --table prints into docs/operations.md");
    }

    @Test
    void theGroupsAreThoseOfTheCode() {
        Set<String> groups = Grantee.all().stream()
                .flatMap(grantee -> grantee.rights().stream())
                .filter(right -> right.on().resourceType() == ResourceType.GROUP)
                .map(right -> right.on().name())
                .collect(Collectors.toSet());
        assertEquals(Set.of(KafkaClients.GROUP, OutcomeKeeper.GROUP, SealerClients.GROUP), groups);
    }

    @Test
    void theCommandsGiveAllRightsAndNoOthers() {
        Set<String> given =
                run(0).lines().flatMap(TopicsRightsCommandTest::rights).collect(Collectors.toCollection(TreeSet::new));
        Set<String> wanted = Grantee.all().stream()
                .flatMap(grantee -> grantee.rights().stream().map(right -> written(grantee, right)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(wanted, given);
    }

    private static String written(Grantee grantee, Right right) {
        boolean prefixed = right.on().patternType() == PatternType.PREFIXED;
        return "User:sallyport-%s %s %s %s%s"
                .formatted(
                        grantee.name(),
                        Right.word(right.operation()),
                        option(right.on().resourceType()),
                        right.on().name(),
                        prefixed ? " prefixed" : "");
    }

    private static String option(ResourceType type) {
        return Map.of(
                        ResourceType.TOPIC, "--topic",
                        ResourceType.GROUP, "--group",
                        ResourceType.TRANSACTIONAL_ID, "--transactional-id")
                .get(type);
    }

    /** As kafka-acls.sh reads a command: each operation on each thing. */
    private static Stream<String> rights(String command) {
        List<String> words = List.of(command.split(" "));
        assertEquals("kafka-acls.sh", words.getFirst());
        assertTrue(words.contains("--add") && words.contains("--command-config"), command);
        List<String> operations = new ArrayList<>();
        List<String> things = new ArrayList<>();
        String principal = "";
        String pattern = "";
        for (int i = 1; i < words.size() - 1; i++) {
            switch (words.get(i)) {
                case "--allow-principal" -> principal = words.get(i + 1);
                case "--operation" -> operations.add(words.get(i + 1));
                case "--topic", "--group", "--transactional-id" -> things.add(words.get(i) + ' ' + words.get(i + 1));
                case "--resource-pattern-type" -> pattern = ' ' + words.get(i + 1);
                default -> {}
            }
        }
        String who = principal;
        String how = pattern;
        return operations.stream()
                .flatMap(operation -> things.stream().map(thing -> who + ' ' + operation + ' ' + thing + how));
    }

    @Test
    void whoeverIsNamedIsKnownByThatNameAndNobodyElseIsPrinted() {
        List<String> lines = run(0, "--principal", "web=User:CN=front door,O=Acme", "--principal", "web=User:back")
                .lines()
                .toList();
        assertTrue(lines.getFirst().contains("--allow-principal 'User:CN=front door,O=Acme' "), lines.getFirst());
        assertTrue(lines.getLast().contains("--allow-principal User:back "), lines.getLast());
        assertTrue(lines.stream().noneMatch(line -> line.contains("User:sallyport-")), lines.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "nobody=User:x, there is no nobody; there are web",
        "web, write who and its principal",
        "web=, write who and its principal",
        "web=ada, write who and its principal",
    })
    void whatNamesNobodyIsRefusedInWords(String principal, String answer) {
        String said = run(1, "--principal", principal);
        assertTrue(said.startsWith("sallyport: --principal " + principal) && said.contains(answer), said);
    }

    private static String run(int exitCode, String... options) {
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told);
        String[] command =
                Stream.concat(Stream.of("topics", "rights"), Stream.of(options)).toArray(String[]::new);
        Map<String, String> environment = Map.of("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "kafka1:9093");
        assertEquals(exitCode, Sallyport.run(command, environment, out, out), told::toString);
        return told.toString();
    }
}
