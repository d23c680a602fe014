package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.totp.TotpSecret;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What attackers and accidents send. */
class SecurityIT {

    private static final String FORM = "application/x-www-form-urlencoded";

    private final TestPlatform site = TestPlatform.shared();

    @Test
    void aHundredSubmissionsOfOneRightAppCodeOnTwoNodesEnterOnce() throws Exception {
        Person person = Person.signedUp(site);
        TotpSecret key = person.bindApp();
        person.signOut();
        site.clock().advance(Duration.ofSeconds(30));
        person.signIn();
        assertEquals(1, entries(person, person.code(key)));
    }

    @Test
    void aHundredSubmissionsOfOneRightTextCodeOnTwoNodesEnterOnce() throws Exception {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        person.signIn();
        assertEquals(1, entries(person, person.receivedCode(2)));
    }

    /** How many of a hundred submissions at once get in. */
    private long entries(Person person, String code) throws Exception {
        Platform other = site.anotherNode();
        try {
            String csrf = person.browser.csrf("/verify-tfa");
            List<SiteClient> nodes = List.of(person.browser, person.browser.at("http://localhost:" + other.httpPort()));
            HttpRequest.Builder[] requests = new HttpRequest.Builder[100];
            String cookies = "sallyport-challenge="
                    + person.browser.cookie("sallyport-challenge").orElseThrow() + "; sallyport-browser="
                    + person.browser.cookie("sallyport-browser").orElseThrow();
            List<HttpResponse<String>> answers = atOnce(100, i -> {
                SiteClient fresh = new SiteClient(nodes.get(i % 2).uri("").toString());
                requests[i] = fresh.form("/verify-tfa", csrf, "token", code).header("Cookie", cookies);
                return fresh.send(requests[i]);
            });
            return answers.stream().filter(answer -> answer.statusCode() == 303).count();
        } finally {
            other.stop();
        }
    }

    @Test
    void twoSignUpsAtOnceMakeOneAccount() throws Exception {
        Person person = Person.stranger(site);
        List<HttpResponse<String>> answers = atOnce(2, i -> site.visitor()
                .submit(
                        "/sign-up",
                        "username",
                        person.name,
                        "password1",
                        Person.PASSWORD,
                        "password2",
                        Person.PASSWORD));
        List<Integer> statuses =
                answers.stream().map(HttpResponse::statusCode).sorted().toList();
        assertEquals(List.of(303, 409), statuses);
    }

    @Test
    void aFormCountsOnlyWithItsOwnTokenFromItsOwnOrigin() {
        Person person = Person.signedUp(site);
        SiteClient browser = person.browser;
        String csrf = browser.csrf("/logout");
        String foreign = Person.signedUp(site).browser.csrf("/logout");
        for (String wrong : List.of("", "x", foreign, csrf + "A")) {
            assertEquals(403, browser.post("/logout", wrong).statusCode());
        }
        for (String origin : List.of("https://evil.example", "null", "http://localhost.evil.example")) {
            assertEquals(
                    403,
                    browser.send(browser.form("/logout", csrf).header("Origin", origin))
                            .statusCode());
        }
        for (String fetchSite : List.of("cross-site", "same-site")) {
            assertEquals(
                    403,
                    browser.send(browser.form("/logout", csrf).header("Sec-Fetch-Site", fetchSite))
                            .statusCode());
        }
        assertEquals(200, browser.get("/user").statusCode());
        assertEquals(
                303,
                browser.send(browser.form("/logout", csrf)
                                .header("Origin", site.url())
                                .header("Sec-Fetch-Site", "same-origin"))
                        .statusCode());
    }

