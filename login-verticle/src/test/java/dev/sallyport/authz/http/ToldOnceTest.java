package dev.sallyport.authz.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ToldOnceTest {

    /** Anybody can make a proxy ask about hosts that are not. */
    @Test
    void eachIsToldOnceAndNotVeryMany() {
        Logger logger = (Logger) LoggerFactory.getLogger("told.once");
        logger.setAdditive(false);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        ToldOnce told = new ToldOnce(logger);
        for (int i = 0; i < 1_000; i++) {
            told.warn("A proxy asks wrongly");
            told.warn("A proxy asks about " + i);
        }
        List<String> lines =
                log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertEquals("A proxy asks wrongly; see docs/forward-auth.md", lines.getFirst());
        assertEquals("A proxy asks about 0; see docs/forward-auth.md", lines.get(1));
        assertEquals(20, lines.size());
    }
}
