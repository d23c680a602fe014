package dev.sallyport.seal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;

/** What a sealer counts and measures for operators. */
public final class SealMeters {

    private static final String PREFIX = "sallyport.audit.";

    private final MeterRegistry registry;
    private final Counter records;
    private final Counter checkpoints;
    private final Counter lost;

    public SealMeters(MeterRegistry registry) {
        this.registry = registry;
        this.records = counter("sealed.records", "Records of the audit stream that this process has sealed");
        this.checkpoints = counter("checkpoints", "Checkpoints that this process has made");
        this.lost = counter("unsealed.lost", "Records that were deleted before they could be sealed");
    }

    private Counter counter(String name, String help) {
        return Counter.builder(PREFIX + name).description(help).register(registry);
    }

    public void sealed(List<Seal> seals) {
        seals.forEach(seal -> {
            records.increment(seal.checkpoint().count());
            checkpoints.increment();
        });
    }

    public void lost(long count) {
        lost.increment((double) count);
    }

    /**
     * Shows what is not sealed yet.
     *
     * @param count records of this process's partitions
     * @param oldestSeconds since the oldest of their newest checkpoints
     */
    public void unsealed(Supplier<Number> count, Supplier<Number> oldestSeconds) {
        Gauge.builder(PREFIX + "unsealed.records", count)
                .description("Records of this process's partitions that are not sealed yet")
                .strongReference(true)
                .register(registry);
        Gauge.builder(PREFIX + "checkpoint.age.seconds", oldestSeconds)
                .description("Since the newest checkpoint of that of its partitions which has waited longest")
                .strongReference(true)
                .register(registry);
    }
}
