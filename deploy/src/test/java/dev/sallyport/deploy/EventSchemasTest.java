package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.FactorType;
import dev.sallyport.Ids;
import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.Reason;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.dispatch.Poison;
import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.callback.kafka.CallbackRecords;
import dev.sallyport.dispatch.ledger.LedgerEntry;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.dispatch.ledger.kafka.LedgerRecords;
import dev.sallyport.event.EventRecord;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The schemas are a contract: they know every word that the code can say, and allow nothing else. */
class EventSchemasTest {

    private static final Visitor VISITOR = new Visitor("203.0.113.9", "Firefox", "0123456789abcdef".repeat(2));

    private final EventContract contract;
    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private final AuditEvents events = new AuditEvents(Clock.systemUTC(), ids);
    private final Subject subject = new Subject(ids.next(), "ada@example.com");

    EventSchemasTest() throws IOException {
        contract = new EventContract();
    }

    @Test
    void eachFileIsNamedAsItsUrn() throws IOException {
        try (Stream<Path> files = Files.list(EventContract.SCHEMAS)) {
            Set<String> urns = files.map(file -> "urn:sallyport:events:"
                            + file.getFileName().toString().replaceFirst("-(\\d+\\.\\d+)\\.json$", ":$1"))
                    .collect(Collectors.toSet());
            assertEquals(urns, contract.schemas().keySet());
        }
    }

    @Test
    void nothingThatIsNotNamedIsAllowedAnywhere() {
        contract.schemas().forEach((urn, schema) -> assertStrict(urn, schema));
    }

    /** Every part that lists what an object holds closes it; conditions only narrow what is listed elsewhere. */
    private static void assertStrict(String where, Object part) {
        if (part instanceof JsonArray array) {
            array.forEach(element -> assertStrict(where, element));
        } else if (part instanceof JsonObject object) {
            if ("object".equals(object.getValue("type"))) {
                assertEquals(false, object.getValue("additionalProperties"), where + ": " + object);
            }
            object.forEach(entry -> assertStrict(where, entry.getValue()));
        }
    }

    @Test
    void everyTypeAndEveryReasonOfTheCodeHasItsWord() {
        JsonObject authentication = properties("authentication");
        JsonObject change = properties("account-change");
        for (AuditType type : AuditType.values()) {
            boolean door = type.activity().isAuthentication();
            assertEquals(door, words(authentication, "metadata", "event_code").contains(type.id()), type.id());
            assertEquals(!door, words(change, "metadata", "event_code").contains(type.id()), type.id());
        }
        Set<String> reasons = new TreeSet<>(words(authentication, "status_detail"));
        reasons.addAll(words(change, "status_detail"));
        assertEquals(ids(Reason.values(), Reason::id), reasons);
        assertEquals(ids(Poison.values(), Poison::id), words(properties("sms-dead-letter"), "reason"));
        assertEquals(ids(Outcome.Status.values(), Outcome.Status::id), words(properties("sms-outcome"), "status"));
        assertEquals(ids(FailureClass.values(), FailureClass::id), words(properties("sms-outcome"), "failure"));
        assertEquals(ids(FailureClass.values(), FailureClass::id), words(properties("sms-callback"), "failure"));
    }

    @Test
    void whatAProviderReportsIsAllowedWithItsReasonAndNothingElse() {
        Callback sent = Callback.of(ids.next(), 1, "phone-key", "twilio", "SM01", Outcome.Status.SENT, Instant.EPOCH);
        JsonObject told = body(sent);
        assertEquals(List.of(), problems("sms-callback", told));
        assertFalse(
                problems("sms-callback", told.copy().put("to", "+14155550123")).isEmpty());
        assertFalse(problems("sms-callback", told.copy().put("code", "30003")).isEmpty());
        assertFalse(
                problems("sms-callback", told.copy().put("status", "queued")).isEmpty());
        JsonObject failed = told.copy().put("status", "failed");
        assertFalse(problems("sms-callback", failed).isEmpty());
        failed.put("failure", "number").put("code", "30006");
        assertEquals(List.of(), problems("sms-callback", failed));
    }

    private static JsonObject body(Callback callback) {
        return new JsonObject(Buffer.buffer(CallbackRecords.encode(callback).body()));
    }

    private static <T> Set<String> ids(T[] values, java.util.function.Function<T, String> id) {
        return Arrays.stream(values).map(id).collect(Collectors.toCollection(TreeSet::new));
    }

    private JsonObject properties(String name) {
        return contract.schemas().get("urn:sallyport:events:" + name + ":0.1").getJsonObject("properties");
    }

