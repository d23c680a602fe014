package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.deploy.embedded.FaultyServers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The configurations that are shipped, in the proxies that they are for, in front of the application that is shipped. */
class ProxiesIT {

    private static final Path EXAMPLES = Path.of("examples");
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    /** A site of the test: a proxy on an address of loopback and the application behind it. */
    private enum Kind {
        NGINX("127.0.0.5"),
        HAPROXY("127.0.0.6");

        private final String address;
        private final int port = TestPlatform.PORTS.take();
        /** Where the proxy finds the application, and where that really is. */
        private final int mirror = TestPlatform.PORTS.take();

        private final int application = TestPlatform.PORTS.take();
        private final Queue<Headers> seen = new ConcurrentLinkedQueue<>();

        Kind(String address) {
            this.address = address;
        }

        String host() {
            return address + ':' + port;
        }

        String url() {
            return "http://" + host();
        }
    }

    @TempDir
    static Path folder;

    private static final FaultyServers SERVERS = FaultyServers.shared();
    private static final List<Process> PROCESSES = new ArrayList<>();
    private static final List<HttpServer> MIRRORS = new ArrayList<>();
    private static TestPlatform platform;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> rules = new HashMap<>(SERVERS.settings("proxies"));
        for (Kind kind : Kind.values()) {
            rules.put("SALLYPORT_AUTHZ_RULES_" + kind + "_HOST", kind.host());
            rules.put("SALLYPORT_AUTHZ_RULES_" + kind + "_ADMIN_HOST", kind.host());
            rules.put("SALLYPORT_AUTHZ_RULES_" + kind + "_ADMIN_PATH", "/admin");
            rules.put("SALLYPORT_AUTHZ_RULES_" + kind + "_ADMIN_AAL", "2");
        }
        platform = TestPlatform.start(rules);
        for (Kind kind : Kind.values()) {
            application(kind);
            mirror(kind);
        }
        nginx();
        haproxy();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        for (Process process : PROCESSES) {
            process.destroy();
            process.waitFor();
        }
        MIRRORS.forEach(mirror -> mirror.stop(0));
        platform.close();
    }

    private static void application(Kind kind) throws Exception {
        Map<String, String> environment = Map.of(
                "SALLYPORT", "http://127.0.0.1:" + platform.platform().authzPort(),
                "ISSUER", platform.url(),
                "HOST", kind.host(),
                "PORT", Integer.toString(kind.application));
        Path program = EXAMPLES.resolve("protected-application/app.py").toAbsolutePath();
        run(environment, "127.0.0.1", kind.application, Programs.pythonWithJwt(), program.toString());
    }

    /** Between proxy and application: keeps what comes, and passes on what counts. */
    private static void mirror(Kind kind) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", kind.mirror), 0);
        server.createContext("/", exchange -> {
            kind.seen.add(exchange.getRequestHeaders());
            String assertion = String.valueOf(exchange.getRequestHeaders().getFirst("Sallyport-Assertion"));
            SiteClient client = new SiteClient(
                    "http://127.0.0.1:" + kind.application, () -> Map.of("Sallyport-Assertion", assertion));
            HttpResponse<String> answer = client.get(exchange.getRequestURI().toString());
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        MIRRORS.add(server);
    }

    private static void nginx() throws Exception {
        Path configuration =
                adapted("nginx.conf", Kind.NGINX, text -> text.replace("listen 443 ssl", "listen " + Kind.NGINX.host())
                        .replace("ssl_reject_handshake on", "return 421")
                        .replace("https://wiki.example.com", Kind.NGINX.url())
                        .replace("Host wiki.example.com", "Host " + Kind.NGINX.host())
                        .replaceAll("\n *ssl_certificate.*", "")
                        .replace("wiki.example.com", Kind.NGINX.address)
                        .replace("http {", """
                        http {
                          access_log off;
                          client_body_temp_path body;
                          proxy_temp_path proxied;
                          fastcgi_temp_path fastcgi;
                          uwsgi_temp_path uwsgi;
                          scgi_temp_path scgi;"""));
        String settings = "daemon off; master_process off; pid nginx.pid;";
        run(
                Map.of(),
                Kind.NGINX.address,
                Kind.NGINX.port,
                program("nginx"),
                "-p",
                folder.toString(),
                "-e",
                "stderr",
                "-c",
                configuration.toString(),
                "-g",
                settings);
    }

    private static void haproxy() throws Exception {
        Path configuration = adapted(
                "haproxy.cfg", Kind.HAPROXY, text -> text.replaceAll("bind :443 .*", "bind " + Kind.HAPROXY.host())
                        .replace("wiki.example.com:443", Kind.HAPROXY.host())
                        .replace(
                                "/etc/haproxy/sallyport.lua",
                                folder.resolve("sallyport.lua").toString()));
        adapted("sallyport.lua", Kind.HAPROXY, text -> text);
        run(
                Map.of(),
                Kind.HAPROXY.address,
                Kind.HAPROXY.port,
                program("haproxy"),
                "-db",
                "-f",
                configuration.toString());
    }

    /** A shipped file with the ports of this test, in the folder in which the proxies run. */
    private static Path adapted(String file, Kind kind, UnaryOperator<String> change) throws IOException {
        String shipped = Files.readString(EXAMPLES.resolve("proxies").resolve(file));
        String adapted = change.apply(shipped)
                .replace("127.0.0.1:8085", "127.0.0.1:" + kind.mirror)
                .replace("127.0.0.1:9091", "127.0.0.1:" + platform.platform().authzPort());
        return Files.writeString(folder.resolve(file), adapted);
    }

    /** Servers are not on everybody's path. */
    private static String program(String name) {
        Path server = Path.of("/usr/sbin", name);
        return Files.isExecutable(server) ? server.toString() : name;
    }

    /** Starts a program and waits until it takes connections. */
    private static void run(Map<String, String> environment, String address, int port, String... command)
            throws Exception {
        Path log = folder.resolve(Path.of(command[0]).getFileName() + "-" + port + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssertionError("there is no " + command[0] + " (Debian: the package of that name)", e);
        }
        PROCESSES.add(process);
        Await.until(A_WHILE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(command[0] + " ended: " + text(log));
            }
            return takesConnections(address, port);
        });
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log";
        }
    }

    private static boolean takesConnections(String address, int port) {
        try (Socket _ = new Socket(address, port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Person somebody() {
        SiteClient browser = new SiteClient(platform.url(), () -> Map.of("Accept", "text/html,*/*"));
        Person person = Person.stranger(platform, browser);
        assertEquals(303, person.browser.submit("/sign-up", person.signUpForm()).statusCode());
        return person;
    }

    @ParameterizedTest
    @EnumSource
    void aBrowserGetsInAndTheApplicationKnowsForSureWhoItIs(Kind kind) {
        Person person = somebody();
        HttpResponse<String> page =
                Way.follow(person.browser, kind.url() + "/page?a=b").end();
        assertEquals(200, page.statusCode(), page.body());
        assertEquals("Hello, " + person.name, page.body());
        assertTrue(page.uri().toString().endsWith("/page?a=b"), page.uri().toString());
    }

    @ParameterizedTest
    @EnumSource
    void aLongAddressIsReachedToo(Kind kind) {
        Person person = somebody();
        String address = kind.url() + "/page?" + "a=%20&".repeat(300);
        HttpResponse<String> page = Way.follow(person.browser, address).end();
        assertEquals(200, page.statusCode(), page.body());
        assertEquals(address, page.uri().toString());
    }

    @ParameterizedTest
    @EnumSource
    void aProgramIsToldWhatItLacks(Kind kind) {
        SiteClient program = new SiteClient(kind.url());
        for (HttpResponse<String> refused : List.of(
                program.get("/data"),
                program.send(HttpRequest.newBuilder(URI.create(kind.url() + "/data"))
                        .POST(BodyPublishers.ofString("a=b"))))) {
            assertEquals(401, refused.statusCode());
            assertEquals(
                    List.of("Bearer realm=\"sallyport\""), refused.headers().allValues("WWW-Authenticate"));
            assertEquals(1, refused.headers().allValues("Sallyport-Location").size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatAClientSendsCountsForSallyport(Kind kind) {
        Person person = somebody();
        Way.follow(person.browser, kind.url() + "/");
        String cookie = "sallyport-site="
                + person.browser.at(kind.url()).cookieHere("sallyport-site").orElseThrow();
        Map<String, String> lies = new HashMap<>();
        SiteProxy.OURS.forEach(name -> lies.put(name, "a.b.c"));
        lies.putAll(Map.of("X-Forwarded-Uri", "/", "X-Forwarded-Method", "GET", "X-Forwarded-Host", "127.0.0.9"));
        lies.put("Cookie", cookie);
        SiteClient liar = new SiteClient(kind.url(), () -> lies);
        kind.seen.clear();
        assertEquals("Hello, " + person.name, liar.get("/").body());
        Headers seen = kind.seen.remove();
        for (String name : SiteProxy.OURS) {
            assertEquals(1, seen.getOrDefault(name, List.of()).size(), name + " in " + seen);
            assertNotEquals("a.b.c", seen.getFirst(name), name);
        }
        lies.put("Remote_User", "root");
        assertEquals(200, liar.get("/").statusCode());
        assertFalse(kind.seen.remove().containsKey("Remote_user"));
        assertEquals(401, liar.get("/admin").statusCode());
        assertEquals(401, liar.get("/x/..%2fadmin").statusCode());
        assertEquals(
                401,
                new SiteClient(kind.url(), () -> Map.of("Remote-User", "root"))
                        .get("/")
                        .statusCode());
    }

    /** The rules and the cookie of another host open nothing here, whichever way it is named. */
    @ParameterizedTest
    @EnumSource
    void whoNamesAnotherHostIsNotLetInByItsRules(Kind kind) throws IOException {
        Kind other = kind == Kind.NGINX ? Kind.HAPROXY : Kind.NGINX;
        Person person = somebody();
        Way.follow(person.browser, other.url() + "/");
        String cookie = "Cookie: sallyport-site="
                + person.browser.at(other.url()).cookieHere("sallyport-site").orElseThrow() + "\r\n";
        String rest = "Host: " + other.host() + "\r\n" + cookie + "Connection: close\r\n\r\n";
        kind.seen.clear();
        for (String target : List.of("/", kind.url() + "/")) {
            String answer = raw(kind, "GET " + target + " HTTP/1.1\r\n" + rest);
            assertTrue(answer.matches("(?s)HTTP/1.1 (400|401|421) .*"), target + ": " + answer);
        }
        assertTrue(kind.seen.isEmpty());
    }

    /** The question is for proxies; from outside nobody gets to it. */
    @ParameterizedTest
    @EnumSource
    void nobodyAsksInTheProxysPlace(Kind kind) throws IOException {
        Person person = somebody();
        Way.follow(person.browser, kind.url() + "/");
        String cookie = "Cookie: sallyport-site="
                + person.browser.at(kind.url()).cookieHere("sallyport-site").orElseThrow() + "\r\n";
        for (String target : List.of(
                "/authz/forward-auth/../../.sallyport/x",
                "/.sallyport/../authz/forward-auth/x",
                "/.sallyport/%2e%2e/authz/forward-auth/x")) {
            String answer = raw(
                    kind,
                    "GET " + target + " HTTP/1.1\r\nHost: " + kind.host() + "\r\n" + cookie
                            + "Connection: close\r\n\r\n");
            assertFalse(answer.toLowerCase(Locale.ROOT).contains("sallyport-assertion"), target + ": " + answer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPathOfManyThousandLettersIsAnswered(Kind kind) {
        assertEquals(
                401, new SiteClient(kind.url()).get('/' + "a".repeat(7_000)).statusCode());
    }

    private static String raw(Kind kind, String request) throws IOException {
        try (Socket socket = new Socket(kind.address, kind.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheStoreNobodyGetsThroughAndEveryoneIsToldToComeBack(Kind kind) throws InterruptedException {
        Person person = somebody();
        Way.follow(person.browser, kind.url() + "/");
        SiteClient visitor = person.browser.at(kind.url());
        SERVERS.toMongo().refuse();
        try {
            Await.until(A_WHILE, () -> visitor.get("/").statusCode() == 503);
            assertEquals(List.of("5"), visitor.get("/").headers().allValues("Retry-After"));
        } finally {
            SERVERS.restore();
        }
        Await.until(A_WHILE, () -> visitor.get("/").statusCode() == 200);
    }

    @ParameterizedTest
    @EnumSource
    void pastTheProxyNobodyIsBelieved(Kind kind) {
        SiteClient bare = new SiteClient(
                "http://127.0.0.1:" + kind.application,
                () -> Map.of("Remote-User", "root", "Sallyport-Assertion", "a.b.c"));
        assertEquals("Who are you?", bare.get("/").body());
    }
}
