package dev.sallyport.dispatch.kafka;

import dev.sallyport.dispatch.WorkerStatus;
import dev.sallyport.dispatch.WorkerStatus.ProviderStatus;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link WorkerStatus} as a CloudEvent on the topic of sums; under its worker's key only the newest is kept. */
public final class WorkerRecords {

    /** The CloudEvents type. */
    public static final String TYPE = "dev.sallyport.sms.worker";

    private static final String KEY = "worker:";
    private static final Map<String, String> ATTRIBUTES = Map.of("dataschema", "urn:sallyport:events:sms-worker:0.1");

    private WorkerRecords() {}

    /** The record of a status. */
    static EventRecord encode(WorkerStatus status) {
        JsonArray providers = new JsonArray();
        for (ProviderStatus provider : status.providers()) {
            JsonObject one = new JsonObject()
                    .put("name", provider.name())
                    .put("open", provider.open())
                    .put("rate_factor", provider.rateFactor())
                    .put("calls", provider.calls());
            provider.lastFailure().ifPresent(failure -> one.put("last_failure", failure));
            provider.failedAt().ifPresent(at -> one.put("failed_at", at.toString()));
            providers.add(one);
        }
        JsonObject body = new JsonObject()
                .put("worker", status.worker())
                .put("partitions", new JsonArray(status.partitions()))
                .put("lag", status.lag())
                .put("under_way", status.underWay())
                .put("oldest_unsent_ms", status.oldestUnsent().toMillis())
                .put("rate", status.rate())
                .put("providers", providers);
        return new EventRecord(
                status.worker() + '-' + status.at().toEpochMilli(),
                TYPE,
                status.at(),
                Topics.SMS_STATS,
                KEY + status.worker(),
                ATTRIBUTES,
                body.toBuffer().getBytes());
    }

    /** The status in a record; empty if it is none. */
    public static Optional<WorkerStatus> decode(EventRecord event) {
        if (!event.type().equals(TYPE)) {
            return Optional.empty();
        }
        try {
            JsonObject body = CloudEvents.body(event);
            List<Integer> partitions = body.getJsonArray("partitions").stream()
                    .map(Integer.class::cast)
                    .toList();
            List<ProviderStatus> providers = body.getJsonArray("providers").stream()
                    .map(JsonObject.class::cast)
                    .map(WorkerRecords::provider)
                    .toList();
            return Optional.of(new WorkerStatus(
                    body.getString("worker"),
                    event.time(),
                    partitions,
                    body.getLong("lag"),
                    body.getInteger("under_way"),
                    Duration.ofMillis(body.getLong("oldest_unsent_ms")),
                    body.getDouble("rate"),
                    providers));
        } catch (DecodeException | ClassCastException | NullPointerException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static ProviderStatus provider(JsonObject one) {
        return new ProviderStatus(
                one.getString("name"),
                one.getBoolean("open"),
                one.getDouble("rate_factor"),
                one.getInteger("calls"),
                Optional.ofNullable(one.getString("last_failure")),
                Optional.ofNullable(one.getString("failed_at")).map(Instant::parse));
    }
}
