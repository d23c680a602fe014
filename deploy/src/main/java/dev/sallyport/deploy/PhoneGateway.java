package dev.sallyport.deploy;

import dev.sallyport.Ids;
import dev.sallyport.Role;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.WebTokens;
import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import dev.sallyport.dispatch.phonescreen.PhoneScreenSmsProvider;
import dev.sallyport.dispatch.webhook.WebhookKeys;
import dev.sallyport.web.Assets;
import dev.sallyport.web.ClientAddress;
import dev.sallyport.web.Cookies;
import dev.sallyport.web.Csrf;
import dev.sallyport.web.Onward;
import dev.sallyport.web.Pages;
import dev.sallyport.web.Routes;
import dev.sallyport.web.Web;
import dev.sallyport.web.WebVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The phones of a cluster on one machine: a gateway that its dispatchers tell of each text, as docs/sms-webhook.md has it,
 * and the page that shows what it was told. On loopback, for trying out.
 */
final class PhoneGateway implements Routes, AutoCloseable {

    private static final String PATH = "/texts";
    private static final int MOST_BYTES = 16 * 1024;

    private final Vertx vertx = Vertx.vertx(Platform.options().setEventLoopPoolSize(1));
    private final PhoneScreen screen = new PhoneScreen(Clock.systemUTC());
    private final PhoneScreenSmsProvider phones = new PhoneScreenSmsProvider("phones", screen);
    private final String secret;
    private final WebhookKeys keys;
    private final int port;

    /** Starts nothing. */
    PhoneGateway(int port) {
        this.port = port;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.secret = "whsec_" + Base64.getEncoder().encodeToString(random);
        this.keys = new WebhookKeys(List.of(secret));
    }

    /** What a dispatcher is told so that its texts come here. */
    Map<String, String> environment() {
        return Map.of(
                "SALLYPORT_SMS_PROVIDER",
                "webhook",
                "SALLYPORT_WEBHOOK_URL",
                "http://127.0.0.1:" + port + PATH,
                "SALLYPORT_WEBHOOK_SECRET",
                secret);
    }

    /**
     * Listens.
     *
     * @param webKeys a folder with the keys of a web role
     */
    void start(Path webKeys, URI site, String brand) {
        WebTokens tokens = new WebTokens(Keyring.open(webKeys, EnumSet.of(Role.LOGIN)));
        Csrf csrf = new Csrf(new Cookies(false), tokens, new Ids(Clock.systemUTC(), new SecureRandom()), site);
        Assets assets = new Assets();
        Web web = new Web(
                new Pages(vertx),
                csrf,
                new ClientAddress(List.of()),
                new Onward(Set.of()),
                Map.of("brand", brand, "assets", assets.prefix(), "phoneScreen", true));
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(port);
        vertx.deployVerticle(
                        new WebVerticle(
                                options,
                                web,
                                assets,
                                List.of(this, new PhoneScreenRoutes(screen, web)),
                                false,
                                List.of(),
                                () -> false),
                        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @Override
    public void mount(Router router) {
        router.post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MOST_BYTES))
                .handler(this::take);
    }

    private void take(RoutingContext context) {
        Buffer body = Objects.requireNonNullElseGet(context.body().buffer(), Buffer::buffer);
        if (!isGenuine(context, body)) {
            answer(context, 401, new JsonObject().put("failure", "configuration"));
            return;
        }
        try {
            JsonObject text = new JsonObject(body);
            JsonObject reference = text.getJsonObject("reference");
            SendResult shown = phones.send(new TextMessage(
                    reference.getString("message"),
                    reference.getString("key"),
                    text.getString("to"),
                    text.getString("text"),
                    Duration.ofSeconds(text.getInteger("validity")),
                    reference.getInteger("attempt")));
            answer(context, 200, new JsonObject().put("id", ((SendResult.Accepted) shown).providerId()));
        } catch (DecodeException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            answer(context, 400, new JsonObject().put("failure", "unclassified").put("code", "malformed"));
        }
    }

    private boolean isGenuine(RoutingContext context, Buffer body) {
        return keys.verify(
                header(context, "webhook-id"),
                header(context, "webhook-timestamp"),
                body.getBytes(),
                header(context, "webhook-signature"));
    }

    private static String header(RoutingContext context, String name) {
        return Objects.requireNonNullElse(context.request().getHeader(name), "");
    }

    private static void answer(RoutingContext context, int status, JsonObject body) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toBuffer());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
