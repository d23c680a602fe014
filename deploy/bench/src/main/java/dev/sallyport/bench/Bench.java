package dev.sallyport.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./sallyport bench}: runs all benches, prints what they find and writes {@code docs/benchmarks.md}. */
@Command(name = "bench", description = "Measures what the platform costs and writes docs/benchmarks.md.")
public final class Bench implements Callable<Integer> {

    private static final List<String> ON_ONE_SITE = List.of("sign-in", "overload", "pages", "round-trips");

    /** In the order of the report. */
    private static final List<String> ALL = List.of(
            "start",
            "sign-in",
            "overload",
            "pages",
            "delivery",
            "round-trips",
            "checks",
            "endings",
            "dispatch",
            "twilio",
            "rate",
            "backlog",
            "pumping",
            "isolation",
            "sealing",
            "duplicates");

    private static final int PEOPLE = 200;

    /** Nobody may ask for more than ten messages without using their codes. */
    private static final int MANY_PEOPLE = 600;

    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final int MOST_WARM_UPS = 15;
    private static final double COMPILERS_REST = 0.01;

    @Option(names = "--rounds", defaultValue = "7", description = "Quiet rounds of each bench. Default: 7.")
    private int rounds;

    @Option(
            names = "--noisy",
            description =
                    "Keeps rounds in which something else used the machine, and writes no report. For trying out.")
    private boolean noisy;

    @Option(
            names = "--only",
            split = ",",
            description =
                    "Some benches: start, sign-in, overload, pages, delivery, round-trips, checks, endings,"
                            + " dispatch, twilio, rate, backlog, pumping, isolation, sealing, duplicates. The others keep their part of the report.")
    private List<String> only = List.of();

    /** What a bench measures on its own. */
    private interface Work {

        void run(Report report) throws InterruptedException;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    /** 0 if every target was met, 1 if not. */
    @Override
    public Integer call() throws InterruptedException {
        Optional<Path> file = noisy ? Optional.empty() : Optional.of(Path.of("docs", "benchmarks.md"));
        Report report = new Report(file, ALL, LocalDate.now(Clock.systemUTC()));
        Rounds repeat = new Rounds(rounds, noisy);
        measure(report, "start", new StartBench(repeat)::run);
        if (ON_ONE_SITE.stream().anyMatch(this::wanted)) {
            onOneSite(report, repeat);
        }
        measure(report, "delivery", part -> deliver(part, repeat));
        measure(report, "checks", part -> check(part, repeat));
        measure(report, "endings", Bench::end);
        measure(report, "dispatch", new DispatchBench()::run);
        measure(report, "twilio", new TwilioBench(repeat)::run);
        measure(report, "rate", new RateBench()::run);
        measure(report, "backlog", new BacklogBench()::run);
        measure(report, "pumping", new PumpingBench()::run);
        measure(report, "isolation", Bench::isolate);
        measure(report, "sealing", new SealBench()::run);
        measure(report, "duplicates", new DuplicatesBench()::run);
        return report.allMet() ? 0 : 1;
    }

    private void measure(Report report, String bench, Work work) throws InterruptedException {
        if (wanted(bench)) {
            work.run(report);
            report.end(bench);
        }
    }

    private void onOneSite(Report report, Rounds repeat) throws InterruptedException {
        try (Site site = new Site()) {
            List<Person> people = site.signUp(PEOPLE);
            warmUp(site, people);
            measure(report, "sign-in", new SignInBench(site, people, repeat)::run);
            measure(report, "overload", new OverloadBench(site, people, repeat)::run);
            measure(report, "pages", new PageBench(site, people.getFirst(), repeat)::run);
            measure(report, "round-trips", new RoundTripBench(site, people.getFirst())::run);
        }
    }

    /**
     * On a site of its own: the embedded store has no index for the sweeper's look every five seconds, and stands still
     * while it walks through what the benches before have left.
     */
    private void deliver(Report report, Rounds repeat) throws InterruptedException {
        try (Site site = new Site()) {
            new DeliveryBench(site, withPhones(site), repeat).run(report);
        }
    }

    private static void check(Report report, Rounds repeat) {
        try (Site site = new Site();
                ProtectedSite node = new ProtectedSite(site, 1)) {
            new CheckBench(site, node, repeat).run(report);
        }
    }

    private static void end(Report report) {
        try (Site site = new Site();
                ProtectedSite nodes = new ProtectedSite(site, EndingBench.NODES)) {
            new EndingBench(site, nodes).run(report);
        }
    }

    private static void isolate(Report report) throws InterruptedException {
        try (Site site = new Site()) {
            List<Person> people = site.signUp(MANY_PEOPLE);
            // Before they have phones: a sign-in whose code nobody uses counts against its account.
            warmUp(site, people);
            bindPhones(site, people);
            new IsolationBench(site, people).run(report);
        }
    }

    private boolean wanted(String bench) {
        return only.isEmpty() || only.contains(bench);
    }

    private static List<Person> withPhones(Site site) throws InterruptedException {
        List<Person> people = site.signUp(PEOPLE);
        bindPhones(site, people);
        return people;
    }

    private static void bindPhones(Site site, List<Person> people) throws InterruptedException {
        for (Person person : people) {
            person.bindPhone(site);
        }
    }

    /** Pages by the thousand, and sign-ins until Java's compilers have little left to do. */
    private static void warmUp(Site site, List<Person> people) {
        Browser browser = site.visitor();
        people.getFirst().signIn(browser);
        Part.output(List.of("wrk", "-t1", "-c16", "-d5s", site.url("/")));
        Part.output(List.of("wrk", "-t1", "-c16", "-d10s", "-H", "Cookie: " + browser.cookies(), site.url("/user")));
        double compiling = 1;
        for (int i = 0; i < MOST_WARM_UPS && compiling > COMPILERS_REST; i++) {
            compiling = compilersShare(
                    site.web(),
                    () -> Load.closed(
                            4 * Machine.cores(),
                            WARM_UP,
                            person -> () -> people.get(person).signIn(site.visitor())));
        }
    }

    /** Their part of the processor time that a process uses meanwhile. */
    private static double compilersShare(Part part, Runnable work) {
        long all = part.cpu();
        long compilers = part.compilersCpu();
        work.run();
        double share = (part.compilersCpu() - compilers) / (double) (part.cpu() - all);
        System.out.println(String.format(Locale.ROOT, "     warming up: compilers %.1f %%", 100 * share));
        return share;
    }
}
