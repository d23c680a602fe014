package dev.sallyport.dispatch.twilio;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.dispatch.twilio.fake.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Attack: reading logs, events and error reports for codes, numbers and the account's token. */
class TwilioSecretsTest {

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
    void nothingThatIsPrintedOrLoggedTellsTokenNumberOrCode() {
        var printed = new ArrayList<String>();
        try (var twilio = FakeTwilio.start();
                var provider = new TwilioSmsProvider(twilio.config(), Duration.ofSeconds(2), Duration.ofMillis(300))) {
            var message =
                    new TextMessage("id-1", "phone-key", NUMBER, CODE + " is your code", Duration.ofMinutes(4), 1);
            var quoting = "{\"to\":\"" + NUMBER + "\",\"body\":\"" + CODE + "\"";
            var faults = List.of(
                    new Fault.Refuse(400, 21211),
                    new Fault.Refuse(401, 20003),
                    new Fault.AcceptThenFail(),
                    new Fault.AcceptThenReset(),
                    new Fault.Hang(),
                    new Fault.Answer(201, "application/json", quoting),
                    new Fault.Answer(400, "application/json", quoting));
            printed.add(provider.send(message).toString());
            for (var fault : faults) {
                twilio.next(fault);
                printed.add(provider.send(message).toString());
            }
            printed.addAll(List.of(message.toString(), twilio.config().toString(), provider.toString()));
        }
        log.list.forEach(event -> printed.add(event.getLoggerName() + " " + event.getFormattedMessage() + " "
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()))));

        var everything = String.join("\n", printed);
        assertTrue(everything.contains("BEGIN Twilio API Request"), "Twilio's own logger was not captured");
        for (var secret : secrets()) {
            assertFalse(everything.contains(secret), secret);
        }
    }

    private static List<String> secrets() {
        var credentials = FakeTwilio.ACCOUNT_SID + ":" + FakeTwilio.AUTH_TOKEN;
        return List.of(
                FakeTwilio.AUTH_TOKEN,
                Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)),
                NUMBER.substring(1),
                CODE,
                FakeTwilio.FROM.substring(1));
    }
}
