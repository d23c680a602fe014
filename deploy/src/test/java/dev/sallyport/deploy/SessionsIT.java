package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.OpaqueToken;
import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.session.Pass;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One session on two nodes, each of which remembers it for a moment. */
class SessionsIT {

    private static final String COOKIE = "sallyport-session";
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** What a node remembers, and as long as a request may take. */
    private static final Duration WITHOUT_NEWS = Duration.ofSeconds(5).plus(SECOND);

    private static final FaultyServers SERVERS = FaultyServers.shared();

    private static final String WIKI = "wiki.localhost";

    private static TestPlatform site;
    private static Platform other;

    @BeforeAll
    static void start() throws InterruptedException {
        Map<String, String> settings = new HashMap<>(SERVERS.settings("sessions"));
        settings.put("SALLYPORT_AUTHZ_RULES_WIKI_HOST", WIKI);
        site = TestPlatform.start(settings);
        other = site.anotherNode();
        awaitNews();
    }

    /** Until each node hears at once of what ends at the other. */
    private static void awaitNews() throws InterruptedException {
        Await.until(Duration.ofSeconds(40), () -> isHeard(site.url(), otherNode()) && isHeard(otherNode(), site.url()));
    }

    private static boolean isHeard(String from, String to) {
        Person person = Person.signedUp(site);
        SiteClient thief = thiefAt(to, person);
        assertEquals(200, thief.get("/user").statusCode());
        person.browser.at(from).submit("/logout");
        long end = System.nanoTime() + SECOND.toNanos();
        while (!isOut(thief) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return isOut(thief);
    }

    @AfterAll
    static void stop() {
        other.stop();
        site.close();
    }

    @AfterEach
    void restore() throws InterruptedException {
        SERVERS.restore();
        awaitNews();
    }

    private static String otherNode() {
        return "http://localhost:" + other.httpPort();
    }

    /** A browser with a copy of the cookie, which no sign-out takes away. */
    private static SiteClient thiefAtTheOtherNode(Person person) {
        return thiefAt(otherNode(), person);
    }

    private static SiteClient thiefAt(String node, Person person) {
        SiteClient thief = new SiteClient(node);
        thief.setCookie(COOKIE, person.browser.cookie(COOKIE).orElseThrow());
        return thief;
    }

    private static boolean isOut(SiteClient browser) {
        HttpResponse<String> answer = browser.get("/user");
        assertTrue(answer.statusCode() == 200 || answer.statusCode() == 303, answer.body());
        return answer.statusCode() == 303 && SiteClient.location(answer).equals("/?ended");
    }

    private static void assertIn(SiteClient browser) {
        assertEquals(200, browser.get("/user").statusCode());
    }

    @Test
    void whatEndsAtOneNodeIsOverAtTheOtherWithinASecond() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            Person person = Person.signedUp(site);
            SiteClient thief = thiefAtTheOtherNode(person);
            assertIn(thief);
            assertEquals(303, person.signOut().statusCode());
            Await.until(SECOND, () -> isOut(thief));
            assertTrue(isOut(thief));
        }
    }

    @Test
    void aPersonSeesWhereTheyAreSignedInAndEndsOne() throws InterruptedException {
        Person person = Person.signedUp(site);
        SiteClient phone = new SiteClient(
                otherNode(),
                () -> Map.of("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) Version/18.5 Safari/604.1"));
        assertEquals(
                303,
                phone.submit("/", "username", person.name, "password", Person.PASSWORD)
                        .statusCode());
        assertIn(phone);
        String page = person.browser.get("/user/sessions").body();
        assertTrue(page.contains("Safari on iPhone") && page.contains("127.0.0.1"), page);
        assertEquals(1, person.otherSessions().size());
        person.endSession(person.otherSessions().getFirst());
        assertIn(person.browser);
        Await.until(SECOND, () -> isOut(phone));
        assertFalse(person.browser.get("/user/sessions").body().contains("iPhone"));
    }

    @Test
    void whoeverElseIsSignedInAnywhereIsSentAwayAtOnce() throws InterruptedException {
        Person person = Person.signedUp(site);
        List<SiteClient> elsewhere = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Person again = person.elsewhere();
            assertEquals(303, again.signIn().statusCode());
            SiteClient there = again.browser.at(otherNode());
            assertIn(there);
            elsewhere.add(there);
        }
        assertEquals(
                "/user/sessions?all-ended",
                SiteClient.location(person.browser.submitFrom("/user/sessions", "/user/sessions/end-others")));
        for (SiteClient browser : elsewhere) {
            Await.until(SECOND, () -> isOut(browser));
        }
        assertIn(person.browser);
        assertIn(person.browser.at(otherNode()));
    }

    @Test
    void nobodyEndsTheSessionOfSomebodyElse() {
        Person owner = Person.signedUp(site);
        Person again = owner.elsewhere();
        again.signIn();
        String handle = owner.otherSessions().getFirst();
        Person stranger = Person.signedUp(site);
        stranger.endSession(handle);
        assertIn(owner.browser);
        assertIn(again.browser);
    }

    @Test
    void anOperatorSignsSomebodyOutEverywhere() throws InterruptedException {
        Person person = Person.signedUp(site);
        SiteClient there = person.browser.at(otherNode());
        assertIn(person.browser);
        assertIn(there);
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        assertEquals(
                0,
                Sallyport.run(
                        new String[] {"users", "sign-out", person.name.toUpperCase(Locale.ROOT)},
                        site.environment(),
                        writer,
                        writer),
                out::toString);
        assertTrue(out.toString().contains("1 session ended."), out.toString());
        Await.until(SECOND, () -> isOut(person.browser));
        Await.until(SECOND, () -> isOut(there));
    }

    @Test
    void aCookieFromBeforeAFactorWasBoundIsDeadAtBothNodes() throws InterruptedException {
        Person person = Person.signedUp(site);
        SiteClient thief = thiefAtTheOtherNode(person);
        assertIn(thief);
        person.bindApp();
        Await.until(SECOND, () -> isOut(thief));
        assertIn(person.browser.at(otherNode()));
    }

    @Test
    void anEndedSessionIsNeverWrittenBackHoweverManyAskAtThatMoment() throws Exception {
        for (int round = 0; round < 5; round++) {
            Person person = Person.signedUp(site);
            List<SiteClient> thieves = List.of(
                    thiefAtTheOtherNode(person), thiefAtTheOtherNode(person).at(site.url()));
            AtomicBoolean asking = new AtomicBoolean(true);
            AtomicInteger asked = new AtomicInteger();
            List<Future<?>> answers = new ArrayList<>();
            // Closed in the reverse order: first nobody asks any more, then all have ended.
            try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
                    AutoCloseable _ = () -> asking.set(false)) {
                for (int i = 0; i < 8; i++) {
                    SiteClient thief = thieves.get(i % 2);
                    answers.add(askers.submit(() -> {
                        while (asking.get()) {
                            isOut(thief);
                            asked.incrementAndGet();
                        }
                    }));
                }
                Await.until(SECOND, () -> asked.get() > 16);
                person.signOut();
                for (SiteClient thief : thieves) {
                    Await.until(SECOND, () -> isOut(thief));
                }
                for (int i = 0; i < 50; i++) {
                    assertTrue(isOut(thieves.get(i % 2)), "once it is over, it stays over");
                }
            }
            for (Future<?> answer : answers) {
                answer.get();
            }
        }
    }

    @Test
    void withoutKafkaWhatEndsAtOneNodeIsOverAtTheOtherAfterFiveSeconds() throws InterruptedException {
        Person person = Person.signedUp(site);
        SiteClient thief = thiefAtTheOtherNode(person);
        SERVERS.toKafka().refuse();
        assertIn(thief);
        assertEquals(303, person.signOut().statusCode());
        Await.until(WITHOUT_NEWS, () -> isOut(thief));
    }

    @Test
    void withoutTheStoreNobodyIsAcceptedForLongerThanFiveSeconds() throws InterruptedException {
        Person person = Person.signedUp(site);
        SiteClient there = person.browser.at(otherNode());
        assertIn(there);
        SERVERS.toMongo().refuse();
        assertEquals(200, there.get("/logout").statusCode(), "remembered");
        Await.until(WITHOUT_NEWS, () -> there.get("/logout").statusCode() == 503);
        assertTrue(there.get("/logout").headers().firstValue("Retry-After").isPresent());
        SERVERS.restore();
        Await.until(Duration.ofSeconds(15), () -> there.get("/user").statusCode() == 200);
    }

    /** The proxy is told to wait, and the operators' alert hears of it. */
    @Test
    void withoutTheStoreAProxyIsToldToAskAgainAndNeverToLetThrough() throws InterruptedException {
        String stranger = new Pass(UUID.randomUUID().toString(), OpaqueToken.random(new SecureRandom())).text();
        assertEquals(401, check(stranger).statusCode());
        SERVERS.toMongo().refuse();
        Await.until(WITHOUT_NEWS, () -> check(stranger).statusCode() == 503);
        assertTrue(check(stranger).headers().firstValue("Retry-After").isPresent());
        String metrics = new SiteClient("http://127.0.0.1:" + site.platform().managementPort())
                .get("/metrics")
                .body();
        assertTrue(
                Pattern.compile("sallyport_authz_checks_total\\{outcome=\"unavailable\"} [1-9]")
                        .matcher(metrics)
                        .find(),
                metrics);
        SERVERS.restore();
        Await.until(Duration.ofSeconds(15), () -> check(stranger).statusCode() == 401);
    }

    private static HttpResponse<String> check(String token) {
        SiteClient proxy = new SiteClient(
                "http://127.0.0.1:" + site.platform().authzPort(),
                () -> Map.of(
                        "X-Original-URL",
                        "http://" + WIKI + "/",
                        "X-Original-Method",
                        "GET",
                        "Cookie",
                        "sallyport-site=" + token));
        return proxy.get("/authz/forward-auth");
    }

    @Test
    void aTokenOfAnotherDeploymentIsNobody() {
        Person stranger = Person.signedUp(TestPlatform.shared());
        SiteClient here = new SiteClient(site.url());
        here.setCookie(COOKIE, stranger.browser.cookie(COOKIE).orElseThrow());
        assertTrue(isOut(here));
    }
}
