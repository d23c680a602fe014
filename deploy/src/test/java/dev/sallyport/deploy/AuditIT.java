package dev.sallyport.deploy;

import static dev.sallyport.deploy.Visit.expect;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sallyport.deploy.EventTable.Row;
import dev.sallyport.deploy.Visit.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor reads is what happened: the table of {@code docs/events.md}, row by row, and nothing else. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditIT {

    private static final List<Visit> VISITS = new ArrayList<>();

    private static final String STORY = """
            account.created
            signed-in [Password] 0-1 session A
            factor.bound [OTP] 1-2 session A
            sms.consented session A challenge B
            second-factor.sent [SMS] session A challenge B message C
            factor.bound [SMS] 2-2 session A challenge B
            signed-out 2-0 session A
            password.accepted [Password] 0-1 challenge D
            second-factor.sent [SMS] challenge D message E
            second-factor.refused [OTP, SMS] challenge D
            second-factor.accepted [SMS] 1-2 challenge D
            signed-in [Password, SMS] 0-2 session F
            password.accepted [Password] 2-2 session F
            factor.unbound [OTP] 2-2 session F
            signed-out 2-0 session F""";

    @TempDir
    private static Path folder;

    private static OwnBrokerSite own;
    private static EventTap tap;
    private static EventContract contract;

    @BeforeAll
    static void start() throws IOException {
        own = OwnBrokerSite.start(folder);
        tap = new EventTap(
                own.broker().bootstrapServers(),
                "sallyport.audit",
                "sallyport.sms.send",
                "sallyport.sms.outcome",
                "sallyport.sms.verified",
                "sallyport.sms.dead-letter");
        contract = new EventContract();
    }

    @AfterAll
    static void stop() {
        VISITS.forEach(Visit::left);
        tap.close();
        own.close();
    }

    private static Visit visit(TestPlatform site) {
        Visit visit = new Visit(site, VISITS.size() + 1);
        VISITS.add(visit);
        return visit;
    }

    /** Whatever has come so far is a CloudEvent as its schema allows, and somebody of this test caused it. */
    @AfterEach
    void everyRecordIsAsItShouldBe() {
        tap.seen().forEach(seen -> assertEquals(List.of(), contract.problems(seen)));
        List<Seen> strange = tap.seen(seen -> seen.topic().equals("sallyport.audit")
                && VISITS.stream()
                        .noneMatch(visit -> Stream.of(Part.values()).anyMatch(part -> visit.caused(part, seen))));
        assertEquals(List.of(), strange);
        assertEquals(List.of(), tap.seen(seen -> seen.topic().equals("sallyport.sms.dead-letter")));
    }

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new TreeMap<>(LoginScenarios.all());
        all.putAll(EnrollmentScenarios.all());
        all.putAll(AnyPageScenarios.all());
        return all;
    }

    private static Map<String, Scenario> withoutKafka() {
        Map<String, Scenario> all = new TreeMap<>(LoginScenarios.WITHOUT_KAFKA);
        all.putAll(EnrollmentScenarios.WITHOUT_KAFKA);
        return all;
    }

    @Test
    @Order(1)
    void everyRowIsPlayedAndEveryScenarioIsARow() throws IOException {
        Set<String> played = new TreeSet<>(scenarios().keySet());
        played.addAll(withoutKafka().keySet());
        played.add("POST /disable-tfa-via-app: the last one, where one is required");
        assertEquals(
                String.join("\n", played),
                EventTable.read().stream().map(Row::name).sorted().collect(Collectors.joining("\n")));
    }

    @Test
    @Order(2)
    void everyRouteHasARowAndEveryRowARoute() throws IOException {
        Set<String> posts = new TreeSet<>(own.platform().platform().routeTable());
        posts.removeIf(route -> route.startsWith("GET "));
        assertTrue(posts.stream().allMatch(route -> route.startsWith("POST /")), posts::toString);
        Set<String> rows = EventTable.read().stream()
                .map(Row::route)
                .filter(route -> route.startsWith("POST /"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(posts, rows);
    }

    @TestFactory
    @Order(3)
    Stream<DynamicTest> aRowLeavesExactlyItsEvents() throws IOException {
        Map<String, Scenario> scenarios = scenarios();
        return EventTable.read().stream()
                .filter(row -> scenarios.containsKey(row.name()))
                .map(row -> dynamicTest(
                        row.name(),
                        () -> assertAll(row.name(), () -> play(row, scenarios.get(row.name()), own.platform()))));
    }

    @Test
    @Order(4)
    void theLastFactorThatIsKeptLeavesNothing() throws Exception {
        Row row = row("POST /disable-tfa-via-app: the last one, where one is required");
        try (TestPlatform strict = own.another(Map.of("SALLYPORT_POLICY_SECOND_FACTOR", "required"))) {
            play(row, EnrollmentScenarios.lastOneIsKept(), strict);
            VISITS.getLast().left();
        }
    }

    private static Row row(String name) throws IOException {
        return EventTable.read().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void play(Row row, Scenario scenario, TestPlatform site) throws Exception {
        Visit visit = visit(site);
        Scenario.Act act = scenario.prepare(visit);
        Instant from = site.clock().instant();
        visit.turnTo(Part.NOW);
        act.run();
        String address = visit.address();
        Instant to = site.clock().instant();
        visit.mark();
        Seen mark = tap.await(1, seen -> visit.caused(Part.AFTER, seen)).getFirst();
        List<Seen> left = tap.seen(seen -> visit.caused(Part.NOW, seen));
        Telling.assertRow(row, visit, left);
        for (Seen seen : left) {
            assertEquals(mark.partition(), seen.partition());
            assertTrue(seen.offset() < mark.offset(), "came late: " + seen);
            if (seen.at("actor.app_name").isEmpty()) {
                assertEquals(address, seen.at("src_endpoint.ip"));
                Instant time = Instant.parse(seen.header("ce_time"));
                assertFalse(time.isBefore(from.minusMillis(1)) || time.isAfter(to), "another time: " + seen);
            }
        }
    }

    /** All rows of an outage in one: what could not be told then is told, once, when Kafka is back. */
    @Test
    @Order(5)
    void whileKafkaIsAwayNothingIsLostAndNothingIsSent() throws Exception {
        Map<String, Visit> visits = new TreeMap<>();
        List<Scenario.Act> acts = new ArrayList<>();
        for (Map.Entry<String, Scenario> entry : withoutKafka().entrySet()) {
            Visit visit = visit(own.platform());
            visits.put(entry.getKey(), visit);
            acts.add(entry.getValue().prepare(visit));
            visit.turnTo(Part.NOW);
        }
        tap.await(0, seen -> true);
        own.broker().stop();
        inParallel(acts);
        own.broker().start();
        own.platform().clock().advance(Duration.ofSeconds(10));
        for (Map.Entry<String, Visit> entry : visits.entrySet()) {
            Row row = row(entry.getKey());
            Visit visit = entry.getValue();
            tap.await(row.events().size(), seen -> visit.caused(Part.NOW, seen));
            visit.mark();
            tap.await(1, seen -> visit.caused(Part.AFTER, seen));
            List<Seen> left = new ArrayList<>(tap.seen(seen -> visit.caused(Part.NOW, seen)));
            left.sort(Comparator.comparing(seen -> seen.body().getLong("time")));
            Telling.assertRow(row, visit, left);
        }
    }

    @Test
    @Order(6)
    void ofManyPeopleAtOnceEachOnesEventsKeepTheirOrder() throws Exception {
        List<Visit> people = new ArrayList<>();
        List<Scenario.Act> acts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Visit visit = visit(own.platform());
            people.add(visit);
            acts.add(() -> {
                visit.signUp();
                for (int round = 0; round < 2; round++) {
                    expect(303, visit.person.signOut());
                    expect(401, visit.person.signIn("a password of somebody else"));
                    visit.signIn();
                }
            });
        }
        inParallel(acts);
        List<String> expected = new ArrayList<>(List.of("account.created", "signed-in"));
        for (int round = 0; round < 2; round++) {
            expected.addAll(List.of("signed-out", "password.refused", "password.accepted", "signed-in"));
        }
        for (Visit visit : people) {
            visit.mark();
            tap.await(1, seen -> visit.caused(Part.AFTER, seen));
            assertEquals(
                    expected,
                    tap.seen(seen -> visit.caused(Part.BEFORE, seen)).stream()
                            .map(Seen::type)
                            .toList());
        }
    }

    @Test
    @Order(7)
    void aPersonCanBeFollowedFromDoorToDoor() throws Exception {
        Visit visit = visit(own.platform());
        visit.signUp();
        visit.bindApp();
        visit.bindPhone();
        expect(303, visit.person.signOut());
        visit.signIn();
        expect(303, visit.person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend"));
        String code = visit.textedCode(2);
        visit.wrongText();
        expect(303, visit.person.enter(code));
        expect(303, visit.person.browser.submit("/confirm-password", "password", Person.PASSWORD));
        expect(303, visit.person.browser.submitFrom("/logout", "/disable-tfa-via-app"));
        expect(303, visit.person.signOut());
        visit.mark();
        tap.await(1, seen -> visit.caused(Part.AFTER, seen));
        assertEquals(STORY, Telling.story(tap.seen(seen -> visit.caused(Part.BEFORE, seen))));
    }

    private static void inParallel(List<Scenario.Act> acts) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (Scenario.Act act : acts) {
                all.add(threads.submit(() -> {
                    act.run();
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    @Order(9)
    void nothingSecretIsInAnyRecord() {
        Set<String> secrets = new HashSet<>();
        VISITS.forEach(visit -> secrets.addAll(visit.secrets()));
        assertTrue(secrets.size() > 100, secrets.size() + " secrets");
        String name = VISITS.getFirst().person.name;
        assertTrue(tap.seen().stream()
                .anyMatch(seen -> !Secrets.in(seen.text(), List.of(name)).isEmpty()));
        for (Seen seen : tap.seen()) {
            assertEquals(List.of(), Secrets.in(seen.text(), secrets), seen::toString);
        }
    }
}
