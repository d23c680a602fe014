package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.sallyport.deploy.Chromium.Look;
import dev.sallyport.deploy.SiteProxy.Kind;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protected sites behind proxies of several kinds, one of which asks another node. */
class ForwardAuthIT {

    private static final String SITE = "sallyport-site";
    private static final String NONCE = "sallyport-nonce";
    private static final Pattern TICKET = Pattern.compile("ticket=(.+)");

    private static final Map<Kind, SiteProxy> SITES = new HashMap<>();
    private static TestPlatform platform;
    private static Platform other;

    @BeforeAll
    static void start() {
        Map<String, String> rules = new HashMap<>();
        int last = 2;
        for (Kind kind : Kind.values()) {
            SiteProxy site = new SiteProxy(
                    kind, "127.0.0." + last++, TestPlatform.PORTS.take(), () -> authzPort(kind == Kind.ENVOY));
            SITES.put(kind, site);
            rule(rules, kind + "_ALL", site, Map.of());
            rule(rules, kind + "_ADMIN", site, Map.of("PATH", "/admin", "AAL", "2"));
            rule(rules, kind + "_MONEY", site, Map.of("PATH", "/money", "MAX_AGE", "5m"));
            rule(rules, kind + "_WRITE", site, Map.of("PATH", "/write", "METHODS", "POST,PUT", "AAL", "2"));
        }
        platform = TestPlatform.start(rules);
        other = platform.anotherNode();
    }

    private static int authzPort(boolean ofTheOther) {
        return (ofTheOther ? other : platform.platform()).authzPort();
    }

    private static void rule(Map<String, String> rules, String name, SiteProxy site, Map<String, String> settings) {
        String prefix = "SALLYPORT_AUTHZ_RULES_" + name + '_';
        rules.put(prefix + "HOST", site.host());
        settings.forEach((setting, value) -> rules.put(prefix + setting, value));
    }

    @AfterAll
    static void stop() {
        other.stop();
        platform.close();
        SITES.values().forEach(SiteProxy::close);
    }

    private static SiteProxy site(Kind kind) {
        return SITES.get(kind);
    }

    /** A browser that asks for pages. */
    private static SiteClient browser() {
        return new SiteClient(platform.url(), () -> Map.of("Accept", "text/html,*/*"));
    }

    /** Somebody with an account and a fresh browser in which nobody is signed in. */
    private static Person somebody() {
        Person person = Person.stranger(platform, browser());
        assertEquals(303, person.browser.submit("/sign-up", person.signUpForm()).statusCode());
        person.signOut();
        return person;
    }

    /** Signs in at the page to which a browser was led, and goes on from there. */
    private static Way signIn(Person person) {
        return Way.follow(person.browser, platform.url() + SiteClient.location(person.signIn()));
    }

    private static Way enter(Person person, String address) {
        assertEquals(door("/?", address), Way.follow(person.browser, address).address());
        return signIn(person);
    }

    /** A door that names the site of an address. */
    private static String door(String path, String address) {
        return platform.url() + path + "site=" + URI.create(address).getAuthority();
    }

    /** What the application saw of a header. */
    private static String header(Way way, String name) {
        Matcher line =
                Pattern.compile("(?mi)^" + name + ": (.*)$").matcher(way.end().body());
        List<String> values = line.results().map(found -> found.group(1)).toList();
        assertEquals(1, values.size(), name + " in " + way.end().body());
        return values.getFirst();
    }

