package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import at.favre.lib.crypto.bcrypt.BCrypt;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.ExpectedFailure;
import dev.sallyport.Role;
import dev.sallyport.deploy.embedded.GuardedKafka;
import dev.sallyport.dispatch.kafka.KafkaClients;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.event.kafka.Grantee;
import dev.sallyport.event.kafka.Right;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.seal.kafka.SealerClients;
import dev.sallyport.sms.news.kafka.OutcomeKeeper;
import dev.sallyport.testing.Eventually;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** On a broker that lets nobody do what {@code rights.yaml} does not say, everything works, and nothing else does. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaRightsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final GuardedKafka kafka = GuardedKafka.shared();
    private final GuardedSite site = new GuardedSite();

    private Path nobody;
    private Path one;

    private record Answer(int exitCode, String out, String err) {}

    @BeforeAll
    void writeFilesOfAccounts(@TempDir Path folder) throws IOException {
        nobody = Files.createFile(folder.resolve("nobody.ndjson"));
        JsonObject account = new JsonObject()
                .put("uid", "imported@example.com")
                .put("password_hash", BCrypt.withDefaults().hashToString(4, Person.PASSWORD.toCharArray()))
                .put("totp_secret", "JBSWY3DPEHPK3PXP")
                .put("totp_enabled_via_app", false)
                .put("totp_enabled_via_sms", false)
                .put("phone_number", "(415) 267-8888");
        one = Files.writeString(folder.resolve("one.ndjson"), account.encode());
    }

    @AfterAll
    void close() {
        site.close();
    }

    /** Something is written to every topic, and read by whoever is to read it, and nobody complains. */
    @Test
    void theWholeJourneyWorksWithTheseRightsAlone() throws Exception {
        Map<String, Long> before = records();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root().addAppender(log);
        try (GuardedSite own = new GuardedSite();
                EventTap tap =
                        new EventTap(kafka.connection(GuardedKafka.ADMINISTRATOR), Topics.AUDIT, Topics.SMS_OUTCOME)) {
            writeJunk();
            for (Role role : Role.values()) {
                own.start(role);
            }
            own.twilio().reportAll("sent", "delivered");
            Person person = Person.signedUp(own);
            person.bindPhone();
            person.signOut();
            assertEquals("/verify-tfa", SiteClient.location(person.signIn()));
            assertEquals("/user", SiteClient.location(person.enter(person.receivedCode(2))));
            tap.await(1, seen -> seen.type().equals("signed-in"));
            tap.await(1, seen -> seen.type().equals("sms.delivered"));
            assertDone(run(own.environmentOfUsers(), "users", "import", one.toString()));
            tap.await(1, seen -> seen.type().equals("account.imported"));
            assertDone(run(own.environmentOfUsers(), "users", "sign-out", person.name));
            Await.until(LIMIT, () -> person.browser.get("/user").statusCode() == 303);
            Await.until(LIMIT, () -> sms("status").exitCode() == 0);
            assertTrue(sms("status").out().contains("  twilio works, 0 calls, 100 % of the rate"));
            assertDone(sms("limits", "--rate", "50"));
            Await.until(LIMIT, () -> audit(own).out().contains(" of 12 partitions, sealed until "));
            Eventually.equal(Set.of(), () -> withoutNewRecords(before));
            assertGroupsHaveCommitted();
        } finally {
            root().detachAppender(log);
        }
        assertEquals(
                List.of(), log.list.stream().filter(KafkaRightsIT::isOfRights).toList());
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static boolean isOfRights(ILoggingEvent event) {
        String said = event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy());
        return event.getLevel().isGreaterOrEqual(Level.WARN)
                && said.toLowerCase(Locale.ROOT).contains("authoriz");
    }

    /** So that there is a dead letter. */
    private void writeJunk() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(GuardedKafka.ADMINISTRATOR)) {
            producer.send(new ProducerRecord<>(Topics.SMS_SEND, new byte[] {1}, new byte[] {1}))
                    .get();
        }
    }

    private static void assertDone(Answer answer) {
        assertEquals(0, answer.exitCode(), answer.err());
        assertEquals("", answer.err());
    }

    /** How many each topic has had so far. */
    private Map<String, Long> records() {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicPlan plan : TopicPlan.all(1)) {
            for (int partition = 0; partition < plan.partitions(); partition++) {
                ends.put(new TopicPartition(plan.name(), partition), OffsetSpec.latest());
            }
        }
        try (Admin admin = kafka.admin()) {
            Map<String, Long> records = new TreeMap<>();
            ask(admin.listOffsets(ends).all())
                    .forEach((partition, end) -> records.merge(partition.topic(), end.offset(), Long::sum));
            return records;
        }
    }

    private Set<String> withoutNewRecords(Map<String, Long> before) {
        return records().entrySet().stream()
                .filter(now -> now.getValue().equals(before.get(now.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private void assertGroupsHaveCommitted() throws Exception {
        try (Admin admin = kafka.admin()) {
            for (String group : List.of(KafkaClients.GROUP, OutcomeKeeper.GROUP, SealerClients.GROUP)) {
                Await.until(
                        LIMIT, () -> !ask(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                                .isEmpty());
            }
        }
    }

    Stream<Arguments> rights() {
        return Grantee.all().stream()
                .flatMap(grantee -> grantee.rights().stream().map(right -> Arguments.of(grantee.name(), right)));
    }

    /** Each right of each is taken away once; who lacks it says what it lacks, at once and not when somebody waits for it. */
    @ParameterizedTest
    @MethodSource("rights")
    void whoeverLacksARightNamesIt(String name, Right right) throws Exception {
        AclBinding held = right.heldBy("User:" + GuardedKafka.userOf(name));
        take(held);
        try {
            String said = work(name);
            assertTrue(said.contains(right.on().name()), right + ": " + said);
            // A start tells which operation it is; of a command's the topic is enough.
            assertTrue(!said.startsWith("In Kafka") || said.contains(Right.word(right.operation()) + " on "), said);
            assertTrue(said.contains("./sallyport topics rights"), said);
        } finally {
            give(held);
        }
    }

    /** What all of them do with all their rights, when no role runs. */
    @ParameterizedTest
    @CsvSource({"web", "audit-sealer", "topics", "sms", "users"})
    void whoeverHasAllItsRightsComplainsOfNothing(String name) throws Exception {
        assertEquals("", work(name));
    }

    /** Has a user do what it is for, and returns what it complains of. */
    private String work(String name) throws Exception {
        return switch (name) {
            case "web" -> start(Role.LOGIN);
            case "sms-dispatcher" -> start(Role.SMS_DISPATCHER);
            case "audit-sealer" -> start(Role.AUDIT_SEALER);
            case "audit" -> audit(site).err();
            case "topics" -> makeATopicAnew();
            case "sms" -> operate();
            case "users" ->
                run(site.environmentOfUsers(), "users", "import", nobody.toString())
                        .err();
            default -> throw new IllegalArgumentException("there is no test of what " + name + " does");
        };
    }

    private String start(Role role) {
        try {
            site.start(site.environment(role)).stop();
            return "";
        } catch (ExpectedFailure e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String makeATopicAnew() throws Exception {
        try (TopicAdmin topics = new TopicAdmin(kafka.bootstrapServers(), kafka.client(GuardedKafka.ADMINISTRATOR));
                Admin admin = kafka.admin()) {
            admin.deleteTopics(List.of(Topics.SMS_CALLBACK)).all().get();
            Eventually.equal(false, () -> ask(admin.listTopics().names()).contains(Topics.SMS_CALLBACK));
            Map<String, String> environment = kafka.environment(GuardedKafka.userOf("topics"));
            Answer made = run(environment, "topics", "apply");
            topics.apply(TopicPlan.all(1));
            return made.err();
        }
    }

    private String operate() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(GuardedKafka.ADMINISTRATOR)) {
            producer.send(CloudEvents.producerRecord(deadLetter(), "/test")).get();
        }
        return Stream.of(sms("status"), sms("limits", "--rate", "50", "--by", "ada"), sms("dead-letters", "--redrive"))
                .map(Answer::err)
                .collect(Collectors.joining());
    }

    /** One that can be of use later, as far as that can be told. */
    private static EventRecord deadLetter() {
        JsonObject record = new JsonObject()
                .put("key", new byte[] {1})
                .put("value", new byte[] {1})
                .put("headers", new JsonArray());
        JsonObject body = new JsonObject()
                .put("topic", Topics.SMS_SEND)
                .put("partition", 0)
                .put("offset", 0)
                .put("reason", "unknown-key")
                .put("record", record);
        return new EventRecord(
                "sallyport.sms.send-0-0",
                "dev.sallyport.sms.dead-letter",
                Clock.systemUTC().instant(),
                Topics.SMS_DEAD_LETTER,
                "sallyport.sms.send-0",
                Map.of(),
                body.toBuffer().getBytes());
    }

    private Answer sms(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "sms";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return run(kafka.environment(GuardedKafka.userOf("sms")), all);
    }

    private Answer audit(GuardedSite whose) {
        Map<String, String> environment = new HashMap<>(whose.environmentOfUsers());
        environment.putAll(kafka.environment(GuardedKafka.userOf("audit")));
        return run(environment, "audit", "verify");
    }

    private static Answer run(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Sallyport.run(arguments, environment, new PrintWriter(out), new PrintWriter(err));
        return new Answer(exitCode, out.toString(), err.toString());
    }

    private void take(AclBinding binding) throws Exception {
        try (Admin admin = kafka.admin()) {
            admin.deleteAcls(List.of(binding.toFilter())).all().get();
            awaitAcl(admin, binding, false);
        }
    }

    private void give(AclBinding binding) throws Exception {
        try (Admin admin = kafka.admin()) {
            admin.createAcls(List.of(binding)).all().get();
            awaitAcl(admin, binding, true);
        }
    }

    private static void awaitAcl(Admin admin, AclBinding binding, boolean held) {
        AclBindingFilter filter = binding.toFilter();
        Eventually.equal(held, () -> ask(admin.describeAcls(filter).values()).contains(binding));
    }

    private static <T> T ask(KafkaFuture<T> asked) {
        try {
            return asked.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Stream<String> grantees() {
        return Grantee.all().stream().map(Grantee::name);
    }

    /** What the broker says of every topic, user by user. */
    @ParameterizedTest
    @MethodSource("grantees")
    void nobodyMayDoMoreThanIsWritten(String name) {
        List<Right> rights = List.copyOf(Grantee.rightsOf(name));
        try (Admin admin = kafka.admin(GuardedKafka.userOf(name))) {
            List<String> topics = TopicPlan.all(1).stream().map(TopicPlan::name).toList();
            admin.describeTopics(topics, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .topicNameValues()
                    .forEach((topic, asked) -> {
                        Set<AclOperation> written = written(rights, topic);
                        if (written.contains(AclOperation.DESCRIBE)) {
                            assertEquals(written, ask(asked).authorizedOperations(), topic);
                        } else {
                            assertEquals(Set.of(), written, topic);
                            ExecutionException refused = assertThrows(ExecutionException.class, asked::get);
                            assertInstanceOf(TopicAuthorizationException.class, refused.getCause());
                        }
                    });
        }
    }

    private static Set<AclOperation> written(List<Right> rights, String topic) {
        Set<AclOperation> written = rights.stream()
                .filter(right -> right.covers(ResourceType.TOPIC, topic))
                .map(Right::operation)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(AclOperation.class)));
        if (written.contains(AclOperation.READ) || written.contains(AclOperation.WRITE)) {
            written.add(AclOperation.DESCRIBE);
        }
        return written;
    }

    @ParameterizedTest
    @CsvSource({
        "sms-dispatcher, sallyport.audit",
        "sms-dispatcher, sallyport.sms.outcome",
        "sms-dispatcher, sallyport.session",
        "web, sallyport.sms.send",
        "web, sallyport.sms.ledger",
        "web, sallyport.sms.callback",
        "web, sallyport.sms.control",
        "web, sallyport.audit",
        "audit-sealer, sallyport.session",
        "audit-sealer, sallyport.sms.outcome",
        "audit, sallyport.session",
        "sms, sallyport.sms.send",
        "sms, sallyport.audit",
        "topics, sallyport.audit",
        "users, sallyport.audit",
    })
    void whatIsNotOnesOwnCannotBeRead(String name, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka.connection(GuardedKafka.userOf(name)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
            assertThrows(TopicAuthorizationException.class, () -> {
                consumer.assign(partition);
                consumer.seekToBeginning(partition);
                Await.until(LIMIT, () -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sms-dispatcher, sallyport.sms.send",
        "sms-dispatcher, sallyport.sms.verified",
        "sms-dispatcher, sallyport.sms.control",
        "sms-dispatcher, sallyport.audit",
        "sms-dispatcher, sallyport.session",
        "web, sallyport.sms.ledger",
        "web, sallyport.sms.callback",
        "web, sallyport.sms.outcome",
        "web, sallyport.sms.stats",
        "web, sallyport.sms.control",
        "web, sallyport.audit.checkpoint",
        "audit-sealer, sallyport.audit",
        "audit, sallyport.audit.checkpoint",
        "sms, sallyport.sms.stats",
        "sms, sallyport.sms.outcome",
        "topics, sallyport.audit",
        "users, sallyport.sms.send",
    })
    void whatIsNotOnesOwnCannotBeWritten(String name, String topic) {
        try (KafkaProducer<byte[], byte[]> producer = producer(GuardedKafka.userOf(name))) {
            // By the record's future, or by the call itself where it is refused to produce at all.
            Exception refused =
                    assertThrows(Exception.class, () -> producer.send(new ProducerRecord<>(topic, new byte[] {1}))
                            .get());
            assertTrue(hasCause(refused, AuthorizationException.class), refused.toString());
        }
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private KafkaProducer<byte[], byte[]> producer(String user) {
        return new KafkaProducer<>(kafka.connection(user), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Test
    void aWebRoleIsNoDispatcher() {
        Map<String, Object> connection = new HashMap<>(kafka.connection(GuardedSite.userOf(Role.LOGIN)));
        connection.put("group.id", KafkaClients.GROUP);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(connection, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.SMS_OUTCOME));
            assertThrows(GroupAuthorizationException.class, () -> {
                Await.until(LIMIT, () -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void noRoleChangesTopicsOrRights(Role role) {
        try (Admin admin = kafka.admin(GuardedSite.userOf(role))) {
            ConfigResource audit = new ConfigResource(ConfigResource.Type.TOPIC, Topics.AUDIT);
            AlterConfigOp forget = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET);
            AclBinding everything = Grantee.all().getFirst().rights().getFirst().heldBy("User:*");
            for (KafkaFuture<?> refused : List.of(
                    admin.deleteTopics(List.of(Topics.AUDIT)).all(),
                    admin.incrementalAlterConfigs(Map.of(audit, List.of(forget)))
                            .all(),
                    admin.createAcls(List.of(everything)).all())) {
                ExecutionException failure = assertThrows(ExecutionException.class, refused::get);
                assertInstanceOf(AuthorizationException.class, failure.getCause());
            }
        }
    }

    @Test
    void rightsAreGivenByAnAdministratorAndOnlyWhereTheyLack() throws Exception {
        Map<String, String> administrator = kafka.environment(GuardedKafka.ADMINISTRATOR);
        AclBinding taken = Grantee.all().getFirst().rights().getLast().heldBy("User:sallyport-web");
        take(taken);

        Answer refused = run(kafka.environment(GuardedKafka.userOf("web")), "topics", "rights", "--apply");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().startsWith("sallyport: Only who may Describe and Alter the cluster"), refused.err());
        Answer first = run(administrator, "topics", "rights", "--apply");
        assertEquals(0, first.exitCode(), first.err());
        assertTrue(first.out().startsWith("User:sallyport-web: 1 rights given, 8 were there.\n"), first.out());
        Answer second = run(administrator, "topics", "rights", "--apply");
        assertTrue(second.out().lines().allMatch(line -> line.contains(": 0 rights given, ")), second.out());
        Answer another = run(administrator, "topics", "rights", "--apply", "--principal", "sms=User:CN=ada,O=Acme");
        assertEquals("User:CN=ada,O=Acme: 6 rights given, 0 were there.\n", another.out(), another.err());
    }
}
