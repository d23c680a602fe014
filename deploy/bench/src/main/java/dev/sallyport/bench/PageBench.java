package dev.sallyport.bench;

import dev.sallyport.bench.Wrk.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What pages cost beside a bare Vert.x server that says hello; driven by wrk. */
final class PageBench {

    /** One round. */
    private record Trio(Rate hello, Rate signIn, Rate account) {

        @Override
        public String toString() {
            return "hello " + hello + ", sign-in page " + signIn + ", account page " + account;
        }
    }

    private final Site site;
    private final Person person;
    private final Rounds rounds;

    PageBench(Site site, Person person, Rounds rounds) {
        this.site = site;
        this.person = person;
        this.rounds = rounds;
    }

    void run(Report report) {
        int port = Part.freePort();
        try (Part hello = Part.java("hello", Server.class.getName(), "hello", "" + port)) {
            List<Part> parts = new ArrayList<>(site.parts());
            parts.add(hello);
            Browser browser = site.visitor();
            if (!person.signIn(browser)) {
                throw new IllegalStateException("the site is busy before the bench begins");
            }
            String helloUrl = "http://127.0.0.1:" + port + "/";
            trio(hello, helloUrl, browser);
            List<Trio> trios = rounds.of("pages", new Machine(parts), () -> trio(hello, helloUrl, browser));
            report(report, trios);
        }
    }

    private Trio trio(Part hello, String helloUrl, Browser browser) {
        return new Trio(
                Wrk.rate(hello, helloUrl),
                Wrk.rate(site.web(), site.url("/")),
                Wrk.rate(site.web(), site.url("/user"), "-H", "Cookie: " + browser.cookies()));
    }

    private static void report(Report report, List<Trio> trios) {
        double[] page = trios.stream()
                .mapToDouble(trio -> trio.signIn.perSecond() / trio.hello.perSecond())
                .toArray();
        report.figure(
                "Sign-in page, requests/s to a bare Vert.x hello",
                "≥ 0.4",
                Report.spread(2, "", page),
                Load.quantile(0.5, page) >= 0.4);
        StringBuilder table =
                new StringBuilder("| page | requests/s | CPU of the server per request |\n| --- | --- | --- |\n");
        row(table, "bare hello", trios.stream().map(Trio::hello).toList());
        row(
                table,
                "sign-in page, visitors without cookies",
                trios.stream().map(Trio::signIn).toList());
        row(
                table,
                "account page, signed in (1 read of the store)",
                trios.stream().map(Trio::account).toList());
        report.section("Pages", "wrk with 16 connections beside the server, in turns.\n\n" + table);
    }

    private static void row(StringBuilder table, String name, List<Rate> rates) {
        table.append(String.format(
                Locale.ROOT,
                "| %s | %s | %s µs |\n",
                name,
                Report.spread(0, "", rates.stream().mapToDouble(Rate::perSecond).toArray()),
                Report.spread(0, "", rates.stream().mapToDouble(Rate::micros).toArray())));
    }
}
