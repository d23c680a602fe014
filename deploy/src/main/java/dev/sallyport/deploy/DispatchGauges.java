package dev.sallyport.deploy;

import dev.sallyport.dispatch.DispatchMeters;
import dev.sallyport.dispatch.Senders;
import dev.sallyport.dispatch.WorkerStatus.ProviderStatus;
import dev.sallyport.dispatch.kafka.DispatchLoop;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.limit.RegionSums;
import dev.sallyport.dispatch.limit.Rule;
import dev.sallyport.dispatch.pace.Pace;
import java.util.Arrays;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What a dispatcher knows of itself, and of all of them together, whenever its metrics are read. */
final class DispatchGauges {

    private static final double MICROS = 1e6;

    private final DispatchMeters meters;
    private final DispatchLoop loop;
    private final Limits limits;
    private final Pace pace;
    private final Senders senders;

    DispatchGauges(DispatchMeters meters, DispatchLoop loop, Limits limits, Pace pace, Senders senders) {
        this.meters = meters;
        this.loop = loop;
        this.limits = limits;
        this.pace = pace;
        this.senders = senders;
    }

    /** @param regions those that are served */
    void register(Set<String> regions) {
        meters.expect(Arrays.stream(Rule.values()).map(Rule::id).toList());
        meters.gauge("partitions", "Partitions of orders that this process owns", loop::partitions);
        meters.gauge("partitions.all", "Partitions of orders that there are", loop::allPartitions);
        meters.gauge("lag", "Orders of its partitions that it has not read yet", loop::lag);
        meters.gauge(
                "oldest.unsent.seconds",
                "How long ago the oldest order that this process has read and not finished was produced",
                () -> loop.oldestUnsent().toMillis() / 1000.0);
        meters.gauge("rate", "Messages a second that this process may send now", pace::current);
        meters.gauge(
                "scaling.useful",
                "0 while more dispatchers would not send more: a provider complains or is broken off",
                () -> senders.status().stream().anyMatch(one -> one.open() || one.rateFactor() < 1) ? 0 : 1);
        meters.gauge(
                "limits.fed",
                "0 while no money is spent because it is not known what the other dispatchers spend",
                () -> limits.isFed() ? 1 : 0);
        for (ProviderStatus provider : senders.status()) {
            meters.gauge(
                    "breaker.open",
                    "1 while the breaker of a provider keeps messages away",
                    () -> senders.isOpen(provider.name()) ? 1 : 0,
                    "provider",
                    provider.name());
            meters.gauge(
                    "rate.factor",
                    "What complaints of a provider have left of the rate: 1 everything",
                    () -> senders.status(provider.name()).rateFactor(),
                    "provider",
                    provider.name());
            meters.gauge(
                    "calls",
                    "Calls of a provider that are under way, or wait for their moment",
                    () -> senders.status(provider.name()).calls(),
                    "provider",
                    provider.name());
        }
        for (String region : regions) {
            region(
                    "spent.hour",
                    "Money of the last hour, of all dispatchers",
                    region,
                    sums -> sums.hourMicros() / MICROS);
            region(
                    "spent.day",
                    "Money of the last 24 hours, of all dispatchers",
                    region,
                    sums -> sums.dayMicros() / MICROS);
            region(
                    "conversion",
                    "Of the messages of the last hour that are older than two minutes, the part whose code came back;"
                            + " 1 without one",
                    region,
                    sums -> sums.sent() == 0 ? 1 : sums.verified() / (double) sums.sent());
        }
    }

    private void region(String name, String help, String region, ToDoubleFunction<RegionSums> value) {
        RegionSums nothing = new RegionSums(region, 0, 0, 0, 0);
        meters.gauge(
                name,
                help,
                () -> value.applyAsDouble(limits.regions().stream()
                        .filter(sums -> sums.region().equals(region))
                        .findFirst()
                        .orElse(nothing)),
                "region",
                region);
    }
}
