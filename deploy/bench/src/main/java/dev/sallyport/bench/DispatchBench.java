package dev.sallyport.bench;

import dev.sallyport.deploy.LoneDispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How many messages one dispatcher sends, what each costs, and what memory they take. */
final class DispatchBench {

    private static final int AT_ONCE = 20_000;
    private static final int ALL = 200_000;
    private static final int OVER_HTTP = 3_000;

    /** One round through Twilio's fake, processor time for each message in µs. */
    private record Cost(double dispatcher, double bare) {

        double ratio() {
            return dispatcher / bare;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "dispatcher %.0f µs, bare loop %.0f µs of CPU", dispatcher, bare);
        }
    }

    private final Rounds rounds;

    DispatchBench(Rounds rounds) {
        this.rounds = rounds;
    }

    void run(Report report) {
        inProcess(report);
        overHttp(report);
    }

    private void inProcess(Report report) {
        List<Double> rates = new ArrayList<>();
        List<Double> memory = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        try (DispatchSite site = new DispatchSite();
                Part worker = Part.java("lone-dispatcher", site.inProcessSettings(), LoneDispatcher.class.getName())) {
            for (int sent = 0; sent < ALL; sent += AT_ONCE) {
                List<ProducerRecord<byte[], byte[]>> orders = site.orders().make(AT_ONCE);
                long before = worker.cpu();
                long start = System.nanoTime();
                site.write(orders);
                site.awaitOutcomes(sent + AT_ONCE);
                rates.add(AT_ONCE * 1e9 / (System.nanoTime() - start));
                cpu.add((worker.cpu() - before) / 1e3 / AT_ONCE);
                memory.add(Long.parseLong(worker.ask("")) / 1e6);
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
        double growth = (memory.getLast() - memory.getFirst()) * 1e6 / (ALL - AT_ONCE);
        report.figure(
                "Messages a second of one dispatcher, provider in its process",
                "≥ 3000/s",
                Report.spread(0, "/s", warm),
                Load.quantile(0.5, warm) >= 3000);
        report.figure(
                "Memory that each of 200,000 messages leaves in use",
                "flat",
                String.format(Locale.ROOT, "%.0f bytes (%.0f to %.0f MB)", growth, memory.getFirst(), memory.getLast()),
                growth < 50);
    }

    private void overHttp(Report report) {
        try (DispatchSite site = new DispatchSite();
                Part worker = Part.product("dispatcher", site.twilioSettings());
                Part bare = Part.java(
                        "bare-loop",
                        Map.of(),
                        BareLoop.class.getName(),
                        site.bootstrap(),
                        site.twilio().uri().toString())) {
            for (int i = 0; i < 3; i++) {
                System.out.println("     warming up: " + round(site, worker, bare));
            }
            List<Cost> all = rounds.of(
                    "dispatch", new Machine(List.of(site.broker(), worker, bare)), () -> round(site, worker, bare));
            double[] ratios = all.stream().mapToDouble(Cost::ratio).toArray();
            report.figure(
                    "CPU for each message through twilio-java to a bare loop that consumes and posts",
                    "≤ 2.5",
                    Report.spread(2, "", ratios),
                    Load.quantile(0.5, ratios) <= 2.5);
        }
    }

    private static Cost round(DispatchSite site, Part worker, Part bare) {
        long outcomes = site.outcomes();
        List<ProducerRecord<byte[], byte[]>> orders = site.orders().make(OVER_HTTP);
        long before = worker.cpu();
        site.write(orders);
        site.awaitOutcomes(outcomes + OVER_HTTP);
        double dispatcher = (worker.cpu() - before) / 1e3 / OVER_HTTP;
        before = bare.cpu();
        bare.ask("" + OVER_HTTP);
        return new Cost(dispatcher, (bare.cpu() - before) / 1e3 / OVER_HTTP);
    }
}