    @Test
    void eachDoorGivesANewTokenAndTheOldOneIsDead() {
        Person person = Person.signedUp(site);
        String first = person.browser.cookie("sallyport-session").orElseThrow();
        person.bindApp();
        String second = person.browser.cookie("sallyport-session").orElseThrow();
        assertNotEquals(first, second);
        assertEquals(303, withSession(first).get("/user").statusCode());
        assertEquals(200, withSession(second).get("/user").statusCode());
        person.signOut();
        assertEquals(303, withSession(second).get("/user").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "null", "../../etc/passwd", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void cookiesThatWeNeverMadeAreNobody(String value) {
        SiteClient browser = withSession(value);
        assertEquals(303, browser.get("/user").statusCode());
        assertEquals(200, browser.get("/").statusCode());
    }

    @Test
    void aStageIsNoSession() {
        Person person = Person.signedUp(site);
        person.bindApp();
        person.signOut();
        person.signIn();
        String stage = person.browser.cookie("sallyport-challenge").orElseThrow();
        assertEquals(303, withSession(stage).get("/user").statusCode());
        assertEquals(303, person.browser.get("/user").statusCode());
    }

    @Test
    void badRequestsGetACalmAnswerWithTheRightStatus() {
        SiteClient browser = site.visitor();
        String csrf = browser.csrf("/");
        String large = "x".repeat(17 * 1024);
        assertEquals(
                413, browser.post("/", csrf, "username", large, "password", "x").statusCode());
        HttpResponse<String> wrongMethod =
                browser.send(HttpRequest.newBuilder(browser.uri("/sign-up")).DELETE());
        assertEquals(405, wrongMethod.statusCode());
        assertEquals(
                "GET, HEAD, POST", wrongMethod.headers().firstValue("Allow").orElse(""));
        HttpRequest.Builder json = HttpRequest.newBuilder(browser.uri("/"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"x\"}"));
        assertEquals(415, browser.send(json).statusCode());
        HttpRequest.Builder damaged = HttpRequest.newBuilder(browser.uri("/"))
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofString("csrf=%zz&username=%"));
        int status = browser.send(damaged).statusCode();
        assertTrue(status == 400 || status == 403, "status " + status);
        assertEquals(404, browser.get("/../../etc/passwd").statusCode());
    }

    @Test
    void everyAnswerHasTheSafetyHeaders() {
        SiteClient browser = site.visitor();
        for (String path : List.of("/", "/sign-up", "/no-such-page", "/verify-tfa", "/user")) {
            HttpResponse<String> response = browser.get(path);
            Map<String, String> wanted = Map.of(
                    "X-Content-Type-Options", "nosniff",
                    "Cache-Control", "no-store",
                    "X-Frame-Options", "DENY",
                    "Referrer-Policy", "same-origin");
            wanted.forEach((name, value) ->
                    assertEquals(value, response.headers().firstValue(name).orElse(""), path));
            String csp =
                    response.headers().firstValue("Content-Security-Policy").orElse("");
            assertTrue(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'"), csp);
            assertTrue(!csp.contains("unsafe"), csp);
        }
    }

    @Test
    void onHttpsCookiesBelongToThisHostAlone() {
        Map<String, String> https = Map.of("SALLYPORT_PUBLIC_URL", "https://login.example.com");
        try (TestPlatform own = TestPlatform.start(https)) {
            HttpResponse<String> response = own.visitor().get("/");
            String cookie = response.headers().firstValue("Set-Cookie").orElse("");
            assertTrue(cookie.startsWith("__Host-sallyport-browser="), cookie);
            assertTrue(cookie.contains("Secure") && cookie.contains("HTTPOnly") && cookie.contains("SameSite=Lax"));
            assertTrue(
                    response.headers().firstValue("Strict-Transport-Security").isPresent());
        }
    }

    @Test
    void guessingIsDelayedForThePairAndNotForTheOwnerElsewhere() {
        Map<String, String> proxied = Map.of("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1");
        try (TestPlatform own = TestPlatform.start(proxied)) {
            Person owner = Person.signedUp(own);
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        401, signInFrom(own, "203.0.113.9", owner.name, "wrong").statusCode());
            }
            HttpResponse<String> delayed = signInFrom(own, "203.0.113.9", owner.name, Person.PASSWORD);
            assertEquals(429, delayed.statusCode());
            assertTrue(delayed.headers().firstValue("Retry-After").isPresent());
            assertEquals(
                    303,
                    signInFrom(own, "198.51.100.7", owner.name, Person.PASSWORD).statusCode());
            own.clock().advance(Duration.ofSeconds(2));
            assertEquals(
                    303,
                    signInFrom(own, "203.0.113.9", owner.name, Person.PASSWORD).statusCode());
        }
    }

