package dev.sallyport.bench;

import dev.sallyport.dispatch.twilio.fake.SentMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether dispatchers that come and go keep to one rate together, without a word between them. */
final class RateBench {

    private static final int RATE = 200;
    /** More than the rate, so that there is always somebody who waits. */
    private static final int ORDERED = 220;

    private static final long ORDER_EVERY_MILLIS = 50;
    private static final Duration STRETCH = Duration.ofSeconds(20);
    /** After a change partitions move, each bucket begins empty, and a new process is compiled. */
    private static final Duration REBALANCE = Duration.ofSeconds(25);

    /** So many dispatchers from one moment to another. */
    private record Stretch(int dispatchers, Instant from, Instant to) {

        double rate(List<Instant> arrivals) {
            Instant settled = from.plus(REBALANCE);
            long count = arrivals.stream()
                    .filter(at -> !at.isBefore(settled) && at.isBefore(to))
                    .count();
            return count * 1e9 / Duration.between(settled, to).toNanos();
        }
    }

    private volatile boolean over;

    void run(Report report) {
        List<Stretch> stretches = new ArrayList<>();
        List<Instant> arrivals;
        try (DispatchSite site = new DispatchSite()) {
            Thread people = Thread.ofPlatform().start(() -> order(site));
            Deque<Part> workers = new ArrayDeque<>();
            for (int wanted : new int[] {1, 4, 2}) {
                while (workers.size() < wanted) {
                    workers.add(worker(site, workers.size() + 1));
                }
                while (workers.size() > wanted) {
                    workers.removeLast().close();
                }
                Instant from = Instant.now();
                Machine.rest(REBALANCE.plus(STRETCH).toMillis());
                stretches.add(new Stretch(wanted, from, Instant.now()));
            }
            over = true;
            Machine.join(people);
            arrivals = site.twilio().ledger().messages().stream()
                    .map(SentMessage::acceptedAt)
                    .sorted()
                    .toList();
            workers.forEach(Part::close);
        }
        tell(report, stretches, arrivals);
    }

    private static Part worker(DispatchSite site, int number) {
        Map<String, String> settings = site.twilioSettings();
        settings.put("SALLYPORT_SMS_RATE", "" + RATE);
        return Part.product("dispatcher-" + number, settings);
    }

    private void order(DispatchSite site) {
        long next = System.nanoTime();
        while (!over) {
            site.write(site.orders().make((int) (ORDERED * ORDER_EVERY_MILLIS / 1000)));
            next += ORDER_EVERY_MILLIS * 1_000_000;
            Machine.rest(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
    }

    private static void tell(Report report, List<Stretch> stretches, List<Instant> arrivals) {
        int most = mostInASecond(arrivals);
        report.figure(
                "Most messages in any second at the provider, rate %d/s, dispatchers 1, 4, 2".formatted(RATE),
                "≤ " + RATE * 115 / 100,
                "" + most,
                most <= RATE * 115 / 100);
        for (Stretch stretch : stretches) {
            double rate = stretch.rate(arrivals);
            report.figure(
                    "The same, messages a second between changes, dispatchers: " + stretch.dispatchers(),
                    "%d to %d".formatted(RATE * 9 / 10, RATE * 11 / 10),
                    String.format(Locale.ROOT, "%.1f", rate),
                    rate >= RATE * 0.9 && rate <= RATE * 1.1);
        }
        report.section("One rate for all dispatchers", """
                %d messages a second are ordered, %d may leave. Dispatchers are processes of their own, started and stopped (SIGTERM)
                meanwhile; arrivals at Twilio's fake are counted in every second that begins with one, also while partitions move.
                """.formatted(ORDERED, RATE));
    }

    private static int mostInASecond(List<Instant> arrivals) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < arrivals.size(); last++) {
            while (!arrivals.get(last).isBefore(arrivals.get(first).plusSeconds(1))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
