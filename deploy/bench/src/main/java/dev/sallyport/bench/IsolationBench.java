package dev.sallyport.bench;

import dev.sallyport.dispatch.twilio.fake.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Whether signing in suffers from a provider that fails every message. */
final class IsolationBench {

    private static final Duration ROUND = Duration.ofSeconds(15);
    private static final Duration SATURATION = Duration.ofSeconds(10);
    private static final int PAIRS = 3;

    private final Site site;
    private final List<Person> people;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();

    /** @param people with phones and no apps, so many that nobody asks for more messages than one may */
    IsolationBench(Site site, List<Person> people) {
        this.site = site;
        this.people = people;
    }

    void run(Report report) {
        double rate = 0.5 * saturation();
        List<Double> healthy = new ArrayList<>();
        List<Double> failing = new ArrayList<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            site.twilio().behave();
            healthy.add(p99(rate));
            site.twilio().always(Fault.html503());
            failing.add(p99(rate));
        }
        site.twilio().behave();
        healthy.add(p99(rate));
        double[] well = healthy.stream().mapToDouble(one -> one).toArray();
        double[] ill = failing.stream().mapToDouble(one -> one).toArray();
        double allowed = Math.max(1.1 * Load.quantile(0.5, well), Load.quantile(1, well));
        report.figure(
                "p99 of a sign-in while the provider answers 503 to everything",
                String.format(Locale.ROOT, "≤ %.1f ms", allowed),
                Report.spread(1, "ms", ill),
                Load.quantile(0.5, ill) <= allowed);
        report.figure("Sign-ins that failed meanwhile", "0", "" + errors.get(), errors.get() == 0);
        report.section(
                "A provider that fails", String.format(Locale.ROOT, """
                        People with phones sign in at half of the rate that the machine carries (%.0f a second of %.0f), in turns with a provider
                        that works (p99 %s) and one that answers 503. Allowed is a tenth more than with one that works, or what its own rounds
                        spread.
                        """, rate, 2 * rate, Report.spread(1, "ms", well)));
    }

    private double saturation() {
        Load.Count count = Load.closed(2 * Machine.cores(), SATURATION, person -> () -> {
            signIn();
            return true;
        });
        return count.done() * 1e9 / SATURATION.toNanos();
    }

    /** In milliseconds. */
    private double p99(double rate) {
        List<Double> times = java.util.Collections.synchronizedList(new ArrayList<>());
        Load.open((int) (rate * ROUND.toSeconds()), rate, number -> () -> {
            times.add(signIn());
            return true;
        });
        return Load.quantile(0.99, times.stream().mapToDouble(one -> one).toArray());
    }

    /** The POST of the password, in milliseconds. */
    private double signIn() {
        Person person = people.get(Math.floorMod(next.getAndIncrement(), people.size()));
        Browser browser = site.visitor();
        String csrf = Browser.csrf(browser.get("/"));
        long start = System.nanoTime();
        Browser.Answer answer = browser.post("/", csrf, "username", person.name(), "password", Person.PASSWORD);
        double took = (System.nanoTime() - start) / 1e6;
        if (answer.status() != 303) {
            errors.incrementAndGet();
        }
        return took;
    }
}
