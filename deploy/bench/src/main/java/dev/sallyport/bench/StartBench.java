package dev.sallyport.bench;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;

/**
 * How long a process takes from the command until everything works, and how much memory is resident then and after 200
 * sign-ins, sign-ups or text messages: each role alone, and everything in one.
 */
final class StartBench {

    private static final int LOAD = 200;
    private static final int AT_ONCE = 4;
    private static final int PEOPLE = 20;

    /** The archive that {@code ./sallyport build} records is looked for where none is. */
    private static final String NOT_RECORDED = "-XX:SharedArchiveFile=not-recorded";

    private record Figures(double seconds, double cpuSeconds, double idle, double loaded) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.2f s (CPU %.2f s), %.0f MB, loaded %.0f MB", seconds, cpuSeconds, idle, loaded);
        }
    }

    private record Round(
            Figures everything, Figures login, Figures enrollment, Figures dispatcher, Figures notRecorded) {}

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Rounds rounds;
    private int people;

    StartBench(Rounds rounds) {
        this.rounds = rounds;
    }

    void run(Report report) {
        // Every process of a round has ended when the round is over, and then counts as this one's.
        List<Round> all = rounds.of("start", new Machine(List.of()), this::round);
        double everything = median(all, round -> round.everything.seconds);
        report.figure(
                "Everything in one, from the command to ready",
                "≤ 15 s",
                spread(all, 2, "s", Round::everything, Figures::seconds),
                everything <= 15);
        double role = Math.max(
                median(all, round -> round.login.seconds),
                Math.max(median(all, round -> round.enrollment.seconds), median(all, round -> round.dispatcher
                        .seconds)));
        report.figure(
                "A single role, the slowest of three",
                "≤ 2.5 s",
                String.format(Locale.ROOT, "%.2f s", role),
                role <= 2.5);
        double roleMemory = all.stream()
                .flatMap(round -> List.of(round.login, round.enrollment, round.dispatcher).stream())
                .mapToDouble(figures -> Math.max(figures.idle, figures.loaded))
                .max()
                .orElseThrow();
        report.figure(
                "Resident memory of a role after " + LOAD + " sign-ins, the largest seen",
                "≤ 300 MB",
                String.format(Locale.ROOT, "%.0f MB", roleMemory),
                roleMemory <= 300);
        double allMemory = all.stream()
                .mapToDouble(round -> Math.max(round.everything.idle, round.everything.loaded))
                .max()
                .orElseThrow();
        report.figure(
                "Resident memory of everything in one, the largest seen",
                "≤ 900 MB",
                String.format(Locale.ROOT, "%.0f MB", allMemory),
                allMemory <= 900);
        report.section("Starting", text(all));
    }

    private Round round() {
        Figures everything = everythingInOne();
        Path folder = temporaryFolder();
        int storePort = Part.freePort();
        int brokerPort = Part.freePort();
        try (FakeTwilio twilio = FakeTwilio.start();
                Part _ = server("store", folder, storePort);
                Part _ = server("broker", folder, brokerPort)) {
            try (TopicAdmin admin = new TopicAdmin("127.0.0.1:" + brokerPort, Map.of())) {
                admin.apply(TopicPlan.all(1));
            }
            new KeyFolder(folder.resolve("keys")).init();
            return new Roles(folder, storePort, brokerPort, twilio).round(everything);
        }
    }

    private static Part server(String name, Path folder, int port) {
        return Part.java(
                "start-" + name,
                Server.class.getName(),
                name,
                folder.resolve(name).toString(),
                "" + port);
    }

    private Figures everythingInOne() {
        int port = Part.freePort();
        Map<String, String> settings = new HashMap<>();
        settings.put("SALLYPORT_DATA_DIR", temporaryFolder().toString());
        settings.put("SALLYPORT_HTTP_PORT", "" + port);
        settings.put("SALLYPORT_EMBEDDED_KAFKA_PORT", "0");
        settings.put("SALLYPORT_EMBEDDED_MONGO_PORT", "0");
        return measured("everything", settings, part -> {
            List<Person> signedUp = new ArrayList<>();
            for (int i = 0; i < PEOPLE; i++) {
                signedUp.add(Person.signUp(visitor(port), people++));
            }
            load(i -> signedUp.get(i % PEOPLE).signIn(visitor(port)));
        });
    }

    /** The three roles on one store and one broker, one after the other so that none is measured while another starts. */
    private final class Roles {

        private final Path folder;
        private final int storePort;
        private final int brokerPort;
        private final FakeTwilio twilio;
        private final List<Person> withPhones = new ArrayList<>();

        Roles(Path folder, int storePort, int brokerPort, FakeTwilio twilio) {
            this.folder = folder;
            this.storePort = storePort;
            this.brokerPort = brokerPort;
            this.twilio = twilio;
        }

        Round round(Figures everything) {
            Figures[] web = new Figures[3];
            Figures dispatcher = measured("dispatcher", settings(Role.SMS_DISPATCHER), part -> {
                web[0] = enrollment();
                web[1] = login("");
                twilio.ledger().awaitMessages(PEOPLE + LOAD, Duration.ofSeconds(30));
            });
            web[2] = login(NOT_RECORDED);
            return new Round(everything, web[1], web[0], dispatcher, web[2]);
        }

        private Figures enrollment() {
            Map<String, String> settings = settings(Role.ENROLLMENT);
            int port = Integer.parseInt(settings.get("SALLYPORT_HTTP_PORT"));
            return measured("enrollment", settings, part -> {
                for (int i = 0; i < PEOPLE; i++) {
                    Browser browser = visitor(port);
                    Person person = Person.signUp(browser, people++);
                    person.bindPhone(browser, twilio);
                    withPhones.add(person);
                }
                int first = people;
                people += LOAD;
                load(i -> Person.signUp(visitor(port), first + i));
            });
        }

        private Figures login(String javaOptions) {
            Map<String, String> settings = settings(Role.LOGIN);
            settings.put("SALLYPORT_JAVA_OPTIONS", javaOptions);
            int port = Integer.parseInt(settings.get("SALLYPORT_HTTP_PORT"));
            return measured(
                    "login",
                    settings,
                    part -> load(i -> {
                        Person person = withPhones.get(i % PEOPLE);
                        Person.expect(
                                303, visitor(port).submit("/", "username", person.name(), "password", Person.PASSWORD));
                    }));
        }

        private Map<String, String> settings(Role role) {
            Path keys = folder.resolve("keys-" + role);
            new KeyFolder(folder.resolve("keys")).export(EnumSet.of(role), keys);
            Map<String, String> settings = new HashMap<>();
            settings.put("SALLYPORT_ROLES", role.toString());
            settings.put("SALLYPORT_KEYS_DIR", keys.toString());
            settings.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + brokerPort);
            settings.put("SALLYPORT_KAFKA_REPLICATION", "1");
            settings.put("SALLYPORT_SMS_PROVIDER", "twilio");
            settings.put("SALLYPORT_LIMITS_PHONE_MODE", "record-only");
            if (role == Role.SMS_DISPATCHER) {
                settings.putAll(twilio.environment());
            } else {
                settings.put("SALLYPORT_MONGO_URI", "mongodb://127.0.0.1:" + storePort + "/");
                settings.put("SALLYPORT_HTTP_PORT", "" + Part.freePort());
            }
            return settings;
        }
    }

    private interface Work {
        void on(Part part) throws InterruptedException;
    }

    private static Figures measured(String name, Map<String, String> settings, Work work) {
        settings.put("SALLYPORT_MANAGEMENT_PORT", "" + Part.freePort());
        long start = System.nanoTime();
        try (Part part = Part.product("start-" + name, settings)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpu = part.cpu() / 1e9;
            double idle = part.residentMegabytes();
            work.on(part);
            return new Figures(seconds, cpu, idle, part.residentMegabytes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Nobody signs in twice at the same time: the numbers of one lane are the same people each time. */
    private static void load(IntConsumer task) {
        Load.open(AT_ONCE, 1_000, lane -> () -> {
            for (int i = lane; i < LOAD; i += AT_ONCE) {
                task.accept(i);
            }
            return true;
        });
    }

    private Browser visitor(int port) {
        return new Browser(http, "http://127.0.0.1:" + port);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("sallyport-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double median(List<Round> all, ToDoubleFunction<Round> figure) {
        return Load.quantile(0.5, all.stream().mapToDouble(figure).toArray());
    }

    private static String spread(
            List<Round> all,
            int decimals,
            String unit,
            Function<Round, Figures> process,
            ToDoubleFunction<Figures> figure) {
        return Report.spread(
                decimals, unit, all.stream().map(process).mapToDouble(figure).toArray());
    }

    private static String text(List<Round> all) {
        StringBuilder table = new StringBuilder("""
                From `./sallyport up` until `/health/ready` answers 200, with a start recorded by `./sallyport build`, and resident
                memory (VmRSS) then and after %d sign-ins, sign-ups or text messages, %d at a time. Store and broker of the
                single roles are processes of their own.

                | process | ready | CPU until then | resident | after the load |
                | --- | --- | --- | --- | --- |
                """.formatted(LOAD, AT_ONCE));
        row(table, "everything in one", all, Round::everything);
        row(table, "`login`", all, Round::login);
        row(table, "`enrollment`", all, Round::enrollment);
        row(table, "`sms-dispatcher`", all, Round::dispatcher);
        row(table, "`login`, no start recorded", all, Round::notRecorded);
        return table.toString();
    }

    private static void row(StringBuilder table, String name, List<Round> all, Function<Round, Figures> process) {
        table.append("| %s | %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        spread(all, 2, "s", process, Figures::seconds),
                        spread(all, 2, "s", process, Figures::cpuSeconds),
                        spread(all, 0, "MB", process, Figures::idle),
                        spread(all, 0, "MB", process, Figures::loaded)));
    }
}
