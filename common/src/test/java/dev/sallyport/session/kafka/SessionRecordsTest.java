package dev.sallyport.session.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.session.Session;
import dev.sallyport.testing.Given;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionRecordsTest {

    private final Given given = new Given(Clock.systemUTC());
    private final String handle = given.id();

    private AuditEvent event(AuditType type) {
        return given.event(new Subject(given.id(), "Somebody"), type).with(Fact.SESSION, handle);
    }

    private static List<EventRecord> records(AuditEvent event) {
        return SessionRecords.beside(new AuditRecords("test")).apply(event);
    }

    @ParameterizedTest
    @EnumSource(
            value = AuditType.class,
            names = {"SIGNED_OUT", "SESSION_ENDED"})
    void theEndOfASessionIsToldBesideItsAuditEvent(AuditType type) {
        AuditEvent event = event(type);
        List<EventRecord> records = records(event);
        assertEquals(
                List.of(Topics.AUDIT, Topics.SESSION),
                records.stream().map(EventRecord::topic).toList());
        EventRecord notice = records.getLast();
        assertEquals(event.id(), notice.id());
        assertEquals(event.key(), notice.key());
        assertEquals(Optional.of(handle), SessionRecords.session(notice));
        assertEquals("{\"session\":\"" + handle + "\"}", new String(notice.body(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource(
            value = AuditType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SIGNED_OUT", "SESSION_ENDED"})
    void nothingElseIs(AuditType type) {
        assertEquals(
                List.of(Topics.AUDIT),
                records(event(type)).stream().map(EventRecord::topic).toList());
    }

    @Test
    void aNewTokenIsToldUnderAnIdOfItsOwn() {
        Instant now = Instant.parse("2026-05-03T12:00:00Z");
        Session session = Session.start(
                handle, new Subject(given.id(), "Somebody"), List.of(), now, now.plusSeconds(60), Given.VISITOR);
        EventRecord notice = SessionRecords.renewed(session, "an id", now);
        assertEquals("an id", notice.id());
        assertEquals(session.account().value(), notice.key());
        assertEquals(Topics.SESSION, notice.topic());
        assertEquals(Optional.of(handle), SessionRecords.session(notice));
    }

    /** Such a one would be kept, and many of them would fill the memory of every node. */
    private static final String LONG = "{\"session\":\"" + "x".repeat(500_000) + "\"}";

    @Test
    void whatIsNoNoticeTellsOfNoSession() {
        EventRecord notice = records(event(AuditType.SIGNED_OUT)).getLast();
        for (String body : List.of("", "null", "[]", "{}", "{\"session\":7}", "{\"session\":null}", LONG, "no JSON")) {
            assertEquals(Optional.empty(), SessionRecords.session(with(notice, notice.type(), body)), body);
        }
        String body = new String(notice.body(), StandardCharsets.UTF_8);
        assertEquals(Optional.empty(), SessionRecords.session(with(notice, "dev.sallyport.signed-out", body)));
    }

    private static EventRecord with(EventRecord event, String type, String body) {
        return new EventRecord(
                event.id(),
                type,
                event.time(),
                event.topic(),
                event.key(),
                Map.of(),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
