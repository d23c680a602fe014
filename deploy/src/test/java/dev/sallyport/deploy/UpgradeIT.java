package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.Role;
import dev.sallyport.deploy.cluster.Node;
import dev.sallyport.deploy.cluster.Ports;
import dev.sallyport.deploy.cluster.ProductJar;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.deploy.cluster.RoleNodes;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.deploy.embedded.EmbeddedMongo;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the last version to this one and back, a node at a time, as docs/operations.md has it: both side by side on the same
 * keys, topics and data, while people are signed in, between the doors, and waiting for messages.
 */
@Tag("long")
@Timeout(900)
class UpgradeIT implements Site {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final List<Role> KNOWN_BEFORE = List.of(Role.LOGIN, Role.ENROLLMENT, Role.SMS_DISPATCHER);
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    @TempDir
    Path folder;

    private final FakeTwilio twilio = FakeTwilio.start();
    private final Ports ports = new Ports();
    private final Map<Role, RoleNode> inFront = new EnumMap<>(Role.class);
    private final PathProxy proxy = new PathProxy(role -> inFront.get(role).httpPort());
    private EmbeddedKafka kafka;
    private EmbeddedMongo mongo;
    private RoleNodes before;
    private RoleNodes after;
    private ProductJar last;
    private int commands;

    @BeforeEach
    void startTheLastVersion() throws Exception {
        Optional<ProductJar> jar = LastVersion.jar();
        Assumptions.assumeTrue(jar.isPresent(), "the version before this one is not in the history here");
        last = jar.get();
        kafka = new EmbeddedKafka(folder.resolve("kafka"), 0);
        mongo = new EmbeddedMongo(folder.resolve("mongo"), 0);
        kafka.start();
        mongo.start();
        command(last, "topics", "apply");
        command(last, "keys", "init", "--dir", folder.resolve("before/keys-all").toString());
        before = nodes("before", last);
        for (Role role : KNOWN_BEFORE) {
            start(before, role);
            inFront.put(role, before.of(role).getFirst());
        }
    }

    @AfterEach
    void stop() {
        Stream.of(before, after).filter(nodes -> nodes != null).forEach(RoleNodes::close);
        proxy.close();
        ports.close();
        twilio.close();
        if (kafka != null) {
            kafka.stop();
            mongo.stop();
        }
    }

    private RoleNodes nodes(String name, ProductJar jar) {
        return new RoleNodes(
                folder.resolve(name),
                jar,
                ports,
                new RoleNodes.Servers(kafka.bootstrapServers(), 1, mongo.uri()),
                this::settings);
    }

    /** Only what both versions know. */
    private Map<String, String> settings(Role role) {
        Map<String, String> settings = RoleSettings.of(role, url(), twilio);
        settings.remove("SALLYPORT_HTTP_DRAIN");
        return settings;
    }

    private static void start(RoleNodes nodes, Role role) throws InterruptedException {
        RoleNode node = nodes.add(role);
        node.start();
        node.awaitReady(START_LIMIT);
    }

    private void command(ProductJar jar, String... arguments) throws IOException, InterruptedException {
        Map<String, String> environment = Map.of(
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "SALLYPORT_KAFKA_REPLICATION", "1");
        Path own = Files.createDirectories(folder.resolve("command-" + commands++));
        try (JarProcess process = JarProcess.start(jar, own, environment, arguments)) {
            JarProcess.Ended ended = process.awaitEnd();
            assertEquals(0, ended.exitCode(), ended.err());
        }
    }

    @Override
    public String url() {
        return "http://localhost:" + proxy.port();
    }

    @Override
    public FakeTwilio twilio() {
        return twilio;
    }

    @Test
    void nobodyNoticesAnUpgradeNorTheWayBack() throws Exception {
        List<Person> people = new ArrayList<>();
        people.add(withPhone());
        // What operators do first: keys and topics that this version brings.
        copyKeys();
        after = nodes("after", JarProcess.JAR.with(QUICK_START));
        changeSettings();
        command(JarProcess.JAR, "topics", "apply");
        start(after, Role.AUDIT_SEALER);
        for (Role role : List.of(Role.SMS_DISPATCHER, Role.ENROLLMENT, Role.LOGIN)) {
            start(after, role);
            // For a while both are there, and a person meets now one and now the other.
            bothSideBySide(role, people);
            replace(role, before, after);
            people.add(withPhone());
            allAreStillIn(people);
        }
        for (Role role : List.of(Role.LOGIN, Role.ENROLLMENT, Role.SMS_DISPATCHER)) {
            before.of(role).getFirst().start();
            before.of(role).getFirst().awaitReady(START_LIMIT);
            bothSideBySide(role, people);
            replace(role, after, before);
            people.add(withPhone());
            allAreStillIn(people);
        }
    }

    /** The keys that there are go on to be used; {@code init} and {@code export} of this version add what it needs. */
    private void copyKeys() throws IOException {
        Path from = folder.resolve("before/keys-all");
        Path to = Files.createDirectories(folder.resolve("after")).resolve("keys-all");
        Files.createDirectory(to, PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(from)));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** As kafka-configs.sh does it. */
    private void changeSettings() {
        try (TopicAdmin admin = new TopicAdmin(kafka.bootstrapServers(), Map.of())) {
            admin.set(TopicPlan.all(1).stream()
                    .filter(plan -> plan.name().equals(Topics.AUDIT))
                    .toList());
        }
    }

    private void bothSideBySide(Role role, List<Person> people) throws InterruptedException {
        RoleNode one = before.of(role).getFirst();
        RoleNode other = after.of(role).getFirst();
        for (int i = 0; i < 4; i++) {
            inFront.put(role, i % 2 == 0 ? one : other);
            allAreStillIn(people);
            RoleNode next = inFront.get(role) == one ? other : one;
            // A phone gets two texts at once: to bind it, and to sign in.
            Person person = withPhone();
            throughBothDoors(person, () -> inFront.put(role, next));
            people.add(person);
        }
    }

    private void replace(Role role, RoleNodes old, RoleNodes next) throws InterruptedException {
        inFront.put(role, next.of(role).getFirst());
        Node leaving = old.of(role).getFirst();
        leaving.stop();
    }

    private Person withPhone() throws InterruptedException {
        Person person = Person.signedUp(this);
        person.bindPhone();
        return person;
    }

    private static void allAreStillIn(List<Person> people) {
        people.forEach(person -> {
            assertEquals(200, person.browser.get("/user").statusCode(), person.name);
            assertEquals(200, person.browser.get("/logout").statusCode(), person.name);
        });
    }

    /** Between the doors the node changes. */
    private static void throughBothDoors(Person person, Runnable change) throws InterruptedException {
        int before = person.messages().size();
        assertEquals(303, person.signOut().statusCode());
        assertEquals("/verify-tfa", SiteClient.location(person.signIn()));
        change.run();
        assertEquals("/user", SiteClient.location(person.enter(person.receivedCode(before + 1))));
    }
}
