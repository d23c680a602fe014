package dev.sallyport.bench;

import dev.sallyport.password.sodium.BareHash;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** What a sign-in costs beside its hash, at saturation and past it. */
final class SignInBench {

    private static final Duration ROUND = Duration.ofSeconds(4);

    /** Enough to keep the hashing pool busy while the others wait for pages. */
    private static final int AT_ONCE = 4 * Machine.cores();

    /**
     * One pair of measurements.
     *
     * @param hash processor time of a bare hash, in ms
     * @param signIn processor time of the web process for a sign-in, in ms
     * @param servers that of store and broker together
     * @param driver that of the driver
     */
    private record Pair(double hash, double signIn, double servers, double driver, double perSecond) {

        double ratio() {
            return signIn / hash;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "hash %.2f ms, sign-in %.2f ms, ratio %.3f", hash, signIn, ratio());
        }
    }

    private final Site site;
    private final List<Person> people;
    private final Rounds rounds;

    SignInBench(Site site, List<Person> people, Rounds rounds) {
        this.site = site;
        this.people = people;
        this.rounds = rounds;
    }

    void run(Report report) {
        try (Part bare = Part.java("bare-hash", BareHash.class.getName())) {
            List<Part> parts = new java.util.ArrayList<>(site.parts());
            parts.add(bare);
            bareHash(bare);
            List<Pair> pairs = rounds.of("sign-in", new Machine(parts), () -> pair(bare));
            double[] ratios = pairs.stream().mapToDouble(Pair::ratio).toArray();
            double ratio = Load.quantile(0.5, ratios);
            report.figure(
                    "Server CPU per password sign-in (page, POST, page) to a bare Argon2id hash",
                    "≤ 1.15",
                    Report.spread(3, "", ratios),
                    ratio <= 1.15);
            report.figure(
                    "Sign-ins at saturation to the hashes that fit into the same CPU time",
                    "≥ 0.85",
                    String.format(Locale.ROOT, "%.3f", 1 / ratio),
                    1 / ratio >= 0.85);
            report.section("Signing in with a password", text(pairs));
        }
    }

    /** Hashes before and after, so that a machine that slows down meanwhile slows both. */
    private Pair pair(Part bare) {
        double before = bareHash(bare);
        long web = site.web().cpu();
        long servers = serversCpu();
        long driver = Machine.driverCpu();
        long start = System.nanoTime();
        long done = Load.closed(AT_ONCE, ROUND, this::signIn).done();
        long wall = System.nanoTime() - start;
        double signIn = (site.web().cpu() - web) / 1e6 / done;
        double beside = (serversCpu() - servers) / 1e6 / done;
        double driving = (Machine.driverCpu() - driver) / 1e6 / done;
        double hash = (before + bareHash(bare)) / 2;
        return new Pair(hash, signIn, beside, driving, done * 1e9 / wall);
    }

    /** Processor time of one bare hash in ms, with all cores hashing. */
    private static double bareHash(Part bare) {
        long before = bare.cpu();
        long hashes = Long.parseLong(bare.ask(Machine.cores() + " " + ROUND.toMillis()));
        return (bare.cpu() - before) / 1e6 / hashes;
    }

    private BooleanSupplier signIn(int index) {
        Person person = people.get(index);
        return () -> person.signIn(site.visitor());
    }

    private long serversCpu() {
        return site.store().cpu() + site.broker().cpu();
    }

    private static String text(List<Pair> pairs) {
        return String.format(
                Locale.ROOT,
                """
                %d people at a time open the page, send the form and open the account page it leads to. Before and after, the
                same hash runs bare in a process of its own, on as many threads as the product's pool has. Bare hash %s ms of
                CPU; sign-in %s ms of CPU in the web process. What shared the machine: store and broker together %s ms, the
                driver %s ms for each. %s sign-ins a second.
                """,
                AT_ONCE,
                Report.spread(2, "", pairs.stream().mapToDouble(Pair::hash).toArray()),
                Report.spread(2, "", pairs.stream().mapToDouble(Pair::signIn).toArray()),
                Report.spread(2, "", pairs.stream().mapToDouble(Pair::servers).toArray()),
                Report.spread(2, "", pairs.stream().mapToDouble(Pair::driver).toArray()),
                Report.spread(0, "", pairs.stream().mapToDouble(Pair::perSecond).toArray()));
    }
}
