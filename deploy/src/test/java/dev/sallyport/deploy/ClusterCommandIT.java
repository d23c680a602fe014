package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.cluster.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code cluster up} as a person uses it, behind a real HAProxy. */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterCommandIT {

    private static final Duration START = Duration.ofMinutes(3);
    private static final int VISITORS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** Half the processor time until all are ready. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private static final Pattern CODE = Pattern.compile("class=\"bubble\">(\\d{6}) ");
    private static final AtomicInteger COUNT = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static Ports ports;
    private static int authzPort;
    private static SiteProxy site;
    private static String url;
    private static JarProcess up;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        ports = new Ports();
        int port = ports.take();
        authzPort = ports.take();
        site = new SiteProxy(SiteProxy.Kind.NGINX, "127.0.0.9", ports.take(), () -> authzPort);
        url = "http://localhost:" + port;
        up = JarProcess.start(
                JarProcess.JAR.with(QUICK_START),
                Files.createDirectories(folder.resolve("up")),
                environment(),
                "cluster",
                "up",
                "--sms-dispatcher",
                "1",
                "--port",
                Integer.toString(port));
        Await.until(START, () -> up.out().contains("The cluster is up") || !up.isAlive());
        assertTrue(up.isAlive(), up.out());
    }

    @AfterAll
    static void stop() {
        up.close();
        site.close();
        ports.close();
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", System.getenv("PATH") + ":/usr/sbin");
        environment.put("SALLYPORT_DATA_DIR", folder.resolve("data").toString());
        environment.put("SALLYPORT_BRAND_NAME", "Acme");
        environment.put("SALLYPORT_AUTHZ_PORT", Integer.toString(authzPort));
        environment.put("SALLYPORT_AUTHZ_RULES_SITE_HOST", site.host());
        return environment;
    }

    private static String order(String... words) {
        List<String> all = new ArrayList<>(List.of("cluster"));
        all.addAll(List.of(words));
        try {
            Path own = Files.createDirectories(folder.resolve("order-" + COUNT.incrementAndGet()));
            try (JarProcess process = JarProcess.start(own, environment(), all.toArray(String[]::new))) {
                JarProcess.Ended ended = process.awaitEnd(START.toSeconds());
                assertEquals("", ended.err());
                assertEquals(0, ended.exitCode());
                return ended.out();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SiteClient signedUp(String name) {
        SiteClient browser = new SiteClient(url, () -> Map.of("Accept", "text/html,*/*"));
        HttpResponse<String> answer = browser.submit(
                "/sign-up", "username", name, "password1", Person.PASSWORD, "password2", Person.PASSWORD);
        assertEquals(303, answer.statusCode(), answer.body());
        return browser;
    }

    private static HttpResponse<String> signIn(SiteClient browser, String name) {
        return browser.submit("/", "username", name, "password", Person.PASSWORD);
    }

    private static Visitors visitors() {
        Visitors visitors = new Visitors(url, site.url() + "/page");
        for (int i = 0; i < VISITORS; i++) {
            String name = "visitor" + COUNT.incrementAndGet();
            visitors.join(name, signedUp(name));
        }
        return visitors;
    }

    private static List<String> texts(String number) {
        String page = new SiteClient(url)
                .get("/dev/phone?number=" + number.replace("+", "%2B"))
                .body();
        return CODE.matcher(page).results().map(match -> match.group(1)).toList();
    }

    private static String text(String number, int count) throws InterruptedException {
        Await.until(PATIENCE, () -> texts(number).size() >= count);
        return texts(number).get(count - 1);
    }

    @Test
    @Order(1)
    void aPersonGoesThroughBothDoorsWhicheverNodeAnswers() throws InterruptedException {
        String number = "+14152670001";
        SiteClient browser = signedUp("ada");
        assertEquals(
                303,
                browser.submit("/enable-tfa-via-sms", "phone_number", number).statusCode());
        assertEquals(
                303,
                browser.submit("/enable-tfa-via-sms", "token", text(number, 1)).statusCode());
        browser.submit("/logout");
        assertEquals("/verify-tfa", SiteClient.location(signIn(browser, "ada")));
        assertEquals("/user", SiteClient.location(browser.submit("/verify-tfa", "token", text(number, 2))));
        for (int i = 0; i < 8; i++) {
            assertEquals(200, browser.get("/user").statusCode());
            assertEquals(200, browser.get("/logout").statusCode());
        }
    }

    @Test
    @Order(2)
    void theTableShowsEveryProcess() {
        String table = order("status");
        for (String name : List.of("kafka-1", "kafka-3", "store", "login-2", "enrollment-2", "sms-dispatcher-1")) {
            assertTrue(table.lines().anyMatch(line -> line.startsWith(name + " ") && line.contains("ready")), table);
        }
        assertTrue(table.contains("haproxy"), table);
    }

    /** Somebody who has passed the first door. */
    private record Between(SiteClient browser, String code) {

        static Between theDoors() throws InterruptedException {
            String number = "+1415268%04d".formatted(COUNT.incrementAndGet());
            SiteClient browser = signedUp(number);
            browser.submit("/enable-tfa-via-sms", "phone_number", number);
            browser.submit("/enable-tfa-via-sms", "token", text(number, 1));
            browser.submit("/logout");
            assertEquals("/verify-tfa", SiteClient.location(signIn(browser, number)));
            return new Between(browser, text(number, 2));
        }

        void getsIn() {
            assertEquals("/user", SiteClient.location(browser.submit("/verify-tfa", "token", code)));
        }
    }

    @Test
    @Order(4)
    void replacingEveryNodeCostsNobodyASingleAnswer() throws InterruptedException {
        try (Visitors visitors = visitors()) {
            Between between = Between.theDoors();
            String told = order("roll");
            visitors.leave();
            assertEquals(
                    List.of("sms-dispatcher-1", "enrollment-1", "enrollment-2", "login-1", "login-2").stream()
                            .map(name -> name + " is replaced.")
                            .toList(),
                    told.lines().toList());
            between.getsIn();
            assertEquals(List.of(), visitors.wrong(), visitors.right() + " right ones");
            assertTrue(visitors.right() > 100, visitors.right() + " answers");
        }
    }

    /** HAProxy asks another node for what can be asked twice; a form that the killed process had begun to read is lost. */
    @ParameterizedTest
    @ValueSource(strings = {"login-1", "enrollment-2", "kafka-2"})
    @Order(5)
    void aProcessThatIsKilledTakesNothingAlongButAForm(String name) throws InterruptedException {
        try (Visitors visitors = visitors()) {
            Between between = Between.theDoors();
            assertTrue(order("kill", name).contains(name + " is dead."));
            visitors.awaitMore(100, PATIENCE);
            assertTrue(order("status").lines().anyMatch(line -> line.startsWith(name) && line.contains("down")));
            assertTrue(order("restart", name).contains(name + " is ready."));
            visitors.awaitMore(100, PATIENCE);
            visitors.leave();
            between.getsIn();
            assertTrue(visitors.wrong().size() <= VISITORS, visitors.wrong()::toString);
            assertTrue(
                    visitors.wrong().stream().allMatch(wrong -> wrong.startsWith(Visitors.SIGN_IN + ' ')),
                    visitors.wrong()::toString);
        }
    }

    @Test
    @Order(6)
    void allSessionsOutliveAllNodes() throws InterruptedException {
        SiteClient browser = signedUp("ida");
        assertEquals(200, Way.follow(browser, site.url() + "/").end().statusCode());
        Between between = Between.theDoors();
        List<String> nodes = List.of("login-1", "login-2", "enrollment-1", "enrollment-2");
        nodes.forEach(node -> order("kill", node));
        assertEquals(503, browser.get("/user").statusCode());
        nodes.forEach(node -> order("restart", node));
        between.getsIn();
        assertEquals(200, browser.get("/user").statusCode());
        assertEquals(200, Way.get(browser, site.url() + "/page").statusCode());
    }

    /** Killed it could lose what a replica set keeps, whoever asks for it in which words. */
    @Test
    @Order(7)
    void theStoreIsOnlyEverStoppedInOrder() throws InterruptedException {
        SiteClient browser = signedUp("joan");
        assertTrue(order("restart", "store").startsWith("The store is stopped in order"));
        Await.until(PATIENCE, () -> browser.get("/user").statusCode() == 200);
    }

    @Test
    @Order(7)
    void wrongOrdersAreToldSo() throws InterruptedException {
        JarProcess.Ended refused = JarProcess.run(folder, environment(), "cluster", "kill", "login-9");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("There is no process login-9 here; there are kafka-1"), refused.err());
    }

    /** Said before anything is started. */
    @Test
    @Order(7)
    void aPortThatIsTakenIsNamed() throws InterruptedException {
        Map<String, String> elsewhere = new HashMap<>(environment());
        elsewhere.put("SALLYPORT_DATA_DIR", folder.resolve("elsewhere").toString());
        String port = url.substring(url.lastIndexOf(':') + 1);
        JarProcess.Ended refused = JarProcess.run(folder, elsewhere, "cluster", "up", "--port", port);
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("Port " + port + " is taken; --port takes another."), refused.err());
        assertFalse(refused.out().contains("Starting"), refused.out());
        assertFalse(Files.exists(folder.resolve("elsewhere/cluster/keys-all")));
    }

    @Test
    @Order(7)
    void whoeverGivesItUpWhileItStartsLeavesNothingRunning() throws IOException, InterruptedException {
        Map<String, String> elsewhere = new HashMap<>(environment());
        elsewhere.put("SALLYPORT_DATA_DIR", folder.resolve("given-up").toString());
        elsewhere.put("SALLYPORT_HTTP_PORT", Integer.toString(ports.take()));
        elsewhere.put("SALLYPORT_AUTHZ_PORT", Integer.toString(ports.take()));
        Path own = Files.createDirectories(folder.resolve("given-up-output"));
        try (JarProcess starting = JarProcess.start(own, elsewhere, "cluster", "up")) {
            Await.until(START, () -> starting.children().size() > 2 || !starting.isAlive());
            List<ProcessHandle> children = starting.children();
            assertFalse(children.isEmpty(), starting::out);
            starting.terminate();
            starting.awaitEnd();
            assertEquals(
                    List.of(), children.stream().filter(ProcessHandle::isAlive).toList());
        }
    }

    @Test
    @Order(8)
    void itGoesDownInOrder() throws InterruptedException {
        assertTrue(order("down").contains("The cluster is down; its data stay"));
        Await.until(PATIENCE, () -> !up.isAlive());
        assertTrue(up.out().strip().endsWith("its data stay in " + folder.resolve("data/cluster") + '.'), up::out);
        JarProcess.Ended nobody = JarProcess.run(folder, environment(), "cluster", "status");
        assertEquals(1, nobody.exitCode());
        assertTrue(nobody.err().contains("No cluster runs in"), nobody.err());
    }
}
