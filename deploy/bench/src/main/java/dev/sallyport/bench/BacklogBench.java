package dev.sallyport.bench;

import dev.sallyport.dispatch.twilio.fake.SentMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What becomes of the orders of a quarter of an hour in which no dispatcher ran. */
final class BacklogBench {

    private static final Duration AWAY = Duration.ofMinutes(15);

    /** A code lives so long; an order is worth sending for a fifth of it. */
    private static final Duration LIFE = Duration.ofMinutes(5);

    private static final int ORDERS = 10_000;
    private static final int AT_ONE_MOMENT = 100;

    void run(Report report) {
        Map<String, Instant> deadAt = new HashMap<>();
        try (DispatchSite site = new DispatchSite()) {
            Instant end = Instant.now();
            for (int made = 0; made < ORDERS; made += AT_ONE_MOMENT) {
                Instant at = end.minus(AWAY.multipliedBy(ORDERS - made).dividedBy(ORDERS));
                site.write(site.orders().make(AT_ONE_MOMENT, at));
                for (int number = made; number < made + AT_ONE_MOMENT; number++) {
                    deadAt.put(Orders.phone(number), at.plus(LIFE));
                }
            }
            long start = System.nanoTime();
            try (Part worker = Part.product("dispatcher", site.twilioSettings())) {
                site.awaitOutcomes(ORDERS);
                double seconds = (System.nanoTime() - start) / 1e9;
                tell(report, site, deadAt, seconds, worker);
            }
        }
    }

    private static void tell(
            Report report, DispatchSite site, Map<String, Instant> deadAt, double seconds, Part worker) {
        List<SentMessage> sent = site.twilio().ledger().messages();
        long expired = sent.stream()
                .filter(message -> message.acceptedAt().isAfter(Objects.requireNonNull(deadAt.get(message.to()))))
                .count();
        report.figure(
                "Expired codes at the provider, of a backlog of 15 minutes and 10,000 orders",
                "0",
                "" + expired,
                expired == 0 && !sent.isEmpty());
        report.figure("Outcomes of that backlog", "" + ORDERS, "" + site.outcomes(), site.outcomes() == ORDERS);
        report.section(
                "A backlog",
                String.format(
                        Locale.ROOT, """
                        %d orders, made for as many phones over the last %d minutes, lie there when the only dispatcher starts. %.1f s after
                        the command all have their outcomes: %d were sent, those of the last minute, and the others are `expired`. %d MB
                        were resident then.
                        """, ORDERS, AWAY.toMinutes(), seconds, sent.size(), worker.residentMegabytes()));
    }
}
