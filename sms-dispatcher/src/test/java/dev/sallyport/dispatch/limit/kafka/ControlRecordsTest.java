package dev.sallyport.dispatch.limit.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.LimitsConfig.Mode;
import dev.sallyport.dispatch.Events;
import dev.sallyport.dispatch.limit.Change;
import dev.sallyport.dispatch.limit.Rule;
import dev.sallyport.dispatch.limit.Switch;
import dev.sallyport.dispatch.limit.Switch.NoSuchSwitch;
import dev.sallyport.dispatch.limit.Switch.Rate;
import dev.sallyport.dispatch.limit.Switch.RegionOff;
import dev.sallyport.dispatch.limit.Switch.Route;
import dev.sallyport.dispatch.limit.Switch.RuleMode;
import dev.sallyport.event.EventRecord;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlRecordsTest {

    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private final Schema schema;

    ControlRecordsTest() throws IOException {
        schema = new Schema("sms-control-0.1.json");
    }

    static Stream<Switch> switches() {
        return Stream.of(
                new RegionOff("ID", true),
                new RegionOff("ID", false),
                new Rate(OptionalInt.of(40)),
                new Rate(OptionalInt.empty()),
                new Route("US", Map.of("twilio", 3, "backup-2", 0)),
                new Route(Route.DEFAULT, Map.of()),
                new RuleMode(Rule.PREFIX, Optional.of(Mode.ENFORCE)),
                new RuleMode(Rule.MONEY, Optional.of(Mode.RECORD_ONLY)),
                new RuleMode(Rule.PHONE, Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("switches")
    void whatIsSetIsReadAsItWasSet(Switch what) {
        Change change = new Change(what, "ada@example.com", NOON);
        EventRecord record = ControlRecords.encode(change, "id");
        assertEquals(Optional.of(change), ControlRecords.decode(record));
        assertEquals(what.key(), record.key());
        assertTrue(schema.allows(record), () -> Schema.body(record).encode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"switch\":\"lights\",\"by\":\"ada\"}",
                "{\"switch\":\"rate\"}",
                "{\"switch\":\"rate\",\"by\":\"ada\",\"per_second\":0}",
                "{\"switch\":\"rate\",\"by\":\"ada\",\"per_second\":\"many\"}",
                "{\"switch\":\"region\",\"by\":\"ada\",\"region\":\"us\",\"off\":true}",
                "{\"switch\":\"region\",\"by\":\"ada\",\"region\":\"US\"}",
                "{\"switch\":\"route\",\"by\":\"ada\",\"region\":\"US\",\"weights\":{\"twilio\":-1}}",
                "{\"switch\":\"route\",\"by\":\"ada\",\"region\":\"US\",\"weights\":{\"twilio\":null}}",
                "{\"switch\":\"route\",\"by\":\"ada\",\"region\":\"US\"}",
                "{\"switch\":\"rule\",\"by\":\"ada\",\"rule\":\"luck\",\"mode\":\"enforce\"}",
                "{\"switch\":\"rule\",\"by\":\"ada\",\"rule\":\"phone\",\"mode\":\"maybe\"}"
            })
    void whatIsNoSwitchIsNeitherReadNorAllowed(String body) {
        JsonObject json = new JsonObject(body);
        for (Switch what : switches().toList()) {
            EventRecord record = ControlRecords.encode(new Change(what, "ada", NOON), "id");
            assertEquals(Optional.empty(), ControlRecords.decode(Schema.with(record, json)));
        }
        assertFalse(schema.allows(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "[]",
                "",
                "{\"switch\":null,\"by\":\"ada\"}",
                "{\"switch\":\"rate\",\"by\":null}",
                "{\"switch\":\"region\",\"by\":\"ada\",\"region\":null,\"off\":true}",
                "{\"switch\":\"region\",\"by\":\"ada\",\"region\":\"US\",\"off\":null}",
                "{\"switch\":\"route\",\"by\":\"ada\",\"region\":\"US\",\"weights\":null}",
                "{\"switch\":\"rule\",\"by\":\"ada\",\"rule\":null}"
            })
    void nonsenseIsNotReadAndBreaksNothing(String body) {
        EventRecord record = ControlRecords.encode(new Change(new RegionOff("US", true), "ada", NOON), "id");
        EventRecord nonsense = Events.with(record, body);
        assertEquals(Optional.empty(), ControlRecords.decode(nonsense));
    }

    @Test
    void everyRuleHasItsWordInTheSchema() {
        for (Rule rule : Rule.values()) {
            Change change = new Change(new RuleMode(rule, Optional.empty()), "ada", NOON);
            assertTrue(schema.allows(ControlRecords.encode(change, "id")), rule.id());
            assertEquals(Optional.of(rule), Rule.of(rule.id()));
        }
    }

    @Test
    void aSwitchUnderAnotherKeyOrTypeIsNone() {
        EventRecord record = ControlRecords.encode(new Change(new RegionOff("ID", true), "ada", NOON), "id");
        EventRecord elsewhere = new EventRecord(
                record.id(), record.type(), NOON, record.topic(), "region.US", record.attributes(), record.body());
        EventRecord other = new EventRecord(
                record.id(), StatsRecords.TYPE, NOON, record.topic(), record.key(), record.attributes(), record.body());
        EventRecord garbled = new EventRecord(
                record.id(), record.type(), NOON, record.topic(), record.key(), record.attributes(), new byte[] {1});
        for (EventRecord wrong : List.of(elsewhere, other, garbled)) {
            assertEquals(Optional.empty(), ControlRecords.decode(wrong));
        }
    }

    @Test
    void whatCantBeSetIsRefusedWithASentence() {
        List<Executable> wrong = List.of(
                () -> new RegionOff("Indonesia", true),
                () -> new Rate(OptionalInt.of(0)),
                () -> new Rate(OptionalInt.of(100_001)),
                () -> new Route("us", Map.of()),
                () -> new Route("US", Map.of("Twilio", 1)),
                () -> new Route("US", Map.of("twilio", 1_001)),
                () -> new Change(new RegionOff("US", true), " ", NOON),
                () -> new Change(new RegionOff("US", true), "a".repeat(101), NOON));
        for (Executable each : wrong) {
            String sentence =
                    String.valueOf(assertThrows(NoSuchSwitch.class, each).getMessage());
            assertTrue(sentence.endsWith("."), sentence);
        }
    }
}
