package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.cluster.Node;
import dev.sallyport.deploy.cluster.ServerNode;
import dev.sallyport.dispatch.kafka.KafkaClients;
import dev.sallyport.event.Topics;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The platform as processes, any one of which may go. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ClusterIT {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    /** No text waits longer for a dispatcher that has gone. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(10);

    private ClusterSite site;
    private Admin admin;

    /** What a failure leaves of use would go with the folder. */
    @RegisterExtension
    final AfterTestExecutionCallback logs =
            context -> context.getExecutionException().ifPresent(_ -> tellWhatHappened());

    private void tellWhatHappened() {
        site.cluster().all().forEach(node -> System.err.println(node.name() + " has logged:\n" + node.log()));
        Instant recently = Instant.now().minus(Duration.ofMinutes(3));
        try (TopicReader reader = new TopicReader(site.cluster().brokers().bootstrapServers())) {
            Stream.of(Topics.SMS_SEND, Topics.SMS_LEDGER, Topics.SMS_OUTCOME)
                    .flatMap(topic -> reader.topic(topic).stream())
                    .filter(record -> record.timestamp() > recently.toEpochMilli())
                    .sorted(Comparator.comparing(ConsumerRecord::timestamp))
                    .forEach(record ->
                            System.err.println(Instant.ofEpochMilli(record.timestamp()) + " " + record.topic() + '-'
                                    + record.partition() + '@' + record.offset() + ' ' + TopicReader.Event.of(record)));
        }
    }

    @BeforeAll
    void startAll(@TempDir Path folder) throws Exception {
        site = new ClusterSite(folder, 2);
        Await.within(START_LIMIT, () -> {
            site.cluster().start();
            return null;
        });
        admin = Admin.create(
                Map.of("bootstrap.servers", site.cluster().brokers().bootstrapServers()));
    }

    @AfterAll
    void stopAll() {
        if (admin != null) {
            admin.close();
        }
        site.close();
    }

    /** A test may leave a process dead; the next finds all of them up, and each dispatcher with its share. */
    @BeforeEach
    void everythingIsUp() throws InterruptedException {
        for (Node node : site.cluster().all()) {
            if (!node.isAlive()) {
                node.start();
            }
        }
        for (Node node : site.cluster().all()) {
            node.awaitReady(A_WHILE);
        }
        Await.until(A_WHILE, () -> shares().equals(List.of(12, 12)));
        Await.until(A_WHILE, this::everyCopyIsInSync);
    }

    @Test
    @Order(1)
    void aPersonGetsThroughBothDoors() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        assertRedirect("/verify-tfa", person.signIn());
        assertRedirect("/user", person.enter(person.receivedCode(2)));
        assertEquals(List.of(), site.twilio().ledger().violations());
        for (ServerNode broker : site.cluster().brokers().nodes()) {
            assertTrue(broker.residentBytes() < 350_000_000, broker.name() + ": " + broker.residentBytes());
        }
    }

    @Test
    void aKilledBrokerIsMissedForSecondsAndJoinsAgain() throws Exception {
        Person person = Person.signedUp(site);
        ServerNode leader = leader();
        leader.kill();
        bindPhoneSoon(person);
        leader.start();
        leader.awaitReady(A_WHILE);
        Await.until(A_WHILE, this::everyCopyIsInSync);
    }

    @Test
    void aBrokerWhoseDiskIsFullEndsAndOneMoreMissingCopyIsTold() throws Exception {
        // Bound in calm: whoever asks again while a broker goes has had both texts that a phone gets at once.
        Person person = Person.signedUp(site);
        person.bindPhone();
        String binding = Person.codeIn(person.messages().getLast());
        ServerNode full = leader();
        FullDisk.of(full);
        assertEquals(1, full.awaitEnd(A_WHILE));
        bindPhoneSoon(Person.signedUp(site));
        person.signOut();
        Await.until(A_WHILE, () -> !everyCopyIsInSync());
        requireInSync(3);
        assertRedirect("/verify-tfa", person.signIn());
        assertTrue(person.browser.get("/verify-tfa").body().contains("could not be sent"));
        requireInSync(2);
        Await.until(
                A_WHILE,
                () -> person.browser
                                .submitFrom("/verify-tfa", "/verify-tfa/resend")
                                .statusCode()
                        == 303);
        Await.until(A_WHILE, () -> !Person.codeIn(person.messages().getLast()).equals(binding));
        assertRedirect("/user", person.enter(Person.codeIn(person.messages().getLast())));
    }

    @Test
    void theTextsOfAKilledDispatcherAreSentByTheOther() throws InterruptedException {
        List<Person> people = people();
        site.dispatcher(0).kill();
        orderTexts(people);
        Await.until(
                TAKEN_OVER, () -> people.stream().allMatch(one -> one.messages().size() == 1));
    }

    @Test
    void aPausedDispatcherIsReplacedAndTakesItsShareAgain() throws InterruptedException {
        List<Person> people = people();
        site.dispatcher(1).pause();
        orderTexts(people);
        Await.until(TAKEN_OVER, () -> people.stream()
                .noneMatch(one -> one.messages().isEmpty()));
        assertTrue(site.dispatcher(1).isAlive());
        site.dispatcher(1).resume();
        Await.until(A_WHILE, () -> shares().equals(List.of(12, 12)));
        Person.signedUp(site).bindPhone();
    }

    /** Stopped in the middle of its calls, and others have sent what it had. */
    @Test
    void aDispatcherThatWasStoppedForAMinuteSendsNothingAgain() throws InterruptedException {
        List<Person> people = people();
        int before = site.twilio().ledger().messages().size();
        site.twilio().delayAnswersBy(Duration.ofSeconds(3));
        try {
            orderTexts(people);
            Await.until(A_WHILE, () -> site.twilio().ledger().messages().size() > before);
            site.dispatcher(1).pause();
        } finally {
            site.twilio().behave();
        }
        Instant resumed = Instant.now().plus(Duration.ofMinutes(1));
        Await.until(
                A_WHILE, () -> people.stream().noneMatch(one -> one.messages().isEmpty()));
        Await.until(Duration.ofMinutes(2), () -> Instant.now().isAfter(resumed));
        site.dispatcher(1).resume();
        Await.until(A_WHILE, () -> shares().equals(List.of(12, 12)));
        awaitOutcomeOfAll();
        assertEquals(
                List.of(),
                people.stream().filter(one -> one.messages().size() != 1).toList());
    }

    @Test
    void whatIsOrderedWhenAllBrokersGoForMinutesIsSentOnceOrTold() throws InterruptedException {
        List<Person> people = people();
        int before = site.twilio().ledger().messages().size();
        site.twilio().delayAnswersBy(Duration.ofSeconds(2));
        try {
            orderTexts(people);
            Await.until(A_WHILE, () -> site.twilio().ledger().messages().size() > before);
            site.cluster().brokers().nodes().forEach(Node::kill);
        } finally {
            site.twilio().behave();
        }
        Instant back = Instant.now().plus(Duration.ofMinutes(2));
        Await.until(Duration.ofMinutes(3), () -> Instant.now().isAfter(back));
        everythingIsUp();
        awaitOutcomeOfAll();
        assertEquals(
                List.of(),
                people.stream().filter(one -> one.messages().size() > 1).toList());
        Person.signedUp(site).bindPhone();
    }

    /** All that was ever ordered here has an end, or a provider has it. */
    private void awaitOutcomeOfAll() throws InterruptedException {
        Await.until(Duration.ofMinutes(1), () -> messages(Topics.SMS_OUTCOME).containsAll(messages(Topics.SMS_SEND)));
    }

    private Set<String> messages(String topic) {
        try (TopicReader reader = new TopicReader(site.cluster().brokers().bootstrapServers())) {
            return reader.events(topic).stream()
                    .map(event -> event.body().getString("message", event.id()))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aPoliteStopLeavesNoProcess() throws InterruptedException {
        List<Node> all = site.cluster().all();
        assertEquals(8, all.size());
        site.cluster().stop();
        for (Node node : all) {
            assertEquals(143, node.awaitEnd(Duration.ZERO), node.name());
            assertTrue(ProcessHandle.of(node.pid()).isEmpty(), node.name());
        }
    }

    /** Enough for some to be of either dispatcher's share. */
    private List<Person> people() {
        return Stream.generate(() -> Person.signedUp(site)).limit(10).toList();
    }

    private static void orderTexts(List<Person> people) {
        for (Person one : people) {
            HttpResponse<String> asked = one.browser.submit("/enable-tfa-via-sms", "phone_number", one.phone);
            assertEquals(303, asked.statusCode(), asked.body());
        }
    }

    /**
     * As people do who are told that no text could be sent: they ask for another, which has the same code.
     */
    private static void bindPhoneSoon(Person person) throws InterruptedException {
        HttpResponse<String> first = person.browser.submit("/enable-tfa-via-sms", "phone_number", person.phone);
        if (first.statusCode() != 303) {
            Await.until(
                    A_WHILE,
                    () -> person.browser
                                    .submitFrom("/enable-tfa-via-sms", "/enable-tfa-via-sms/resend")
                                    .statusCode()
                            == 303);
        }
        Await.until(A_WHILE, () -> !person.messages().isEmpty());
        String code = Person.codeIn(person.messages().getLast());
        assertRedirect("/user?changed", person.browser.submit("/enable-tfa-via-sms", "token", code));
    }

    /** The broker whose controller leads the others, the one that is missed most. */
    private ServerNode leader() {
        int id = answer(admin.describeMetadataQuorum().quorumInfo()).leaderId();
        return site.cluster().brokers().nodes().get(id - 1);
    }

    /** How many partitions each dispatcher has. */
    private List<Integer> shares() {
        return answer(admin.describeConsumerGroups(List.of(KafkaClients.GROUP)).all())
                .get(KafkaClients.GROUP)
                .members()
                .stream()
                .map(member -> member.assignment().topicPartitions().size())
                .toList();
    }

    private boolean everyCopyIsInSync() {
        return answer(admin.describeTopics(List.of(Topics.SMS_SEND, Topics.AUDIT))
                        .allTopicNames())
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(partition -> partition.isr().size() == 3);
    }

    /** How many copies a write of an order needs from now on. */
    private void requireInSync(int copies) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.SMS_SEND);
        ConfigEntry entry = new ConfigEntry("min.insync.replicas", "" + copies);
        answer(admin.incrementalAlterConfigs(Map.of(topic, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all());
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRedirect(String to, HttpResponse<String> response) {
        assertEquals(303, response.statusCode(), response.body());
        assertEquals(to, SiteClient.location(response));
    }
}
