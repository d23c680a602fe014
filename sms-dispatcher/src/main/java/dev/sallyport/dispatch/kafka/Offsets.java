package dev.sallyport.dispatch.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Asks Kafka where to read partitions from; of each by itself, so that one without a leader holds up no other. */
public final class Offsets implements Tail.Places {

    private static final CompletionStage<Map<TopicPartition, OffsetAndMetadata>> NONE =
            CompletableFuture.completedStage(Map.of());

    private final Admin admin;
    private final Clock clock;

    /** @param admin closed by {@link #close} */
    public Offsets(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    @Override
    public Map<TopicPartition, CompletionStage<Tail.Place>> find(Map<TopicPartition, Tail.Reading> readings) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        Map<TopicPartition, OffsetSpec> firsts = new HashMap<>();
        readings.forEach((partition, reading) -> {
            ends.put(partition, OffsetSpec.latest());
            long since = clock.instant().minus(reading.since()).toEpochMilli();
            firsts.put(partition, OffsetSpec.forTimestamp(since));
        });
        ListOffsetsResult end = admin.listOffsets(ends);
        ListOffsetsResult first = admin.listOffsets(firsts);
        CompletionStage<Map<TopicPartition, OffsetAndMetadata>> committed =
                readings.values().stream().anyMatch(Tail.Reading::goOn) ? committed() : NONE;
        Map<TopicPartition, CompletionStage<Tail.Place>> places = new HashMap<>();
        readings.forEach((partition, reading) -> places.put(
                partition,
                offset(end, partition)
                        .thenCombine(offset(first, partition), Offsets::place)
                        .thenCombine(reading.goOn() ? committed : NONE, (place, all) -> {
                            OffsetAndMetadata done = all.get(partition);
                            return done == null ? place : new Tail.Place(done.offset(), place.end());
                        })));
        return places;
    }

    /** The offset behind the last record of each. */
    public Map<TopicPartition, CompletionStage<Long>> ends(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        ListOffsetsResult result = admin.listOffsets(latest);
        Map<TopicPartition, CompletionStage<Long>> ends = new HashMap<>();
        partitions.forEach(partition -> ends.put(partition, offset(result, partition)));
        return ends;
    }

    private CompletionStage<Map<TopicPartition, OffsetAndMetadata>> committed() {
        return admin.listConsumerGroupOffsets(KafkaClients.GROUP)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage();
    }

    private static Tail.Place place(long end, long first) {
        return new Tail.Place(first < 0 ? end : first, end);
    }

    /** -1 if there is none of that age. */
    private static CompletionStage<Long> offset(ListOffsetsResult result, TopicPartition partition) {
        return result.partitionResult(partition)
                .toCompletionStage()
                .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
