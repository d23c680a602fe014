package dev.sallyport.web;

import static io.vertx.core.Future.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.Ids;
import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.WebTokens;
import dev.sallyport.testing.Eventually;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which handlers may wait, and what becomes of those who do. Over sockets. */
class WebVerticleTest implements Routes {

    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    @TempDir
    Path keys;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Promise<String> awaited = Promise.promise();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private Web web;
    private int port;
    private String deployment;

    @BeforeEach
    void start() throws IOException {
        new KeyFolder(keys).init();
        WebTokens tokens = new WebTokens(Keyring.open(keys, EnumSet.allOf(Role.class)));
        Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Csrf csrf = new Csrf(new Cookies(false), tokens, ids, URI.create(url("")));
        web = new Web(new Pages(vertx), csrf, new ClientAddress(List.of()), new Onward(Set.of()), Map.of());
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(port);
        deployment = vertx.deployVerticle(
                        () -> new WebVerticle(
                                options, web, new Assets(), List.of(this), false, List.of(), leaving::get),
                        new DeploymentOptions()
                                .setThreadingModel(ThreadingModel.VIRTUAL_THREAD)
                                .setInstances(2))
                .await();
    }

    @AfterEach
    void stop() {
        http.close();
        vertx.close().await();
    }

    @Override
    public void mount(Router router) {
        router.get("/page").handler(context -> web.page(context, 200, "sign-in", Map.of()));
        router.get("/quick").handler(this::tellThread);
        Web.mayWait(router.get("/slow")).handler(this::tellThread);
        Web.mayWait(router.get("/some"), context -> context.request().query() != null)
                .handler(this::tellThread);
        Web.mayWait(router.get("/waiting")).handler(this::tellWhatIsAwaited);
        router.get("/forgotten").handler(this::tellWhatIsAwaited);
        web.form(router.post("/form")).handler(this::tellLengths);
    }

    private void tellThread(RoutingContext context) {
        context.end(Context.isOnEventLoopThread() ? "event loop" : "virtual thread");
    }

    private void tellWhatIsAwaited(RoutingContext context) {
        waiting.incrementAndGet();
        context.end(await(awaited.future()));
    }

    private void tellLengths(RoutingContext context) {
        await(vertx.timer(1));
        int length = Web.field(context, "a").length()
                + Web.field(context, "b").length()
                + Web.field(context, "c").length();
        context.end(Integer.toString(length));
    }

    @ParameterizedTest
    @CsvSource({
        "/quick, event loop",
        "/slow, virtual thread",
        "/some, event loop",
        "/some?asked, virtual thread",
    })
    void onlyWhatMayWaitLeavesTheEventLoop(String path, String where) {
        assertEquals(where, get(path).join().body());
    }

    @Test
    void whoeverWaitsOnTheEventLoopFailsAtOnce() {
        assertEquals(500, get("/forgotten").join().statusCode());
    }

    @Test
    void whileManyWaitOthersAreAnswered() {
        List<CompletableFuture<HttpResponse<String>>> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(get("/waiting"));
        }
        Eventually.equal(50, waiting::get);

        assertEquals(200, get("/quick").join().statusCode());
        assertEquals(200, get("/slow").join().statusCode());
        awaited.complete("done");
        many.forEach(answer -> assertEquals("done", answer.join().body()));
    }

    @Test
    void aFormHasArrivedInFullBeforeAnythingWaits() {
        HttpResponse<String> page = get("/page").join();
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        String csrf = CSRF.matcher(page.body())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1)
                .replace("&#x3D;", "=");
        String field = "x".repeat(5000);

        HttpRequest form = HttpRequest.newBuilder(URI.create(url("/form")))
                .header("Cookie", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.concat(
                        part("csrf=" + csrf), part("&a=" + field), part("&b=" + field), part("&c=" + field)))
                .build();

        HttpResponse<String> answer =
                http.sendAsync(form, BodyHandlers.ofString()).join();
        assertEquals("15000", answer.body());
    }

    @Test
    void whoeverWaitsWhenItStopsIsAnsweredAndNobodyElseIs() {
        CompletableFuture<HttpResponse<String>> early = get("/waiting");
        Eventually.equal(1, waiting::get);

        Future<Void> stopping = vertx.undeploy(deployment);
        Eventually.equal(false, this::takesConnections);
        awaited.complete("done");

        assertEquals("done", early.join().body());
        stopping.await();
    }

    @Test
    void whoeverIsAnsweredWhileItLeavesComesBackOnAnotherConnection() {
        assertEquals(Optional.empty(), get("/quick").join().headers().firstValue("Connection"));
        leaving.set(true);
        for (String path : List.of("/quick", "/slow", "/no-such-page")) {
            assertEquals(Optional.of("close"), get(path).join().headers().firstValue("Connection"), path);
        }
    }

    /** Of unknown length, so that it is sent as a chunk of its own. */
    private static BodyPublisher part(String text) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private boolean takesConnections() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        return http.sendAsync(HttpRequest.newBuilder(URI.create(url(path))).build(), BodyHandlers.ofString());
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
