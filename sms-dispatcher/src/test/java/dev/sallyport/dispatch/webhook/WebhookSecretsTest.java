package dev.sallyport.dispatch.webhook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.webhook.fake.FakeGateway;
import dev.sallyport.dispatch.webhook.fake.Fault;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Attack: reading logs, events and error reports for codes, numbers and what the gateway believes. */
class WebhookSecretsTest {

    private static final String NUMBER = "+14155550123";
    private static final String CODE = "493028";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level usualLevel = root.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void logEverything() {
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
    }

    @AfterEach
    void logAsUsual() {
        root.detachAppender(log);
        root.setLevel(usualLevel);
    }

    @Test
    void nothingThatIsPrintedOrLoggedTellsSecretCredentialsNumberOrCode() {
        List<String> printed = new ArrayList<>();
        String quoting = "{'id':'to " + NUMBER + "','code':'" + NUMBER + " " + CODE + "','failure':'" + CODE + "'}";
        try (FakeGateway gateway = FakeGateway.start()) {
            URI url = URI.create(gateway.url().toString().replace("://", "://me:hunter2@") + "?token=hunter3");
            WebhookConfig config = new WebhookConfig("main", url, new WebhookKeys(List.of(FakeGateway.SECRET)));
            TextMessage message =
                    new TextMessage("id-1", "key", NUMBER, CODE + " is your code", Duration.ofMinutes(4), 1);
            try (WebhookSmsProvider provider =
                    new WebhookSmsProvider(config, Clock.systemUTC(), Duration.ofSeconds(2), Duration.ofMillis(300))) {
                gateway.next(
                        Fault.json(200, quoting),
                        Fault.json(400, quoting),
                        Fault.json(500, quoting),
                        Fault.html(401),
                        new Fault.Reset(),
                        new Fault.Hang());
                for (int i = 0; i < 7; i++) {
                    printed.add(provider.send(message).toString());
                }
                gateway.next(Fault.json(200, quoting));
                printed.add(provider.find(message, Clock.systemUTC().instant(), Set.of())
                        .toString());
                printed.addAll(List.of(message.toString(), config.toString(), provider.toString()));
            }
        }
        assertTrue(printed.getFirst().startsWith("Refused"), printed.getFirst());
        // The fake is no product: its server logs what comes in.
        log.list.stream()
                .filter(event -> !event.getLoggerName().startsWith("io.netty"))
                .forEach(event -> printed.add(event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy()))));

        String everything = String.join("\n", printed);
        for (String secret :
                List.of(FakeGateway.SECRET.substring(6), "hunter2", "hunter3", NUMBER.substring(1), CODE)) {
            assertFalse(everything.contains(secret), secret);
        }
    }
}