    private static Set<String> words(JsonObject properties, String... path) {
        JsonObject here = properties.getJsonObject(path[0]);
        for (int i = 1; i < path.length; i++) {
            here = here.getJsonObject("properties").getJsonObject(path[i]);
        }
        return here.getJsonArray("enum").stream()
                .map(String.class::cast)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aRefusalAsTheCodeWritesItIsAllowedAndEveryChangeToItIsNot() {
        JsonObject refusal = body(events.about(subject, AuditType.PASSWORD_REFUSED, VISITOR)
                .with(FactorType.PASSWORD)
                .with(Reason.WRONG_PASSWORD)
                .with(Fact.PURPOSE, "sign-in"));
        assertEquals(List.of(), problems("authentication", refusal));
        Map<String, Object> changes = Map.of(
                "status_detail",
                "no such reason",
                "activity_id",
                2,
                "type_uid",
                300202,
                "severity",
                "High",
                "src_endpoint",
                new JsonObject().put("ip", "not an address"),
                "auth_factors",
                new JsonArray().add(new JsonObject().put("factor_type_id", 1)),
                "user",
                new JsonObject().put("uid", "x").put("type_id", 0).put("type", "Unknown"),
                "unmapped",
                new JsonObject().put("phone", "+14155550123"),
                "code",
                "271828");
        changes.forEach((field, value) -> assertFalse(
                problems("authentication", refusal.copy().put(field, value)).isEmpty(), field + " " + value));
        for (String field : refusal.fieldNames()) {
            JsonObject without = refusal.copy();
            without.remove(field);
            assertEquals(
                    field.equals("http_request"),
                    problems("authentication", without).isEmpty(),
                    field);
        }
    }

    @Test
    void aFullPhoneNumberIsNotAllowed() {
        AuditEvent consent = events.about(subject, AuditType.SMS_CONSENTED, VISITOR)
                .with(Fact.REGION, "US")
                .with(Fact.CHALLENGE, ids.next())
                .with(Fact.SESSION, ids.next());
        assertEquals(List.of(), problems("account-change", body(consent.with(Fact.PHONE, "+1 ••• ••• ••12"))));
        assertFalse(problems("account-change", body(consent.with(Fact.PHONE, "+14155550112")))
                .isEmpty());
    }

    @Test
    void countedRefusalsAndBrowsersWithoutANameAreAllowed() {
        Visitor nameless = new Visitor("2001:db8:0:0:0:0:0:1", "", VISITOR.traceId());
        AuditEvent throttled = events.aboutNobody("A".repeat(22), AuditType.THROTTLED, nameless)
                .with(FactorType.PASSWORD)
                .with(Reason.TOO_MANY_FAILURES)
                .with(Fact.PURPOSE, "sign-in")
                .with(Fact.COUNT, "17");
        JsonObject body = body(throttled);
        assertEquals(List.of(), problems("authentication", body));
        assertEquals(17, body.getInteger("count"));
        assertTrue(body.getJsonObject("user").getString("name") == null, body::encode);
    }

    @Test
    void aRefusalAtAProtectedSiteNamesSiteAndRule() {
        AuditEvent refused = events.about(subject, AuditType.ACCESS_REFUSED, VISITOR)
                .with(Reason.SECOND_FACTOR_NEEDED)
                .with(Fact.SESSION, ids.next())
                .with(Fact.SITE, "wiki.example.com:8443");
        assertEquals(List.of(), problems("authentication", body(refused.with(Fact.RULE, "wiki-admin"))));
        assertFalse(problems("authentication", body(refused)).isEmpty());
        AuditEvent signedOut = events.about(subject, AuditType.SIGNED_OUT, VISITOR)
                .with(Fact.SESSION, ids.next())
                .withAal(1, 0);
        assertEquals(List.of(), problems("authentication", body(signedOut)));
        assertFalse(problems("authentication", body(signedOut.with(Fact.SITE, "wiki.example.com")))
                .isEmpty());
    }

    @Test
    void theLedgerIsWrittenAsItsSchemaSays() {
        Instant now = Instant.now();
        Sending sending = new Sending(ids.next(), ids.next(), "key", "US", "prefix-hash-0001", "block-hash-00001", now);
        String claim = UUID.randomUUID().toString();
        assertEquals(List.of(), problems("sms-ledger", body(new Started(sending, 1, claim, "main", false, now))));
        for (End end : End.values()) {
            Optional<String> provider = end == End.SUPPRESSED ? Optional.empty() : Optional.of("main");
            Optional<FailureClass> failure =
                    end == End.ACCEPTED ? Optional.empty() : Optional.of(FailureClass.NO_CONNECTION);
            Ended ended = new Ended(
                    sending.messageId(),
                    1,
                    end,
                    provider.map(_ -> claim),
                    provider,
                    Optional.of("SM1"),
                    failure,
                    failure.map(FailureClass::id).map(word -> word.replace('_', '-')),
                    now);
            assertEquals(List.of(), problems("sms-ledger", body(ended)));
        }
        JsonObject open =
                body(new Started(sending, 1, claim, "main", false, now)).put("phone", "+14155550123");
        assertFalse(problems("sms-ledger", open).isEmpty());
    }

    private static JsonObject body(LedgerEntry entry) {
        return new JsonObject(Buffer.buffer(LedgerRecords.encode("key", entry).body()));
    }

    private List<String> problems(String name, JsonObject value) {
        return contract.problems("urn:sallyport:events:" + name + ":0.1", value);
    }

    private static JsonObject body(AuditEvent event) {
        EventRecord record = new AuditRecords("0.1.0").record(event);
        return new JsonObject(Buffer.buffer(record.body()));
    }
}
