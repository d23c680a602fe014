package dev.sallyport.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** Three times as many sign-ins as fit: nobody may collapse, and pages stay quick. */
final class OverloadBench {

    private static final Duration ROUND = Duration.ofSeconds(6);
    private static final int TIMES = 3;

    /**
     * One pair of measurements.
     *
     * @param full sign-ins for a second of the web process's CPU at saturation
     * @param past the same past saturation
     * @param refused part of the forms that were answered 503
     * @param pageP99 99th percentile of {@code GET /} past saturation, in ms
     */
    private record Pair(double full, double past, double refused, double pageP99) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.1f and %.1f sign-ins for a second of CPU, %.0f %% refused, page p99 %.1f ms",
                    full,
                    past,
                    100 * refused,
                    pageP99);
        }
    }

    private final Site site;
    private final List<Person> people;
    private final Rounds rounds;

    OverloadBench(Site site, List<Person> people, Rounds rounds) {
        this.site = site;
        this.people = people;
        this.rounds = rounds;
    }

    void run(Report report) {
        List<Pair> pairs = rounds.of("overload", new Machine(site.parts()), this::pair);
        double[] kept =
                pairs.stream().mapToDouble(pair -> pair.past / pair.full).toArray();
        double[] p99 = pairs.stream().mapToDouble(Pair::pageP99).toArray();
        double[] refused =
                pairs.stream().mapToDouble(pair -> 100 * pair.refused).toArray();
        report.figure(
                "Sign-ins for a second of CPU with three times the load, to those at saturation",
                "≥ 0.85",
                Report.spread(2, "", kept),
                Load.quantile(0.5, kept) >= 0.85);
        report.figure(
                "`GET /` with three times the load, p99",
                "≤ 50 ms",
                Report.spread(1, "ms", p99),
                Load.quantile(0.5, p99) <= 50);
        report.section("Past saturation", String.format(Locale.ROOT, """
                        Forms arrive at three times the rate of saturation, whatever becomes of the earlier ones. %s %% of them are
                        answered 503 with `Retry-After`, the others sign in. Meanwhile another visitor opens the first page 50 times
                        a second.
                        """, Report.spread(0, "", refused)));
    }

    private Pair pair() {
        long web = site.web().cpu();
        long start = System.nanoTime();
        long full = Load.closed(
                        4 * Machine.cores(), ROUND, i -> () -> people.get(i).signIn(site.visitor()))
                .done();
        double perSecond = full * 1e9 / (System.nanoTime() - start);
        double fullRate = full * 1e9 / (site.web().cpu() - web);

        AtomicBoolean over = new AtomicBoolean();
        List<Double> pages = Collections.synchronizedList(new ArrayList<>());
        Thread probe = Thread.ofVirtual().start(() -> openPages(pages, over));
        web = site.web().cpu();
        Load.Count count = past(TIMES * perSecond);
        double pastRate = count.done() * 1e9 / (site.web().cpu() - web);
        over.set(true);
        join(probe);
        double[] times = pages.stream().mapToDouble(Double::doubleValue).toArray();
        double refused = count.refused() / (double) (count.done() + count.refused());
        return new Pair(fullRate, pastRate, refused, Load.quantile(0.99, times));
    }

    private Load.Count past(double perSecond) {
        int arrivals = (int) (perSecond * ROUND.toSeconds());
        return Load.open(arrivals, perSecond, i -> {
            Person person = people.get(i % people.size());
            return () -> person.signIn(site.visitor());
        });
    }

    private void openPages(List<Double> times, AtomicBoolean over) {
        Browser browser = site.visitor();
        while (!over.get()) {
            long start = System.nanoTime();
            Person.expect(200, browser.get("/"));
            times.add((System.nanoTime() - start) / 1e6);
            Machine.rest(20);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
