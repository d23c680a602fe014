package dev.sallyport.deploy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The jar as separate processes: login, enrollment and sms-dispatcher, each with what it needs and nothing more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesIT {

    private static final Duration A_WHILE = Duration.ofSeconds(20);

    private RoleCluster cluster;

    @BeforeAll
    void startAll(@TempDir Path folder) throws InterruptedException {
        cluster = new RoleCluster(folder);
    }

    @AfterAll
    void stopAll() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** A test may leave a role dead; the next finds all of them up. */
    @BeforeEach
    void everyRoleIsUp() throws InterruptedException {
        for (Role role : Role.values()) {
            if (!cluster.node(role).isAlive()) {
                cluster.node(role).start();
            }
            cluster.awaitReady(role);
        }
    }

    @Test
    void aPersonGetsThroughBothDoorsOfThreeProcesses() throws InterruptedException {
        Person person = Person.signedUp(cluster);
        person.bindPhone();
        person.signOut();
        assertRedirect("/verify-tfa", person.signIn());
        assertRedirect("/user", person.enter(person.receivedCode(2)));
        TotpSecret key = person.pendingKey();
        long step = Totp.step(cluster.clock().instant());
        String earlier = Totp.code(key, step - 1).value();
        assertRedirect("/user?changed", person.browser.submit("/enable-tfa-via-app", "token", earlier));
        person.signOut();
        assertRedirect("/verify-tfa", person.signIn());
        assertRedirect("/user", person.enter(Totp.code(key, step).value()));
        assertTrue(person.browser.get("/user").body().contains(person.name));
        assertEquals(List.of(), cluster.twilio().ledger().violations());
    }

    @Test
    void eachWebRoleServesItsOwnPagesAndNoOther() {
        SiteClient login = new SiteClient("http://localhost:" + cluster.port(Role.LOGIN));
        SiteClient enrollment = new SiteClient("http://localhost:" + cluster.port(Role.ENROLLMENT));
        for (String path : PathProxy.enrollmentPaths()) {
            assertEquals(404, login.get(path).statusCode(), path);
            assertFalse(enrollment.get(path).statusCode() == 404, path);
        }
        for (String path : List.of("/", "/verify-tfa", "/confirm-password", "/logout")) {
            assertEquals(404, enrollment.get(path).statusCode(), path);
            assertFalse(login.get(path).statusCode() == 404, path);
        }
    }

    @Test
    void aKilledLoginNodeForgetsNobodyBetweenTheDoors() throws InterruptedException {
        Person person = Person.signedUp(cluster);
        person.bindPhone();
        person.signOut();
        assertRedirect("/verify-tfa", person.signIn());
        String code = person.receivedCode(2);
        restartAfterKill(Role.LOGIN);
        assertRedirect("/user", person.enter(code));
        assertEquals(200, person.browser.get("/user").statusCode());
    }

    @Test
    @Tag("long")
    void aKilledEnrollmentNodeForgetsNoHalfBoundPhone() throws InterruptedException {
        Person person = Person.signedUp(cluster);
        person.browser.submit("/enable-tfa-via-sms", "phone_number", person.phone);
        String code = person.receivedCode(1);
        restartAfterKill(Role.ENROLLMENT);
        assertRedirect("/user?changed", person.browser.submit("/enable-tfa-via-sms", "token", code));
        person.signOut();
        assertRedirect("/verify-tfa", person.signIn());
    }

    @Test
    void whatIsOrderedWhileTheDispatcherIsDeadIsSentByTheNext() throws InterruptedException {
        Person person = Person.signedUp(cluster);
        cluster.node(Role.SMS_DISPATCHER).kill();
        person.browser.submit("/enable-tfa-via-sms", "phone_number", person.phone);
        cluster.node(Role.SMS_DISPATCHER).start();
        Await.until(A_WHILE, () -> !person.messages().isEmpty());
        assertRedirect("/user?changed", person.browser.submit("/enable-tfa-via-sms", "token", person.receivedCode(1)));
        assertEquals(1, person.messages().size());
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void aPoliteStopIsQuickAndQuiet(Role role) throws InterruptedException {
        RoleNode node = cluster.node(role);
        node.terminate();
        long asked = System.nanoTime();
        int exitCode = node.awaitEnd(A_WHILE);
        assertTrue(System.nanoTime() - asked < Duration.ofSeconds(10).toNanos());
        assertEquals(143, exitCode);
        assertEquals("", node.log());
    }

    @Test
    @Tag("long")
    void whoLeavesSaysSoAndGoesOnAnsweringUntilProxiesHaveHeard() throws InterruptedException {
        try (RoleNode leaving = cluster.another(Role.LOGIN, Map.of("SALLYPORT_HTTP_DRAIN", "4s"))) {
            leaving.start();
            leaving.awaitReady(A_WHILE);
            long asked = System.nanoTime();
            leaving.terminate();
            Await.until(A_WHILE, () -> leaving.status("/health/live") == 503);
            assertEquals(503, leaving.status("/health/ready"));
            HttpResponse<String> page = new SiteClient(leaving.url()).get("/");
            assertEquals(200, page.statusCode());
            assertEquals("close", page.headers().firstValue("Connection").orElse("kept"));
            assertEquals(143, leaving.awaitEnd(A_WHILE));
            assertTrue(System.nanoTime() - asked >= Duration.ofSeconds(4).toNanos());
        }
    }

    @Test
    @Tag("long")
    void aPoliteStopAnswersWhatIsUnderWay() throws Exception {
        Person person = Person.signedUp(cluster);
        person.signOut();
        String form = "csrf=" + person.browser.csrf("/") + "&username=" + person.name + "&password=not-my-password";
        try (Socket connection = new Socket("127.0.0.1", cluster.port(Role.LOGIN))) {
            OutputStream out = connection.getOutputStream();
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
            String head =
                    """
                    POST / HTTP/1.1\r
                    Host: localhost\r
                    Cookie: sallyport-browser=%s\r
                    Content-Type: application/x-www-form-urlencoded\r
                    Content-Length: %d\r
                    Expect: 100-continue\r
                    \r
                    """.formatted(person.browser.cookie("sallyport-browser").orElseThrow(), form.length());
            out.write(head.getBytes(US_ASCII));
            assertEquals("HTTP/1.1 100 Continue", in.readLine());
            cluster.node(Role.LOGIN).terminate();
            Await.until(A_WHILE, () -> cluster.live(Role.LOGIN) == 0);
            out.write(form.getBytes(US_ASCII));
            assertEquals("", in.readLine());
            assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
        }
        assertEquals(143, cluster.node(Role.LOGIN).awaitEnd(A_WHILE));
    }

    @Test
    @Tag("long")
    void whileTheBrokerIsAwayEveryRoleSaysSoAndLives() throws InterruptedException {
        cluster.kafka().stop();
        try {
            for (Role role : Role.values()) {
                assertEquals(503, cluster.ready(role), role.toString());
                assertEquals("down", cluster.parts(role).get("kafka"), role.toString());
                assertEquals(200, cluster.live(role), role.toString());
            }
            assertEquals("up", cluster.parts(Role.LOGIN).get("mongo"));
        } finally {
            cluster.kafka().start();
        }
        for (Role role : Role.values()) {
            cluster.awaitReady(role);
        }
        Person.signedUp(cluster).bindPhone();
    }

    @Test
    @Tag("long")
    void aRoleStopsInTimeThoughTheBrokerIsAway() throws InterruptedException {
        cluster.kafka().stop();
        try {
            for (Role role : Role.values()) {
                cluster.node(role).terminate();
            }
            long asked = System.nanoTime();
            for (Role role : Role.values()) {
                assertEquals(143, cluster.node(role).awaitEnd(A_WHILE), role.toString());
            }
            assertTrue(System.nanoTime() - asked < Duration.ofSeconds(10).toNanos());
        } finally {
            cluster.kafka().start();
        }
    }

    @Test
    void whileTheStoreIsAwayTheWebRolesSaySoAndTheDispatcherDoesNotCare() throws InterruptedException {
        cluster.mongo().stop();
        try {
            for (Role role : List.of(Role.LOGIN, Role.ENROLLMENT)) {
                assertEquals(503, cluster.ready(role), role.toString());
                assertEquals(Map.of("kafka", "up", "mongo", "down"), cluster.parts(role), role.toString());
            }
            assertEquals(200, cluster.ready(Role.SMS_DISPATCHER));
            assertEquals(Map.of("kafka", "up", "dispatcher", "up"), cluster.parts(Role.SMS_DISPATCHER));
        } finally {
            cluster.mongo().start();
        }
        for (Role role : Role.values()) {
            cluster.awaitReady(role);
        }
        Person.signedUp(cluster);
    }

    @Test
    void aRoleStartsWithoutWhatIsNotItsBusiness() {
        assertFalse(cluster.node(Role.SMS_DISPATCHER).environment().containsKey("SALLYPORT_MONGO_URI"));
        for (Role role : List.of(Role.LOGIN, Role.ENROLLMENT)) {
            assertTrue(cluster.node(role).environment().keySet().stream().noneMatch(name -> name.contains("TWILIO")));
        }
        assertEquals(200, cluster.ready(Role.SMS_DISPATCHER));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void aRoleWithTheSecretOfAnotherRefusesToStart(Role role, @TempDir Path keys) throws Exception {
        copy(cluster.roles().keys(role), keys);
        String foreign = role == Role.SMS_DISPATCHER ? "account-data.json" : "sealing.json";
        Files.copy(cluster.roles().allKeys().resolve(foreign), keys.resolve(foreign));
        assertRefusal(role, keys, foreign);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void aRoleThatLacksAKeyRefusesToStart(Role role, @TempDir Path keys) throws Exception {
        copy(cluster.roles().keys(role), keys);
        String needed =
                switch (role) {
                    case LOGIN, ENROLLMENT -> "sealing.public.json";
                    case SMS_DISPATCHER -> "login-signing.public.json";
                    case AUDIT_SEALER -> "audit-seal.json";
                };
        Files.delete(keys.resolve(needed));
        assertRefusal(role, keys, needed);
    }

    private void assertRefusal(Role role, Path keys, String named) throws InterruptedException {
        Map<String, String> environment = new HashMap<>(cluster.node(role).environment());
        environment.put("SALLYPORT_KEYS_DIR", keys.toString());
        environment.put("SALLYPORT_HTTP_PORT", "0");
        environment.put("SALLYPORT_MANAGEMENT_PORT", "0");
        try (JarProcess process = cluster.process(environment)) {
            JarProcess.Ended ended = process.awaitEnd();
            assertEquals(1, ended.exitCode());
            assertEquals(1, ended.err().lines().count(), ended.err());
            assertTrue(ended.err().startsWith("sallyport: ") && ended.err().contains(named), ended.err());
            assertEquals("", ended.out());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private void restartAfterKill(Role role) throws InterruptedException {
        cluster.node(role).kill();
        assertEquals(137, cluster.node(role).awaitEnd(A_WHILE));
        cluster.node(role).start();
        cluster.awaitReady(role);
    }

    private static void assertRedirect(String to, HttpResponse<String> response) {
        assertEquals(303, response.statusCode(), response.body());
        assertEquals(to, SiteClient.location(response));
    }
}
