package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.totp.TotpSecret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MongoDB away: everybody is told to come back, soon and calmly, and nobody comes in. */
@Tag("long")
class StoreFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration RECOVERY = Duration.ofSeconds(15);

    private static final FaultyServers SERVERS = FaultyServers.shared();

    private static TestPlatform site;

    @BeforeAll
    static void start() {
        site = TestPlatform.start(SERVERS.settings("store_faults"));
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @AfterEach
    void restore() {
        SERVERS.restore();
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheStoreNobodyComesInAndEverybodyIsToldToComeBack(Cable cable) throws Exception {
        Person member = Person.signedUp(site);
        Person between = Person.signedUp(site);
        TotpSecret key = between.bindApp();
        between.signOut();
        site.clock().advance(Duration.ofSeconds(30));
        between.signIn();
        Person stranger = Person.stranger(site);
        String doorToken = between.browser.csrf("/verify-tfa");
        String bindToken = member.browser.csrf("/enable-tfa-via-app");
        SiteClient operator =
                new SiteClient("http://127.0.0.1:" + site.platform().managementPort());
        cable.pull(SERVERS.toMongo());
        Map<String, Callable<HttpResponse<String>>> requests = Map.of(
                "sign-up", () -> stranger.browser.submit("/sign-up", stranger.signUpForm()),
                "right password", () -> member.elsewhere().signIn(),
                "wrong password", () -> member.elsewhere().signIn("not the password"),
                "unknown name", () -> stranger.elsewhere().signIn(),
                "right code", () -> between.browser.post("/verify-tfa", doorToken, "token", between.code(key)),
                "account page", () -> member.browser.get("/user"),
                "binding", () -> member.browser.post("/enable-tfa-via-app", bindToken, "token", "123456"));
        atOnce(requests).forEach(StoreFaultsIT::assertBusy);
        HttpResponse<String> ready = Await.within(PATIENCE, () -> operator.get("/health/ready"));
        assertEquals(503, ready.statusCode());
        assertTrue(ready.body().contains("\"mongo\":\"down\""), ready.body());
        assertEquals(200, operator.get("/health/live").statusCode());
        assertEquals(
                200,
                Await.within(Duration.ofSeconds(1), () -> site.visitor().get("/"))
                        .statusCode());
        SERVERS.restore();
        Await.until(RECOVERY, () -> operator.get("/health/ready").statusCode() == 200);
        assertEquals(200, member.browser.get("/user").statusCode());
        assertEquals(303, member.elsewhere().signIn().statusCode());
    }

    private static void assertBusy(String what, HttpResponse<String> answer) {
        assertEquals(503, answer.statusCode(), what + ": " + answer.body());
        assertTrue(answer.headers().firstValue("Retry-After").isPresent(), what);
        assertTrue(answer.body().contains("Busy just now"), what + ": " + answer.body());
        assertFalse(
                answer.headers().allValues("Set-Cookie").stream().anyMatch(cookie -> cookie.contains("session=")),
                what);
    }

    @Test
    void aCutConnectionCostsAtMostOneRequest() throws Exception {
        Person member = Person.signedUp(site);
        for (int i = 0; i < 5; i++) {
            SERVERS.toMongo().cut();
            Await.until(Duration.ofSeconds(3), () -> member.browser.get("/user").statusCode() == 200);
            SERVERS.toMongo().cut();
            Await.until(Duration.ofSeconds(3), () -> member.elsewhere().signIn().statusCode() == 303);
        }
    }

    /** Each answer by the name of its request; fails if one took too long. */
    private static Map<String, HttpResponse<String>> atOnce(Map<String, Callable<HttpResponse<String>>> requests)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<HttpResponse<String>>> answers = new TreeMap<>();
            requests.forEach(
                    (what, request) -> answers.put(what, threads.submit(() -> Await.within(PATIENCE, request))));
            Map<String, HttpResponse<String>> results = new TreeMap<>();
            List<String> late = new ArrayList<>();
            answers.forEach((what, answer) -> {
                try {
                    results.put(what, answer.get());
                } catch (Exception e) {
                    late.add(what + ": " + e.getCause());
                }
            });
            assertEquals(List.of(), late);
            return results;
        }
    }
}
