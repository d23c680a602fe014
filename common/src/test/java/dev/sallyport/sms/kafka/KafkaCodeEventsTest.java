package dev.sallyport.sms.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.Role;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.PublishFailed;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.CodeVerified;
import dev.sallyport.sms.SendCode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class KafkaCodeEventsTest {

    private static final CodeVerified VERIFIED = new CodeVerified("a message", "a challenge", "a key", Instant.EPOCH);
    private static final SendCode ORDER = new SendCode(
            "a message", "a challenge", "sign-in", "a key", Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, new byte[0]);

    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(KafkaCodeEvents.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Kafka kafka = new Kafka();
    private KafkaCodeEvents events;

    @BeforeEach
    void makeKeys() {
        new KeyFolder(folder).init();
        Keyring keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
        events = new KafkaCodeEvents(Role.LOGIN, new EventSigner(keyring, Role.LOGIN), kafka);
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    /** Takes what it is given, or nothing while it is away. */
    private static final class Kafka implements EventPublisher {

        private final List<String> topics = new ArrayList<>();
        private boolean away;

        @Override
        public void send(EventRecord event) {
            if (away) {
                throw new PublishFailed(event.topic(), null);
            }
            topics.add(event.topic());
        }

        @Override
        public void publish(List<EventRecord> all, Consumer<Boolean> done) {
            if (!away) {
                all.forEach(event -> topics.add(event.topic()));
            }
            done.accept(!away);
        }
    }

    @Test
    void ordersAndAcceptedCodesGoToTheirTopics() {
        events.order(ORDER);
        events.verified(VERIFIED);
        assertEquals(List.of(Topics.SMS_SEND, Topics.SMS_VERIFIED), kafka.topics);
        assertEquals(List.of(), log.list);
    }

    @Test
    void anOrderThatKafkaDoesNotTakeIsToldToTheCaller() {
        kafka.away = true;
        assertThrows(PublishFailed.class, () -> events.order(ORDER));
    }

    @Test
    void anAcceptedCodeThatKafkaDoesNotTakeIsLoggedOnceForTheOutageAndHindersNobody() {
        kafka.away = true;
        for (int i = 0; i < 5; i++) {
            events.verified(VERIFIED);
        }
        kafka.away = false;
        events.verified(VERIFIED);
        List<String> lines =
                log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getLast().contains("over after 5 failures"), lines::toString);
    }
}
