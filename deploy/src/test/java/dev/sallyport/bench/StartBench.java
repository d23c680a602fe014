package dev.sallyport.bench;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.deploy.SiteClient;
import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.deploy.embedded.EmbeddedMongo;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * How long a process takes from its start until everything works, and how much memory is resident then and after 200
 * sign-ins with a text message each: for every role alone, and for all in one with the embedded servers. Broker and
 * store of the single roles, and the phone network, are in the bench's own process.
 *
 * <p>{@code StartBench RUNS JAVA-OPTION…}; the jar is {@code target/sallyport.jar}.
 */
public final class StartBench {

    private static final int SIGN_INS = 200;
    private static final int PEOPLE = 20;
    private static final int AT_ONCE = 4;
    private static final String PASSWORD = "a quiet harbour at dawn";

    private record Figures(long millis, long cpuMillis, long idle, long loaded) {}

    private final Path jar = Path.of("target", "sallyport.jar").toAbsolutePath();
    private final List<String> javaOptions;
    private final Path folder;
    private final Map<String, List<Figures>> figures = new LinkedHashMap<>();
    private int count;

    private StartBench(List<String> javaOptions, Path folder) {
        this.javaOptions = javaOptions;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        int runs = Integer.parseInt(arguments[0]);
        List<String> javaOptions = List.of(arguments).subList(1, arguments.length);
        StartBench bench = new StartBench(javaOptions, Files.createTempDirectory("sallyport-bench-"));
        for (int i = 0; i < runs; i++) {
            bench.everythingInOne();
            bench.singleRoles();
        }
        bench.print(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.exit(0);
    }

    private void everythingInOne() throws Exception {
        Map<String, String> settings = Map.of(
                "SALLYPORT_DATA_DIR", newFolder().toString(),
                "SALLYPORT_EMBEDDED_KAFKA_PORT", "0",
                "SALLYPORT_EMBEDDED_MONGO_PORT", "0");
        try (Node node = Node.start(jar, javaOptions, folder, settings)) {
            long cpu = node.cpu().toMillis();
            long idle = node.residentMegabytes();
            List<String> people = new ArrayList<>();
            for (int i = 0; i < PEOPLE; i++) {
                people.add(signUp(new SiteClient(node.url())));
            }
            signIn(people, node, SIGN_INS);
            note("all in one", node, cpu, idle);
        }
    }

    private void singleRoles() throws Exception {
        Path own = newFolder();
        EmbeddedKafka kafka = new EmbeddedKafka(own.resolve("kafka"), 0);
        EmbeddedMongo mongo = new EmbeddedMongo(own.resolve("mongo"), 0);
        kafka.start();
        mongo.start();
        try (FakeTwilio twilio = FakeTwilio.start()) {
            try (TopicAdmin admin = new TopicAdmin(kafka.bootstrapServers(), Map.of())) {
                admin.apply(TopicPlan.all(1));
            }
            new KeyFolder(own.resolve("keys")).init();
            Map<String, String> shared = new HashMap<>();
            shared.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
            shared.put("SALLYPORT_KAFKA_REPLICATION", "1");
            shared.put("SALLYPORT_PUBLIC_URL", "http://localhost");
            shared.put("SALLYPORT_SMS_PROVIDER", "twilio");
            shared.put("SALLYPORT_TWILIO_ACCOUNT_SID", twilio.config().accountSid());
            shared.put("SALLYPORT_TWILIO_AUTH_TOKEN", twilio.config().authToken());
            shared.put("SALLYPORT_TWILIO_FROM", twilio.config().from());
            shared.put("SALLYPORT_TWILIO_BASE_URL", twilio.uri().toString());
            Map<String, String> web = new HashMap<>(shared);
            web.put("SALLYPORT_MONGO_URI", mongo.uri());
            singleRoles(own, web, shared, twilio);
        } finally {
            mongo.stop();
            kafka.stop();
        }
    }

    /** One after the other, so that none is measured while another starts. */
    private void singleRoles(Path own, Map<String, String> web, Map<String, String> shared, FakeTwilio twilio)
            throws Exception {
        try (Node dispatcher = role(Role.SMS_DISPATCHER, own, shared)) {
            long dispatcherCpu = dispatcher.cpu().toMillis();
            long dispatcherIdle = dispatcher.residentMegabytes();
            List<String> people = new ArrayList<>();
            try (Node enrollment = role(Role.ENROLLMENT, own, web)) {
                long cpu = enrollment.cpu().toMillis();
                long idle = enrollment.residentMegabytes();
                for (int i = 0; i < PEOPLE; i++) {
                    people.add(withPhone(new SiteClient(enrollment.url()), i, twilio));
                }
                inParallel(SIGN_INS - PEOPLE, i -> signUp(new SiteClient(enrollment.url())));
                note("enrollment", enrollment, cpu, idle);
            }
            try (Node login = role(Role.LOGIN, own, web)) {
                long cpu = login.cpu().toMillis();
                long idle = login.residentMegabytes();
                signIn(people, login, SIGN_INS);
                note("login", login, cpu, idle);
            }
            twilio.ledger().awaitMessages(PEOPLE + SIGN_INS, java.time.Duration.ofSeconds(30));
            note("sms-dispatcher", dispatcher, dispatcherCpu, dispatcherIdle);
        }
    }

    private Node role(Role role, Path own, Map<String, String> settings) throws Exception {
        Path keys = own.resolve("keys-" + role);
        new KeyFolder(own.resolve("keys")).export(EnumSet.of(role), keys);
        Map<String, String> all = new HashMap<>(settings);
        all.put("SALLYPORT_ROLES", role.toString());
        all.put("SALLYPORT_KEYS_DIR", keys.toString());
        return Node.start(jar, javaOptions, folder, all);
    }

    private void note(String name, Node node, long cpuMillis, long idle) throws IOException {
        figures.computeIfAbsent(name, first -> new ArrayList<>())
                .add(new Figures(node.startToReady().toMillis(), cpuMillis, idle, node.residentMegabytes()));
    }

    private synchronized String newName() {
        return "person" + ++count + "@example.com";
    }

    private String signUp(SiteClient browser) {
        String name = newName();
        expect(303, browser.submit("/sign-up", "username", name, "password1", PASSWORD, "password2", PASSWORD));
        return name;
    }

    private String withPhone(SiteClient browser, int number, FakeTwilio twilio) throws InterruptedException {
        String name = signUp(browser);
        String phone = "+1415267%04d".formatted(number);
        expect(303, browser.submit("/enable-tfa-via-sms", "phone_number", phone));
        while (twilio.ledger().messagesTo(phone).isEmpty()) {
            Thread.sleep(5);
        }
        String code = twilio.ledger().messagesTo(phone).getLast().body().substring(0, 6);
        expect(303, browser.submit("/enable-tfa-via-sms", "token", code));
        return name;
    }

    private void signIn(List<String> people, Node node, int times) throws Exception {
        inParallel(times, i -> {
            String name = people.get(i % people.size());
            return expect(303, new SiteClient(node.url()).submit("/", "username", name, "password", PASSWORD));
        });
    }

    private interface Step {
        Object take(int number) throws Exception;
    }

    private static void inParallel(int times, Step step) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Object>> all = IntStream.range(0, times)
                    .mapToObj(i -> clients.submit(() -> step.take(i)))
                    .toList();
            for (Future<Object> one : all) {
                one.get();
            }
        }
    }

    private static int expect(int status, HttpResponse<String> response) {
        if (response.statusCode() != status) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return status;
    }

    private Path newFolder() throws IOException {
        return Files.createTempDirectory(folder, "run-");
    }

    private void print(PrintStream out) {
        out.println("| process | ready (s) | CPU until then (s) | resident idle (MB) | after the load (MB) |");
        out.println("| --- | --- | --- | --- | --- |");
        figures.forEach((name, all) -> out.printf(
                "| %s | %s | %s | %s | %s |%n",
                name,
                seconds(all.stream().map(Figures::millis).sorted().toList()),
                seconds(all.stream().map(Figures::cpuMillis).sorted().toList()),
                whole(all.stream().map(Figures::idle).sorted().toList()),
                whole(all.stream().map(Figures::loaded).sorted().toList())));
    }

    private static String seconds(List<Long> sorted) {
        return "%.2f, at most %.2f".formatted(sorted.get(sorted.size() / 2) / 1000.0, sorted.getLast() / 1000.0);
    }

    private static String whole(List<Long> sorted) {
        return "%d, at most %d".formatted(sorted.get(sorted.size() / 2), sorted.getLast());
    }
}
