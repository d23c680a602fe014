package dev.sallyport.bench;

import dev.sallyport.deploy.LoneDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How many messages one dispatcher sends, what each costs, and what memory they take: with the provider inside it. */
final class DispatchBench {

    private static final int AT_ONCE = 20_000;
    private static final int ALL = 200_000;
    /** Of event time, between one lot of messages and the next: two of them are remembered. */
    private static final Duration APART = Duration.ofHours(1);

    /** What is forgotten is forgotten within this time. */
    private static final long FORGETTING_MILLIS = 6_000;

    void run(Report report) {
        List<Double> rates = new ArrayList<>();
        List<Double> memory = new ArrayList<>();
        List<Double> fresh = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        try (DispatchSite site = new DispatchSite();
                Part worker = Part.java("lone-dispatcher", site.inProcessSettings(), LoneDispatcher.class.getName())) {
            for (int sent = 0; sent < ALL; sent += AT_ONCE) {
                Instant at = Instant.now().plus(APART.multipliedBy(sent / AT_ONCE));
                List<ProducerRecord<byte[], byte[]>> orders = site.orders().make(AT_ONCE, at);
                long before = worker.cpu();
                long start = System.nanoTime();
                site.write(orders);
                site.awaitOutcomes(sent + AT_ONCE);
                rates.add(AT_ONCE * 1e9 / (System.nanoTime() - start));
                cpu.add((worker.cpu() - before) / 1e3 / AT_ONCE);
                fresh.add(memoryOf(worker, APART));
                Machine.rest(FORGETTING_MILLIS);
                memory.add(memoryOf(worker, Duration.ZERO));
                System.out.printf(
                        Locale.ROOT,
                        "     %d sent: %.0f/s, %.0f µs of CPU each, %.1f MB in use%n",
                        sent + AT_ONCE,
                        rates.getLast(),
                        cpu.getLast(),
                        memory.getLast());
            }
        }
        // The first rounds are the compilers'.
        double[] warm =
                rates.stream().skip(rates.size() / 2).mapToDouble(rate -> rate).toArray();
        int full = memory.size() / 2;
        double growth = memory.getLast() / memory.get(full) - 1;
        report.figure(
                "Messages a second of one dispatcher, provider in its process",
                "≥ 3000/s",
                Report.spread(0, "/s", warm),
                Load.quantile(0.5, warm) >= 3000);
        report.figure(
                "Memory in use after 200,000 messages, over that after half of them",
                "flat: ≤ 5 %",
                String.format(
                        Locale.ROOT, "%.1f %% (%.0f to %.0f MB)", 100 * growth, memory.get(full), memory.getLast()),
                growth <= 0.05);
        report.section(
                "A dispatcher by itself",
                String.format(
                        Locale.ROOT,
                        """
                        %d signed and sealed orders, written %d at a time as fast as Kafka takes them, until their outcomes are told. The
                        provider is in the dispatcher's process and takes no time; broker, dispatcher and driver share the machine.
                        %.0f µs of the dispatcher's CPU for each (%.0f at first). Between one lot and the next an hour passes by the
                        dispatcher's clock. A message takes %.0f bytes while all is remembered of it, for a quarter of an hour; after
                        that %.0f bytes, until the last of its limits looks back no further.
                        """,
                        ALL,
                        AT_ONCE,
                        cpu.getLast(),
                        cpu.getFirst(),
                        (fresh.getLast() - memory.get(memory.size() - 2)) * 1e6 / AT_ONCE,
                        (memory.get(1) - memory.get(0)) * 1e6 / AT_ONCE));
    }

    /** In MB; after that it goes by a time that is so much later. */
    private static double memoryOf(Part worker, Duration later) {
        return Long.parseLong(worker.ask("" + later.toSeconds())) / 1e6;
    }
}