    @Test
    void anUnknownNameIsDelayedLikeAKnownOne() {
        Map<String, String> proxied = Map.of("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1");
        try (TestPlatform own = TestPlatform.start(proxied)) {
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        401,
                        signInFrom(own, "203.0.113.9", "nobody-at-all", "wrong").statusCode());
            }
            assertEquals(
                    429,
                    signInFrom(own, "203.0.113.9", "nobody-at-all", "wrong").statusCode());
        }
    }

    @Test
    void fiveWrongCodesEndTheChallengeAndAskingAgainGivesNoneBack() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        person.signIn();
        String right = person.receivedCode(2);
        String wrong = right.equals("000000") ? "111111" : "000000";
        for (int i = 0; i < 3; i++) {
            assertEquals(401, person.enter(wrong).statusCode());
        }
        site.clock().advance(Duration.ofSeconds(30));
        assertEquals(
                303,
                person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend").statusCode());
        assertEquals(401, person.enter(wrong).statusCode());
        String csrf = person.browser.csrf("/verify-tfa");
        assertEquals(
                401, person.browser.post("/verify-tfa", csrf, "token", wrong).statusCode());
        HttpResponse<String> over = person.browser.post("/verify-tfa", csrf, "token", right);
        assertEquals(401, over.statusCode());
        assertEquals(303, person.browser.get("/user").statusCode());
    }

    @Test
    void aCodeIsBoundToItsSignIn() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        person.signIn();
        String first = person.receivedCode(2);
        Person elsewhere = person.elsewhere();
        elsewhere.signIn();
        elsewhere.receivedCode(3);
        assertEquals(401, elsewhere.enter(first).statusCode());
        assertEquals(303, person.enter(first).statusCode());
    }

    @Test
    void withoutASecondFactorWhereOneIsRequiredOnlyBindingIsLeft() {
        try (TestPlatform own = TestPlatform.start(Map.of("SALLYPORT_POLICY_SECOND_FACTOR", "required"))) {
            Person person = Person.signedUp(own);
            HttpResponse<String> account = person.browser.get("/user");
            assertEquals("/enable-tfa-via-app", SiteClient.location(account));
            assertEquals(200, person.browser.get("/enable-tfa-via-sms").statusCode());
            assertEquals(200, person.browser.get("/logout").statusCode());
            person.bindApp();
            assertEquals(200, person.browser.get("/user").statusCode());
            assertEquals(
                    409,
                    person.browser.submitFrom("/logout", "/disable-tfa-via-app").statusCode());
        }
    }

    @Test
    void aSessionFromBeforeTheSecondStepCannotTakeItAway() {
        Person owner = Person.signedUp(site);
        Person thief = owner.elsewhere();
        thief.signIn();
        owner.bindApp();
        assertEquals(403, thief.browser.get("/enable-tfa-via-app").statusCode());
        assertEquals(403, thief.browser.get("/enable-tfa-via-sms").statusCode());
        assertEquals(
                403, thief.browser.submitFrom("/user", "/disable-tfa-via-app").statusCode());
        assertEquals("/verify-tfa", SiteClient.location(owner.elsewhere().signIn()));
    }

    @Test
    void aSessionThatCameInByAFactorThatIsGoneChangesNothing() throws Exception {
        Person owner = Person.signedUp(site);
        owner.bindPhone();
        Person thief = owner.elsewhere();
        thief.signIn();
        assertEquals("/user", SiteClient.location(thief.enter(owner.receivedCode(2))));
        assertEquals(200, thief.browser.get("/enable-tfa-via-app").statusCode());
        owner.bindApp();
        assertEquals(
                303, owner.browser.submitFrom("/user", "/disable-tfa-via-sms").statusCode());
        assertEquals(403, thief.browser.get("/enable-tfa-via-app").statusCode());
        assertEquals(
                403, thief.browser.submitFrom("/user", "/disable-tfa-via-app").statusCode());
        assertEquals(200, owner.browser.get("/enable-tfa-via-app").statusCode());
    }

    private SiteClient withSession(String value) {
        SiteClient browser = site.visitor();
        browser.setCookie("sallyport-session", value);
        return browser;
    }

    private static HttpResponse<String> signInFrom(TestPlatform own, String address, String name, String password) {
        SiteClient browser = own.visitor();
        HttpRequest.Builder form = browser.form("/", browser.csrf("/"), "username", name, "password", password);
        return browser.send(form.header("X-Forwarded-For", address));
    }

    private interface Indexed<T> {
        T call(int index) throws Exception;
    }

    private static <T> List<T> atOnce(int count, Indexed<T> work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                Callable<T> task = () -> {
                    start.await();
                    return work.call(index);
                };
                futures.add(threads.submit(task));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
