package dev.sallyport.bench;

import dev.sallyport.bench.ProtectedSite.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** How long a session that was ended at one node is accepted at the others, while all are asked thousands of times a second. */
final class EndingBench {

    static final int NODES = 4;
    private static final int ENDS = 100;
    private static final int CHECKS_PER_SECOND = 2_000;
    private static final int CONNECTIONS = 50;
    private static final int SECONDS = 90;
    /** Twice as long as a node that hears nothing remembers. */
    private static final double GIVEN_UP_MILLIS = 10_000;

    /** Of their own: the common pool of two processors is one thread. */
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

    private final Site site;
    private final ProtectedSite protectedSite;

    EndingBench(Site site, ProtectedSite protectedSite) {
        this.site = site;
        this.protectedSite = protectedSite;
    }

    void run(Report report) {
        List<Node> nodes = protectedSite.nodes();
        List<Person> people = site.signUp(ENDS + 1);
        String busy = entered(people.getLast(), site.visitor(nodes.getFirst().httpPort()));
        double thinkMillis = CONNECTIONS * 1_000.0 * NODES / CHECKS_PER_SECOND;
        List<CompletableFuture<Double>> loads = nodes.stream()
                .map(node -> CompletableFuture.supplyAsync(() -> load(node, busy, thinkMillis), threads))
                .toList();
        List<Double> millis = new ArrayList<>();
        for (Person person : people.subList(0, ENDS)) {
            millis.addAll(end(person));
        }
        if (loads.stream().anyMatch(CompletableFuture::isDone)) {
            throw new IllegalStateException("the load was over before the last sign-out; let it run longer");
        }
        double checks = loads.stream().mapToDouble(CompletableFuture::join).sum();
        double[] all = millis.stream().mapToDouble(Double::doubleValue).toArray();
        double p99 = Load.quantile(0.99, all);
        report.figure(
                "From a sign-out's answer to the refusal at each of four nodes, p99",
                "≤ 1 s",
                String.format(Locale.ROOT, "%.0f ms", p99),
                p99 <= 1_000);
        report.section(
                "Ended everywhere",
                String.format(Locale.ROOT, """
                        %d sign-outs at the first of %d nodes, each of which remembers the session; all are asked %.0f times a second
                        meanwhile. Median %.0f ms, largest %.0f ms.
                        """, ENDS, NODES, checks, Load.quantile(0.5, all), Load.quantile(1, all)));
    }

    private double load(Node node, String cookie, double thinkMillis) {
        List<String> more = new ArrayList<>(List.of("-s", Wrk.pausing((int) thinkMillis)));
        more.addAll(List.of(ProtectedSite.asked(cookie)));
        return Wrk.perSecond(SECONDS, CONNECTIONS, node.url(), more.toArray(String[]::new));
    }

    private String entered(Person person, Browser browser) {
        if (!person.signIn(browser)) {
            throw new IllegalStateException("the site is too busy to sign in");
        }
        return protectedSite.enter(protectedSite.nodes().getFirst(), browser);
    }

    /** Signs in, lets all nodes remember it, signs out; how long each still lets through, in ms. */
    private List<Double> end(Person person) {
        Browser browser = site.visitor(protectedSite.nodes().getFirst().httpPort());
        String cookie = entered(person, browser);
        for (Node node : protectedSite.nodes()) {
            if (protectedSite.check(node, cookie) != 200) {
                throw new IllegalStateException("a node does not know the session");
            }
        }
        Person.expect(303, browser.submit("/logout"));
        long ended = System.nanoTime();
        List<CompletableFuture<Double>> refusals = protectedSite.nodes().stream()
                .map(node -> CompletableFuture.supplyAsync(() -> refusedAfter(node, cookie, ended), threads))
                .toList();
        return refusals.stream().map(CompletableFuture::join).toList();
    }

    private double refusedAfter(Node node, String cookie, long ended) {
        double millis = 0;
        while (protectedSite.check(node, cookie) != 401 && millis < GIVEN_UP_MILLIS) {
            Machine.rest(2);
            millis = (System.nanoTime() - ended) / 1e6;
        }
        return (System.nanoTime() - ended) / 1e6;
    }
}
