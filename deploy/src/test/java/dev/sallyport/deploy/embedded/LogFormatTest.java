package dev.sallyport.deploy.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.NotControllerException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log as {@code logback.xml} makes it. */
class LogFormatTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.006Z");

    private final LoggerContext context = new LoggerContext();
    private ConsoleAppender<ILoggingEvent> console;

    @BeforeEach
    void configure() throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(getClass().getResource("/logback.xml")));
        console = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void aRecordIsOneLineWithItsTimeInUtc() {
        assertEquals(
                "2026-01-02T03:04:05.006Z INFO  [main] Login: signed in" + System.lineSeparator(),
                line("dev.sallyport.Login", Level.INFO, "signed in", null));
    }

    @Test
    void lineBreaksAndEscapesCantForgeARecord() {
        String line = line("dev.sallyport.Login", Level.WARN, "name\r\n2026 ERROR forged\u2028again\u001b[2K", null);

        assertTrue(line.endsWith("Login: name | 2026 ERROR forged | again | [2K" + System.lineSeparator()), line);
    }

    @Test
    void aStackTraceStaysOnItsRecordsLine() {
        String line = line("dev.sallyport.Login", Level.ERROR, "broken", new IllegalStateException("with\nbreak"));

        assertEquals(1, line.lines().count(), line);
        assertTrue(line.contains("broken | java.lang.IllegalStateException: with | break | at dev.sallyport."), line);
    }

    @Test
    void theStoreOfTestsDoesNotLogCommands() {
        assertFalse(context.getLogger("de.bwaldvogel.mongo.wire.MongoDatabaseHandler")
                .isErrorEnabled());
    }

    @Test
    void theStoresDriverDoesNotLogCommandsAndAnswers() {
        assertFalse(context.getLogger("org.mongodb.driver.protocol.command").isErrorEnabled());
    }

    @Test
    void onlyKnownWarningsAreDropped() {
        String broker = "org.apache.kafka.controller.QuorumController";
        String noise = "[QuorumController id=1] Performing controller activation.";

        assertEquals(FilterReply.DENY, decision(broker, Level.WARN, noise));
        assertEquals(FilterReply.NEUTRAL, decision(broker, Level.ERROR, noise));
        assertEquals(FilterReply.NEUTRAL, decision(broker, Level.WARN, "Fencing broker 1"));
        assertEquals(FilterReply.NEUTRAL, decision("dev.sallyport.Login", Level.WARN, noise));
        assertEquals(FilterReply.NEUTRAL, decision("org.mongodb.driver.uri", Level.WARN, "Unsupported option 'ssll'"));
    }

    @Test
    void theBrokersFirstQuestionToItsOwnControllerIsNoError() {
        String apis = "kafka.server.ControllerApis";
        Throwable known = new CompletionException(new NotControllerException("The active controller appears to be 1"));
        assertEquals(FilterReply.DENY, decision(event(apis, Level.ERROR, "Unexpected error", known)));
        Throwable other = new CompletionException(new IllegalStateException());
        assertEquals(FilterReply.NEUTRAL, decision(event(apis, Level.ERROR, "Unexpected error", other)));
    }

    @Test
    void ofWarningsThatNoBrokerAnswersOneAMinuteIsTold() {
        String client = "org.apache.kafka.clients.NetworkClient";
        String noise = "Connection to node 1 (/127.0.0.1:9092) could not be established. Node may not be available.";

        assertEquals(FilterReply.NEUTRAL, decision(client, Level.WARN, noise));
        assertEquals(FilterReply.DENY, decision(client, Level.WARN, noise));
        assertEquals(FilterReply.NEUTRAL, decision(client, Level.ERROR, "Authentication failed"));
        assertEquals(FilterReply.NEUTRAL, decision("org.apache.kafka.clients.Metadata", Level.WARN, noise));

        LoggingEvent later = event(client, Level.WARN, noise, null);
        later.setInstant(TIME.plusSeconds(60));
        assertEquals(FilterReply.NEUTRAL, console.getFilterChainDecision(later));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clients.NetworkClient | ERROR | Connection to node -1 failed authentication due to: no such user",
                "clients.Metadata | ERROR | Topic authorization failed for topics [sallyport.audit]",
                "clients.admin.internals.AdminMetadataManager | WARN | Fatal error during metadata update",
                "clients.admin.internals.DescribeConsumerGroupsHandler | ERROR | failed due to GROUP_ID_NOT_FOUND",
                "common.security.ssl.DefaultSslEngineFactory | ERROR | Modification time of key store could not be obtained",
            })
    void thatAClientIsRefusedIsLeftToWhoeverUsesIt(String logger, String level, String message) {
        assertEquals(FilterReply.DENY, decision("org.apache.kafka." + logger, Level.toLevel(level), message));
    }

    private FilterReply decision(String logger, Level level, String message) {
        return decision(event(logger, level, message, null));
    }

    private FilterReply decision(LoggingEvent event) {
        return console.getFilterChainDecision(event);
    }

    private String line(String logger, Level level, String message, @Nullable Throwable thrown) {
        return new String(console.getEncoder().encode(event(logger, level, message, thrown)), StandardCharsets.UTF_8);
    }

    private LoggingEvent event(String logger, Level level, String message, @Nullable Throwable thrown) {
        LoggingEvent event =
                new LoggingEvent(getClass().getName(), context.getLogger(logger), level, message, thrown, null);
        event.setInstant(TIME);
        event.setThreadName("main");
        return event;
    }
}
