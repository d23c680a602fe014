package dev.sallyport.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a message costs a dispatcher that sends by twilio-java, measured against a loop that only consumes and posts. */
final class TwilioBench {

    private static final int MESSAGES = 3_000;
    /** Before, compilers take a third of the processor time. */
    private static final int WARM_UP_ROUNDS = 20;

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

    TwilioBench(Rounds rounds) {
        this.rounds = rounds;
    }

    void run(Report report) {
        try (DispatchSite site = new DispatchSite();
                Part worker = Part.product("dispatcher", site.twilioSettings());
                Part bare = Part.java(
                        "bare-loop",
                        Map.of(),
                        BareLoop.class.getName(),
                        site.bootstrap(),
                        site.twilio().uri().toString())) {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
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
            report.section("Through twilio-java", """
                    %d orders a round, written at once, sent to Twilio's fake by a dispatcher, and then consumed by a loop that neither
                    checks nor opens them, writes nothing down and posts the same request each time, with the JDK's client. Processor time of
                    a message: dispatcher %s, bare loop %s.
                    """.formatted(
                    MESSAGES,
                    Report.spread(
                            0, "µs", all.stream().mapToDouble(Cost::dispatcher).toArray()),
                    Report.spread(0, "µs", all.stream().mapToDouble(Cost::bare).toArray())));
        }
    }

    private static Cost round(DispatchSite site, Part worker, Part bare) {
        long outcomes = site.outcomes();
        List<ProducerRecord<byte[], byte[]>> orders = site.orders().make(MESSAGES);
        long before = worker.cpu();
        site.write(orders);
        site.awaitOutcomes(outcomes + MESSAGES);
        double dispatcher = (worker.cpu() - before) / 1e3 / MESSAGES;
        before = bare.cpu();
        bare.ask("" + MESSAGES);
        return new Cost(dispatcher, (bare.cpu() - before) / 1e3 / MESSAGES);
    }
}