    private static JsonObject claims(String assertion) {
        byte[] json = Base64.getUrlDecoder().decode(assertion.split("\\.", -1)[1]);
        return new JsonObject(new String(json, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void aBrowserIsLedThroughTheDoorToThePageThatItAskedFor(Kind kind) {
        Person person = somebody();
        String page = site(kind).url() + "/page?a=b%20c&d=/e";
        Way way = enter(person, page);
        assertEquals(page, way.address());
        assertEquals(200, way.end().statusCode());
        assertEquals(person.name, header(way, "Remote-User"));
        assertEquals("1", header(way, "Remote-Aal"));
        assertEquals("pwd", header(way, "Remote-Amr"));
        JsonObject claims = claims(header(way, "Sallyport-Assertion"));
        assertEquals(platform.url(), claims.getString("iss"));
        assertEquals(site(kind).host(), claims.getString("aud"));
        assertEquals(header(way, "Remote-Account"), claims.getString("sub"));
        assertEquals(person.name, claims.getString("preferred_username"));
        assertEquals(
                header(way, "Remote-Auth-Time"), claims.getLong("auth_time").toString());
        assertEquals(60, claims.getLong("exp") - claims.getLong("iat"));
    }

    /** Its rules for forms, cookies and redirects are stricter than those of our other browser. */
    @Test
    void aRealBrowserIsLedFromTheFormToTheOtherSite() {
        Person person = somebody();
        String address = site(Kind.NGINX).url() + "/page?a=b";
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.page(platform.url(), Look.WIDE);
            page.navigate(address);
            assertTrue(
                    page.content()
                            .contains("Sign in to go on to <bdi>"
                                    + site(Kind.NGINX).host() + "</bdi>."),
                    page::content);
            page.getByLabel("User name").fill(person.name);
            page.locator("#password").fill(Person.PASSWORD);
            page.locator("form button").last().click();
            page.waitForURL(address);
            assertTrue(page.content().contains("Remote-User: " + person.name), page::content);
            List<Cookie> cookies = page.context().cookies(address);
            assertEquals(
                    Set.of(SITE, NONCE),
                    cookies.stream().map(cookie -> cookie.name).collect(Collectors.toSet()));
            assertTrue(
                    cookies.stream().allMatch(cookie -> cookie.httpOnly && cookie.sameSite == SameSiteAttribute.LAX));
        }
    }

    @Test
    void theClosedWayInIsForEverybody() {
        try (Chromium chromium = new Chromium()) {
            for (Look look : Look.all()) {
                Page page = chromium.page(site(Kind.NGINX).url(), look);
                StringBuilder complaints = new StringBuilder();
                page.onConsoleMessage(message -> {
                    if (message.type().equals("error") && !message.text().contains("status of 403")) {
                        complaints.append(message.text()).append('\n');
                    }
                });
                page.navigate("/.sallyport/enter?ticket=none");
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(Path.of("target", "screenshots", "closed-" + look + ".png")));
                assertEquals("", complaints.toString());
                assertEquals(List.of(), Chromium.barriers(page), look::toString);
                assertEquals(
                        look.width(), page.evaluate("document.documentElement.scrollWidth"), look + " is too narrow");
                page.context().close();
            }
        }
    }

    @Test
    void everyDoorSaysWhichSiteAsksForItAndBelievesNoOtherName() {
        Person person = somebody();
        String host = site(Kind.NGINX).host();
        String named = "<bdi>" + host + "</bdi>";
        Map<String, String> said = Map.of(
                "/?", "Sign in to go on to " + named + '.',
                "/?again&", "Sign in again with your second step to go on to " + named + '.');
        Map<String, String> saidInside = Map.of(
                "/user?", named + " asks for a second step.",
                "/confirm-password?next=/enter&", "To go on to " + named + " enter your password again.");
        assertSaid(person, said, host);
        person.signIn();
        assertSaid(person, saidInside, host);
        HttpResponse<String> wrong = person.browser.submitFrom(
                "/confirm-password?site=" + host, "/confirm-password", "site", host, "password", "not it");
        assertEquals(401, wrong.statusCode());
        assertTrue(wrong.body().contains(named), wrong::body);
    }

    private static void assertSaid(Person person, Map<String, String> said, String host) {
        said.forEach((door, words) -> {
            String page = person.browser.get(door + "site=" + host).body();
            assertTrue(page.contains(words), page);
            for (String lie : List.of("evil.example", "", host + ".evil.example")) {
                HttpResponse<String> other = person.browser.get(door + "site=" + lie);
                assertFalse(other.body().contains("evil"), other::body);
                assertFalse(other.body().contains("<bdi>" + host), other::body);
            }
        });
    }

    @Test
    void whoIsSignedInIsLetIntoFurtherSitesWithoutAnyDoor() {
        Person person = somebody();
        enter(person, site(Kind.TRAEFIK).url() + "/");
        Way way = Way.follow(person.browser, site(Kind.ENVOY).url() + "/other");
        assertEquals(site(Kind.ENVOY).url() + "/other", way.address());
        assertEquals(200, way.end().statusCode());
        assertEquals(5, way.addresses().size(), way.addresses()::toString);
    }

    @Test
    void anAssertionIsKeptForHalfItsLife() {
        Person person = somebody();
        String page = site(Kind.TRAEFIK).url() + "/";
        String first = header(enter(person, page), "Sallyport-Assertion");
        assertEquals(first, header(Way.follow(person.browser, page), "Sallyport-Assertion"));
        platform.clock().advance(Duration.ofSeconds(31));
        assertNotEquals(first, header(Way.follow(person.browser, page), "Sallyport-Assertion"));
    }

    @Test
    void aTicketIsUsedOnce() {
        Person person = somebody();
        Way way = enter(person, site(Kind.TRAEFIK).url() + "/");
        String used = way.addresses().stream()
                .filter(address -> TICKET.matcher(address).find())
                .findFirst()
                .orElseThrow();
        HttpResponse<String> again = Way.get(person.browser, used);
        assertEquals(403, again.statusCode());
        assertTrue(again.body().contains("This way in is closed"));
        assertEquals(Optional.empty(), again.headers().firstValue("Set-Cookie"));
    }

    @Test
    void aTicketIsWorthNothingInAnotherBrowserOrAtAnotherSite() {
        Person person = somebody();
        String wiki = site(Kind.TRAEFIK).url();
        String shop = site(Kind.ENVOY).url();
        assertEquals(door("/?", wiki), Way.follow(person.browser, wiki + "/").address());
        person.signIn();
        String ticket = SiteClient.location(Way.get(person.browser, platform.url() + "/enter"));
        assertTrue(ticket.startsWith(wiki + "/.sallyport/enter?ticket="), ticket);

        SiteClient bare = browser();
        assertEquals(403, Way.get(bare, ticket).statusCode());
        SiteClient started = browser();
        Way.follow(started, wiki + "/");
        assertTrue(started.cookie(NONCE).isPresent());
        assertEquals(403, Way.get(started, ticket).statusCode());
        assertEquals(Optional.empty(), started.cookie(SITE));

        Way.follow(person.browser, shop + "/");
        assertEquals(403, Way.get(person.browser, ticket.replace(wiki, shop)).statusCode());
        assertEquals(
                302,
                Way.get(person.browser, ticket).statusCode(),
                "for whom and where it was made, it still is a way in");
    }

    @Test
    void aTicketIsOnItsWayForHalfAMinute() {
        Person person = somebody();
        Way.follow(person.browser, site(Kind.TRAEFIK).url() + "/");
        person.signIn();
        String ticket = SiteClient.location(Way.get(person.browser, platform.url() + "/enter"));
        platform.clock().advance(Duration.ofSeconds(30));
        assertEquals(403, Way.get(person.browser, ticket).statusCode());
    }

    @Test
    void aWishThatTookTooLongBeginsAnew() {
        Person person = somebody();
        String page = site(Kind.TRAEFIK).url() + "/page";
        String wish = SiteClient.location(Way.get(person.browser, SiteClient.location(Way.get(person.browser, page))));
        platform.clock().advance(Duration.ofMinutes(31));
        assertEquals(page, SiteClient.location(Way.get(person.browser, wish)));
        assertEquals("/user", SiteClient.location(Way.get(person.browser, platform.url() + "/enter?wish=nonsense")));
    }

    @Test
    void theCookieOfOneSiteIsWorthNothingAtAnother() {
        Person person = somebody();
        enter(person, site(Kind.TRAEFIK).url() + "/");
        String cookie = cookie(person, site(Kind.TRAEFIK));
        Map<Kind, Integer> expected = Map.of(Kind.TRAEFIK, 200, Kind.ENVOY, 401, Kind.NGINX, 302);
        expected.forEach((kind, status) -> {
            SiteClient thief = new SiteClient(site(kind).url(), () -> Map.of("Cookie", cookie));
            assertEquals(status, thief.get("/").statusCode(), kind.toString());
        });
    }

    @Test
    void signingOutEndsItAtAllSitesOnAllNodesWithinASecond() throws Exception {
        Person person = somebody();
        for (Kind kind : Kind.values()) {
            Way.follow(person.browser, site(kind).url() + "/");
        }
        signIn(person);
        for (Kind kind : Kind.values()) {
            assertEquals(
                    200,
                    Way.follow(person.browser, site(kind).url() + "/").end().statusCode());
        }
        person.signOut();
        Await.until(Duration.ofSeconds(1), () -> SITES.values().stream()
                .allMatch(site -> Way.get(person.browser, site.url() + "/").statusCode() == 302));
    }

    @Test
    void whoHasOneFactorBindsAnotherWhereTwoAreNeeded() {
        Person person = somebody();
        String page = site(Kind.TRAEFIK).url() + "/admin/users";
        Way way = enter(person, page);
        assertEquals(door("/user?", page), way.address());
        person.bindApp();
        Way in = Way.follow(person.browser, platform.url() + "/enter");
        assertEquals(page, in.address());
        assertEquals("2", header(in, "Remote-Aal"));
        assertEquals("pwd,otp,mfa", header(in, "Remote-Amr"));
    }

    @Test
    void whoHasTwoAndCameInByOneSignsInAgain() {
        Person person = somebody();
        String page = site(Kind.TRAEFIK).url() + "/admin";
        enter(person, site(Kind.TRAEFIK).url() + "/");
        Person elsewhere = person.elsewhere();
        elsewhere.signIn();
        var key = elsewhere.bindApp();
        assertEquals(door("/?again&", page), Way.follow(person.browser, page).address());
        platform.clock().advance(Duration.ofSeconds(30));
        HttpResponse<String> again =
                person.browser.submitFrom("/?again", "/", "username", person.name, "password", Person.PASSWORD);
        assertEquals("/verify-tfa", SiteClient.location(again));
        assertEquals("/enter", SiteClient.location(person.enter(person.code(key))));
        Way in = Way.follow(person.browser, platform.url() + "/enter");
        assertEquals(page, in.address());
        assertEquals("2", header(in, "Remote-Aal"));
    }

    @Test
    void anOldPasswordIsAskedForAgainWhereItMustBeFresh() {
        Person person = somebody();
        String page = site(Kind.TRAEFIK).url() + "/money?to=bank";
        assertEquals(page, enter(person, page).address());
        platform.clock().advance(Duration.ofMinutes(5));
        Way way = Way.follow(person.browser, page);
        assertEquals(door("/confirm-password?next=/enter&", page), way.address());
        HttpResponse<String> confirmed = person.browser.submitFrom(
                "/confirm-password?next=/enter", "/confirm-password", "next", "/enter", "password", Person.PASSWORD);
        assertEquals("/enter", SiteClient.location(confirmed));
        assertEquals(page, Way.follow(person.browser, platform.url() + "/enter").address());
    }

    @Test
    void programsAreToldWhatTheyLackAndAreNotSentAround() {
        Person person = somebody();
        SiteProxy site = site(Kind.TRAEFIK);
        SiteClient nobody = new SiteClient(site.url());
        HttpResponse<String> refused = nobody.send(post(site, "/page"));
        assertEquals(401, refused.statusCode());
        assertEquals(
                "Bearer realm=\"sallyport\"",
                refused.headers().firstValue("WWW-Authenticate").orElse(""));
        assertEquals(401, nobody.get("/data.json").statusCode(), "it does not ask for a page");

        enter(person, site.url() + "/");
        HttpResponse<String> more = person.browser.send(post(site, "/write/1"));
        assertEquals(401, more.statusCode());
        assertEquals(
                "Bearer error=\"insufficient_user_authentication\", error_description=\"Another factor, or a fresh"
                        + " password, is needed\", acr_values=\"urn:sallyport:aal:2\"",
                more.headers().firstValue("WWW-Authenticate").orElse(""));
        assertEquals(
                site.url() + "/.sallyport/start?return=http%3A%2F%2F"
                        + site.host().replace(":", "%3A") + "%2F&aal=2",
                more.headers().firstValue("Sallyport-Location").orElse(""));
        platform.clock().advance(Duration.ofMinutes(5));
        HttpResponse<String> old = program(person, site).get("/money");
        assertTrue(
                old.headers().firstValue("WWW-Authenticate").orElse("").endsWith("max_age=\"300\""),
                old.headers().map()::toString);
    }

    private static HttpRequest.Builder post(SiteProxy site, String path) {
        return HttpRequest.newBuilder(URI.create(site.url() + path)).POST(BodyPublishers.ofString("a=b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x%2f..%2fadmin", "/admin%2f", "/x/..;/admin", "/ADMIN", "/x/%2e%2e/admin", "//admin"})
    void noSpellingOfAPathIsAWayAroundItsRule(String path) {
        Person person = somebody();
        SiteProxy site = site(Kind.TRAEFIK);
        enter(person, site.url() + "/");
        assertEquals(401, program(person, site).get(path).statusCode());
        assertEquals(200, program(person, site).get("/x").statusCode());
    }

    /** What is sent with a person's cookie of a site. */
    private static String cookie(Person person, SiteProxy site) {
        return SITE + '=' + person.browser.at(site.url()).cookieHere(SITE).orElseThrow();
    }

    /** A program with a person's cookie. */
    private static SiteClient program(Person person, SiteProxy site) {
        return new SiteClient(site.url(), () -> Map.of("Cookie", cookie(person, site)));
    }

    @Test
    void whatAClientSendsUnderOurNamesNeverPasses() {
        Person person = somebody();
        for (Kind kind : Kind.values()) {
            enterAgain(person, site(kind).url() + "/");
            SiteClient liar = new SiteClient(
                    site(kind).url(),
                    () -> Map.of(
                            "Cookie", cookie(person, site(kind)),
                            "Remote-User", "root",
                            "Remote-Account", "root",
                            "Remote-Aal", "2",
                            "Remote-Amr", "mfa",
                            "Remote-Auth-Time", "9999999999",
                            "Sallyport-Assertion", "a.b.c",
                            "X-Forwarded-Host", "evil.example",
                            "X-Forwarded-Method", "GET"));
            HttpResponse<String> answer = liar.get("/x");
            assertEquals(200, answer.statusCode());
            assertTrue(answer.body().contains("Remote-User: " + person.name), answer.body());
            for (String lie : List.of("root", "9999999999", "a.b.c", "Remote-Aal: 2")) {
                assertFalse(answer.body().contains(lie), answer.body());
            }
        }
    }

    /** Whether or not somebody has to sign in first. */
    private static void enterAgain(Person person, String address) {
        if (Way.follow(person.browser, address).address().startsWith(platform.url())) {
            signIn(person);
        }
        assertEquals(200, Way.follow(person.browser, address).end().statusCode());
    }

    @Test
    void aQuestionInTheWordsOfTwoKindsOfProxiesIsRefused() {
        Person person = somebody();
        SiteProxy site = site(Kind.TRAEFIK);
        enter(person, site.url() + "/");
        SiteClient liar = new SiteClient(
                site.url(),
                () -> Map.of(
                        "Cookie",
                        cookie(person, site),
                        "X-Original-URL",
                        site.url() + "/x",
                        "X-Original-Method",
                        "GET"));
        assertEquals(403, liar.get("/admin").statusCode());
    }

    @Test
    void aHostWithoutARuleIsRefused() {
        SiteClient proxy = new SiteClient(
                "http://127.0.0.1:" + authzPort(false),
                () -> Map.of("X-Forwarded-Host", "evil.example", "X-Forwarded-Uri", "/", "X-Forwarded-Method", "GET"));
        assertEquals(403, proxy.get("/authz/forward-auth").statusCode());
        SiteClient silent = new SiteClient("http://127.0.0.1:" + authzPort(false));
        assertEquals(403, silent.get("/authz/forward-auth").statusCode());
        assertEquals(404, silent.get("/.sallyport/start?return=/").statusCode());
        assertEquals(404, silent.get("/").statusCode());
    }

    @Test
    void manyLargeCookiesAreNoHindrance() {
        Person person = somebody();
        SiteProxy site = site(Kind.TRAEFIK);
        enter(person, site.url() + "/");
        String cookies = "a=" + "x".repeat(4_000) + "; b=" + "y".repeat(4_000) + "; " + cookie(person, site)
                + "; c=\"odd, one\"";
        assertEquals(
                200,
                new SiteClient(site.url(), () -> Map.of("Cookie", cookies))
                        .get("/")
                        .statusCode());
    }

    @Test
    void aRefusalOfSomebodyIsToldOnceAMinuteForEachRule() throws Exception {
        Person person = somebody();
        SiteProxy site = site(Kind.TRAEFIK);
        enter(person, site.url() + "/");
        for (int i = 0; i < 5; i++) {
            assertEquals(302, Way.get(person.browser, site.url() + "/admin").statusCode());
        }
        String topic = platform.platform().kafkaAddress();
        Await.until(Duration.ofSeconds(10), () -> refusals(topic, person) >= 1);
        platform.clock().advance(Duration.ofSeconds(61));
        Way.get(person.browser, site.url() + "/admin");
        // Whatever was told wrongly was told before this.
        HttpRequest.Builder write = HttpRequest.newBuilder(URI.create(site.url() + "/write"));
        assertEquals(
                401, person.browser.send(write.POST(BodyPublishers.noBody())).statusCode());
        Await.until(Duration.ofSeconds(10), () -> refusals(topic, person) >= 2);
        assertEquals(2, refusals(topic, person), "once for each rule: by this node's watch the minute is not over");
    }

    private static long refusals(String kafka, Person person) {
        return AuditTrail.read(kafka).about(person.name).stream()
                .filter(entry -> entry.type().equals("access.refused"))
                .count();
    }

    @Test
    void anybodyMayReadTheKeysAndNobodyElseMayAsk() throws IOException {
        SiteClient client = new SiteClient("http://127.0.0.1:" + authzPort(false));
        HttpResponse<String> keys = client.get("/.well-known/jwks.json");
        assertEquals(
                "application/jwk-set+json",
                keys.headers().firstValue("Content-Type").orElse(""));
        JsonObject key = new JsonObject(keys.body()).getJsonArray("keys").getJsonObject(0);
        assertEquals("ES256", key.getString("alg"));
        assertFalse(key.containsKey("d"));

        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        assumeTrue(outside.isPresent(), "this machine has no address but loopback");
        Map<String, String> open = new HashMap<>(
                Map.of("SALLYPORT_AUTHZ_HOST", "0.0.0.0", "SALLYPORT_AUTHZ_RULES_A_HOST", "127.0.0.9:8099"));
        try (TestPlatform reachable = TestPlatform.start(open)) {
            String port = ":" + reachable.platform().authzPort();
            SiteClient stranger = new SiteClient("http://" + outside.get().getHostAddress() + port);
            assertEquals(200, stranger.get("/.well-known/jwks.json").statusCode());
            assertEquals(403, stranger.get("/authz/forward-auth").statusCode());
            assertEquals(403, stranger.get("/.sallyport/start").statusCode());
        }
    }
}
