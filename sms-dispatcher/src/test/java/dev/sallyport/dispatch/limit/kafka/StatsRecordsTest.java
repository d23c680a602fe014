package dev.sallyport.dispatch.limit.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.Events;
import dev.sallyport.dispatch.limit.Cell;
import dev.sallyport.dispatch.limit.Cell.Kind;
import dev.sallyport.dispatch.limit.Count;
import dev.sallyport.dispatch.limit.PartitionSums;
import dev.sallyport.dispatch.limit.PartitionSums.Period;
import dev.sallyport.dispatch.limit.PartitionSums.Span;
import dev.sallyport.event.EventRecord;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatsRecordsTest {

    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private static final PartitionSums MINUTES = new PartitionSums(
            7,
            "worker-1",
            Span.MINUTE,
            List.of(
                    new Period(
                            NOON,
                            Map.of(
                                    new Cell(Kind.REGION, "US"), new Count(3, 1, 2, 0, 36_000),
                                    new Cell(Kind.PREFIX, "prefix-hash-0001"), new Count(3, 1, 2, 0, 0),
                                    new Cell(Kind.BLOCK, "block-hash-00001"), new Count(0, 0, 0, 2, 0),
                                    new Cell(Kind.PROVIDER, "twilio"), new Count(4, 1, 0, 0, 48_000))),
                    new Period(NOON.plusSeconds(60), Map.of(new Cell(Kind.REGION, "GB"), Count.NONE))));

    private static final PartitionSums HOUR = new PartitionSums(
            7,
            "worker-1",
            Span.HOUR,
            List.of(new Period(NOON, Map.of(new Cell(Kind.REGION, "US"), new Count(3, 1, 2, 0, 9_000_000_000L)))));

    private final Schema schema;

    StatsRecordsTest() throws IOException {
        schema = new Schema("sms-stats-0.1.json");
    }

    @Test
    void whatIsToldIsReadAsItWasTold() {
        for (PartitionSums sums : List.of(MINUTES, HOUR)) {
            EventRecord record = StatsRecords.encode(sums, "id", NOON);
            assertEquals(Optional.of(sums), StatsRecords.decode(record));
            assertTrue(schema.allows(record), () -> Schema.body(record).encode());
        }
    }

    @Test
    void compactionLeavesTheLastStateOfAnHourAndTheMinutesToldInTheLastHour() {
        assertEquals("7-hour-2026-05-04T12:00:00Z", key(HOUR, NOON));
        assertEquals(key(HOUR, NOON), key(HOUR, NOON.plusSeconds(1)));
        assertNotEquals(key(MINUTES, NOON), key(MINUTES, NOON.plusSeconds(1)));
        assertNotEquals(key(MINUTES, NOON), key(MINUTES, NOON.plus(Duration.ofMinutes(59))));
        assertEquals(key(MINUTES, NOON), key(MINUTES, NOON.plus(Duration.ofHours(1))));
        assertTrue(StatsRecords.isOfMinutes(key(MINUTES, NOON)));
        assertFalse(StatsRecords.isOfMinutes(key(HOUR, NOON)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"day\",\"periods\":[]}",
                "{\"partition\":-1,\"worker\":\"w\",\"span\":\"hour\",\"periods\":[{\"start\":\"2026-05-04T12:00:00Z\"}]}",
                "{\"partition\":7,\"span\":\"hour\",\"periods\":[{\"start\":\"2026-05-04T12:00:00Z\"}]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"minute\",\"periods\":[{}]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"minute\",\"periods\":[{\"start\":\"noon\"}]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"minute\",\"periods\":[7]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"minute\",\"periods\":[{\"start\":\"2026-05-04T12:00:00Z\","
                        + "\"regions\":{\"US\":{\"sent\":-1}}}]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"minute\",\"periods\":[{\"start\":\"2026-05-04T12:00:00Z\","
                        + "\"regions\":{\"US\":{\"sent\":\"many\"}}}]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"minute\",\"periods\":[{\"start\":\"2026-05-04T12:00:00Z\","
                        + "\"regions\":{\"US\":null}}]}"
            })
    void whatIsNoSumIsNeitherReadNorAllowed(String body) {
        JsonObject json = new JsonObject(body);
        assertEquals(Optional.empty(), StatsRecords.decode(Schema.with(StatsRecords.encode(HOUR, "id", NOON), json)));
        assertFalse(schema.allows(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "[]",
                "",
                "{\"partition\":null,\"worker\":null,\"span\":null,\"periods\":null}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":null,\"periods\":[]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"hour\",\"periods\":[null]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"hour\",\"periods\":[{\"start\":null}]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"hour\",\"periods\":[{\"start\":\"2026-05-04T12:00:00Z\","
                        + "\"regions\":null}]}",
                "{\"partition\":7,\"worker\":\"w\",\"span\":\"hour\",\"periods\":[{\"start\":\"2026-05-04T12:00:00Z\","
                        + "\"regions\":{\"US\":{\"sent\":null}}}]}"
            })
    void nonsenseIsNotReadAndBreaksNothing(String body) {
        EventRecord record = StatsRecords.encode(HOUR, "id", NOON);
        EventRecord nonsense = Events.with(record, body);
        assertEquals(Optional.empty(), StatsRecords.decode(nonsense));
    }

    @Test
    void aNameThatNothingOfOursHasIsNotRead() {
        JsonObject body = new JsonObject("{\"partition\":7,\"worker\":\"w\",\"span\":\"hour\",\"periods\":[{\"start\":"
                + "\"2026-05-04T12:00:00Z\",\"providers\":{\"" + "a".repeat(65) + "\":{\"sent\":1}}}]}");
        assertEquals(Optional.empty(), StatsRecords.decode(Schema.with(StatsRecords.encode(HOUR, "id", NOON), body)));
    }

    @Test
    void aCountBeyondAllMeasureIsNotRead() {
        JsonObject body = new JsonObject("{\"partition\":7,\"worker\":\"w\",\"span\":\"hour\",\"periods\":[{\"start\":"
                + "\"2026-05-04T12:00:00Z\",\"regions\":{\"US\":{\"sent\":3000000000}}}]}");
        assertEquals(Optional.empty(), StatsRecords.decode(Schema.with(StatsRecords.encode(HOUR, "id", NOON), body)));
    }

    private static String key(PartitionSums sums, Instant at) {
        return StatsRecords.encode(sums, "id", at).key();
    }
}
