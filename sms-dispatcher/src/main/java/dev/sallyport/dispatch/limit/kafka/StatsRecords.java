package dev.sallyport.dispatch.limit.kafka;

import dev.sallyport.dispatch.limit.Cell;
import dev.sallyport.dispatch.limit.Cell.Kind;
import dev.sallyport.dispatch.limit.Count;
import dev.sallyport.dispatch.limit.PartitionSums;
import dev.sallyport.dispatch.limit.PartitionSums.Period;
import dev.sallyport.dispatch.limit.PartitionSums.Span;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link PartitionSums} as CloudEvents.
 *
 * <p>The key of an hour is its partition and that hour, so compaction leaves its last and whole state. Changes of minutes
 * are of use for an hour; their key is the partition and the second of the hour in which they were told, so compaction
 * leaves those of the last hour, whatever the traffic.
 */
public final class StatsRecords {

    /** The CloudEvents type. */
    public static final String TYPE = "dev.sallyport.sms.stats";

    private static final Map<String, String> ATTRIBUTES = Map.of("dataschema", "urn:sallyport:events:sms-stats:0.1");
    private static final String OF_MINUTES = "-minutes-";
    private static final long SECONDS_OF_HOUR = Duration.ofHours(1).toSeconds();

    /** Far more than a partition sees in an hour, so that no sum of all partitions overflows. */
    private static final long MOST_COUNT = 50_000_000;

    /** The same for money: a thousand millions. */
    private static final long MOST_MICROS = 1_000_000_000_000_000L;

    /** Of a provider instance; regions and blocks of numbers are shorter. */
    private static final int LONGEST_NAME = 64;

    private static final Map<Kind, String> NAMES = new EnumMap<>(
            Map.of(Kind.REGION, "regions", Kind.PREFIX, "prefixes", Kind.BLOCK, "blocks", Kind.PROVIDER, "providers"));

    private StatsRecords() {}

    /**
     * The record of sums that are told at this time.
     *
     * @param id unlike that of any other record
     */
    public static EventRecord encode(PartitionSums sums, String id, Instant now) {
        JsonArray periods = new JsonArray();
        sums.periods().forEach(period -> periods.add(encode(period)));
        JsonObject body = new JsonObject()
                .put("partition", sums.partition())
                .put("worker", sums.worker())
                .put("span", sums.span().name().toLowerCase(Locale.ROOT))
                .put("periods", periods);
        return new EventRecord(
                id,
                TYPE,
                now,
                Topics.SMS_STATS,
                key(sums, now),
                ATTRIBUTES,
                body.toBuffer().getBytes());
    }

    private static String key(PartitionSums sums, Instant now) {
        return switch (sums.span()) {
            case MINUTE -> sums.partition() + OF_MINUTES + now.getEpochSecond() % SECONDS_OF_HOUR;
            case HOUR -> sums.partition() + "-hour-" + sums.periods().getFirst().start();
        };
    }

    /** True if the record of this key is of use for an hour only. */
    static boolean isOfMinutes(String key) {
        return key.contains(OF_MINUTES);
    }

    private static JsonObject encode(Period period) {
        JsonObject json = new JsonObject().put("start", period.start().toString());
        period.counts().forEach((cell, count) -> {
            String kind = NAMES.get(cell.kind());
            if (!json.containsKey(kind)) {
                json.put(kind, new JsonObject());
            }
            json.getJsonObject(kind).put(cell.name(), encode(count));
        });
        return json;
    }

    private static JsonObject encode(Count count) {
        JsonObject json = new JsonObject();
        Map.of(
                        "sent", (long) count.sent(),
                        "verified", (long) count.verified(),
                        "withheld", (long) count.withheld(),
                        "numbers", (long) count.numbers(),
                        "micros", count.micros())
                .forEach((name, value) -> {
                    if (value != 0) {
                        json.put(name, value);
                    }
                });
        return json;
    }

    /** The sums in a record; empty if there are none, or not such as an owner tells. */
    public static Optional<PartitionSums> decode(EventRecord event) {
        if (!event.type().equals(TYPE)) {
            return Optional.empty();
        }
        try {
            JsonObject body = CloudEvents.body(event);
            String worker = text(body, "worker");
            Integer partition = body.getInteger("partition");
            JsonArray periods = body.getJsonArray("periods");
            if (partition == null || partition < 0 || periods == null) {
                return Optional.empty();
            }
            Span span = Span.valueOf(text(body, "span").toUpperCase(Locale.ROOT));
            List<Period> decoded = new ArrayList<>();
            for (int i = 0; i < periods.size(); i++) {
                decoded.add(period(there(periods.getJsonObject(i))));
            }
            return Optional.of(new PartitionSums(partition, worker, span, decoded));
        } catch (DecodeException | ClassCastException | IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Period period(JsonObject json) {
        Map<Cell, Count> counts = new HashMap<>();
        NAMES.forEach((kind, name) -> {
            JsonObject named = there(json.getJsonObject(name, new JsonObject()));
            named.fieldNames().forEach(cell -> counts.put(cell(kind, cell), count(there(named.getJsonObject(cell)))));
        });
        return new Period(Instant.parse(text(json, "start")), counts);
    }

    private static Cell cell(Kind kind, String name) {
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("no name of ours");
        }
        return new Cell(kind, name);
    }

    private static Count count(JsonObject json) {
        return new Count(
                (int) whole(json, "sent", MOST_COUNT),
                (int) whole(json, "verified", MOST_COUNT),
                (int) whole(json, "withheld", MOST_COUNT),
                (int) whole(json, "numbers", MOST_COUNT),
                whole(json, "micros", MOST_MICROS));
    }

    private static long whole(JsonObject json, String name, long most) {
        long value = there(json.getLong(name, 0L));
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(name + " is out of range");
        }
        return value;
    }

    private static String text(JsonObject json, String name) {
        return there(json.getString(name));
    }

    private static <T> T there(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("something is missing");
        }
        return value;
    }
}
