package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.ExpectedFailure;
import dev.sallyport.Role;
import dev.sallyport.deploy.embedded.Authority;
import dev.sallyport.deploy.embedded.GuardedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Who can't prove who it is, or does not trust the broker, says so in one sentence, and tells no password. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaRefusalIT {

    private static final String WRONG = "a-wrong-password";
    private static final String USER = GuardedSite.userOf(Role.SMS_DISPATCHER);
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^(SALLYPORT_KAFKA_PROPERTIES_\\w+)='?(.*?)'?$");

    private final GuardedKafka kafka = GuardedKafka.shared();
    private final GuardedSite site = new GuardedSite();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private static Path folder;

    private Authority stranger;

    /** Settings that can't be, and what the sentence about them names. */
    private record Wrong(String what, Map<String, String> settings, String named) {
        @Override
        public String toString() {
            return what;
        }
    }

    @BeforeAll
    void listen() throws IOException {
        stranger = new Authority(Files.createDirectory(folder.resolve("stranger")));
        log.start();
        root().addAppender(log);
    }

    @AfterAll
    void close() {
        root().detachAppender(log);
        site.close();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    Stream<Wrong> wrongSettings() {
        String jaas = kafka.client(USER).get("sasl.jaas.config");
        String store = stranger.trustStore().toString();
        return Stream.of(
                new Wrong(
                        "a wrong password",
                        Map.of("sasl.jaas.config", jaas.replace(kafka.password(USER), WRONG)),
                        "SALLYPORT_KAFKA_PROPERTIES_SASL_JAAS_CONFIG"),
                new Wrong(
                        "an unknown user",
                        Map.of("sasl.jaas.config", jaas.replace(USER, "nobody")),
                        "SALLYPORT_KAFKA_PROPERTIES_SASL_JAAS_CONFIG"),
                new Wrong(
                        "a mechanism that brokers don't know",
                        Map.of("sasl.mechanism", "SCRAM-SHA-256"),
                        "SALLYPORT_KAFKA_PROPERTIES_SASL_MECHANISM"),
                new Wrong(
                        "a line that does not end",
                        Map.of("sasl.jaas.config", jaas.replace(";", "")),
                        "sasl.jaas.config"),
                new Wrong(
                        "an unknown authority",
                        Map.of("ssl.truststore.location", stranger.certificate().toString()),
                        "ssl.truststore.location"),
                new Wrong(
                        "a store that is not there",
                        Map.of("ssl.truststore.location", "/no/such/file.pem"),
                        "ssl.truststore.location"),
                new Wrong(
                        "a store that does not open",
                        Map.of(
                                "ssl.truststore.type", "PKCS12",
                                "ssl.truststore.location", store,
                                "ssl.truststore.password", WRONG),
                        "ssl.truststore.location"),
                new Wrong("a password for what has none", Map.of("ssl.truststore.password", WRONG), "ssl.truststore"));
    }

    @ParameterizedTest
    @MethodSource("wrongSettings")
    void oneSentenceNamesTheSetting(Wrong wrong) {
        log.list.clear();
        ExpectedFailure failure = assertThrows(ExpectedFailure.class, () -> site.start(environment(wrong)));
        assertCalm(wrong, String.valueOf(failure.getMessage()));

        StringWriter err = new StringWriter();
        PrintWriter out = new PrintWriter(new StringWriter());
        Map<String, String> operator = new HashMap<>(kafka.environment(USER));
        wrong.settings().forEach((name, value) -> operator.put(GuardedKafka.variable(name), value));
        assertEquals(1, Sallyport.run(new String[] {"sms", "status"}, operator, out, new PrintWriter(err)));
        assertCalm(wrong, err.toString());
        assertEquals(List.of(), Secrets.in(logged() + causes(failure), List.of(kafka.password(USER), WRONG)));
    }

    /** The connection is cut off by both, each of which waits for what the other never says. */
    @Test
    @Tag("long")
    void whoDoesNotEncryptIsAskedWhetherBrokersDo() {
        Wrong wrong = new Wrong("plain text", Map.of("security.protocol", "SASL_PLAINTEXT"), "security.protocol");
        ExpectedFailure failure = assertThrows(ExpectedFailure.class, () -> site.start(environment(wrong)));
        assertCalm(wrong, String.valueOf(failure.getMessage()));
    }

    @Test
    void theProcessEndsWithThatSentenceAndNoOtherWord() throws Exception {
        Set<String> differentWays = Set.of("a wrong password", "an unknown authority", "a store that is not there");
        for (Wrong wrong : wrongSettings()
                .filter(wrong -> differentWays.contains(wrong.what()))
                .toList()) {
            Path own = Files.createDirectory(folder.resolve(wrong.what().replace(' ', '-')));
            JarProcess.Ended ended = JarProcess.run(own, environment(wrong), "up");
            assertEquals(1, ended.exitCode());
            assertEquals(1, ended.err().lines().count(), ended.err());
            assertTrue(ended.err().startsWith("sallyport: "), ended.err());
            assertCalm(wrong, ended.err());
            assertEquals("", ended.out());
        }
    }

    private Map<String, String> environment(Wrong wrong) {
        Map<String, String> environment = new HashMap<>(site.environment(Role.SMS_DISPATCHER));
        wrong.settings().forEach((name, value) -> environment.put(GuardedKafka.variable(name), value));
        return environment;
    }

    private void assertCalm(Wrong wrong, String said) {
        assertTrue(said.contains(wrong.named()), said);
        assertFalse(said.contains("mistake in the program"), said);
        assertEquals(List.of(), Secrets.in(said, List.of(kafka.password(USER), WRONG)));
    }

    private String logged() {
        return log.list.stream()
                .map(event -> event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                .collect(Collectors.joining("\n"));
    }

    private static String causes(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            all.append(cause).append('\n');
        }
        return all.toString();
    }

    @Test
    void theSettingsOfTheManualAreThoseThatWorkHere() throws IOException {
        Map<String, String> example = new TreeMap<>();
        Matcher lines = EXAMPLE.matcher(Files.readString(Path.of("..", "docs", "operations.md")));
        while (lines.find()) {
            example.put(
                    lines.group(1),
                    lines.group(2)
                            .replace("sallyport-web", USER)
                            .replace("…", kafka.password(USER))
                            .replace(
                                    "/etc/sallyport/kafka-ca.pem",
                                    kafka.authority().certificate().toString()));
        }
        Map<String, String> used = new TreeMap<>();
        kafka.client(USER).forEach((name, value) -> used.put(GuardedKafka.variable(name), value));
        assertEquals(used, example);
    }
}
