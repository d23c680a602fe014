package dev.sallyport.dispatch.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.dispatch.Events;
import dev.sallyport.dispatch.WorkerStatus;
import dev.sallyport.dispatch.WorkerStatus.ProviderStatus;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerRecordsTest {

    private static final WorkerStatus STATUS = new WorkerStatus(
            "host-1",
            Instant.parse("2026-05-06T07:08:09.123Z"),
            List.of(0, 7),
            12,
            3,
            Duration.ofMillis(1_500),
            12.5,
            List.of(
                    new ProviderStatus("backup", false, 1, 0, Optional.empty(), Optional.empty()),
                    new ProviderStatus(
                            "main",
                            true,
                            0.5,
                            7,
                            Optional.of("server_error http-503"),
                            Optional.of(Instant.parse("2026-05-06T07:08:08Z")))));

    @Test
    void aStatusIsReadAsItWasTold() {
        EventRecord record = WorkerRecords.encode(STATUS);
        assertEquals(Optional.of(STATUS), WorkerRecords.decode(record));
        assertEquals(Topics.SMS_STATS, record.topic());
        assertEquals("worker:host-1", record.key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "",
                "{}",
                "{\"worker\":null}",
                "{\"worker\":\"w\",\"partitions\":[null]}",
                "{\"worker\":\"w\",\"partitions\":[\"x\"],\"providers\":[]}",
                "{\"worker\":\"w\",\"partitions\":[],\"providers\":[null],\"lag\":1,\"under_way\":1}",
                "{\"worker\":\"w\",\"partitions\":[],\"providers\":[{\"name\":\"a\",\"open\":true,\"failed_at\":\"x\"}]}"
            })
    void whatIsNoneIsNone(String body) {
        EventRecord event = WorkerRecords.encode(STATUS);
        EventRecord other = Events.with(event, body);
        assertEquals(Optional.empty(), WorkerRecords.decode(other));
    }

    @Test
    void anotherTypeOnTheTopicIsNone() {
        EventRecord event = WorkerRecords.encode(STATUS);
        EventRecord other = new EventRecord(
                event.id(),
                "dev.sallyport.sms.worker-2",
                event.time(),
                event.topic(),
                event.key(),
                event.attributes(),
                event.body());
        assertEquals(Optional.empty(), WorkerRecords.decode(other));
    }
}
