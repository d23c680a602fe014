package dev.sallyport.dispatch.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.http.HttpAnswers;
import dev.sallyport.dispatch.http.HttpCalls;
import dev.sallyport.dispatch.http.NoAnswer;
import dev.sallyport.sms.FailureClass;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a gateway of each text with one signed POST, and asks it for a lost answer with a signed GET, as
 * {@code docs/sms-webhook.md} has it. What the gateway does with the text is its own affair.
 */
public final class WebhookSmsProvider implements SmsProvider, AutoCloseable {

    private static final int MAX_ANSWER_BYTES = 16 * 1024;
    private static final byte[] NOTHING = {};

    private final WebhookConfig config;
    private final Clock clock;
    private final HttpCalls calls;

    public WebhookSmsProvider(WebhookConfig config, Clock clock) {
        this(config, clock, HttpCalls.CONNECT_TIMEOUT, HttpCalls.CALL_TIMEOUT);
    }

    /** @param callTimeout for the whole call, connecting included */
    public WebhookSmsProvider(WebhookConfig config, Clock clock, Duration connectTimeout, Duration callTimeout) {
        this.config = config;
        this.clock = clock;
        this.calls = new HttpCalls(connectTimeout, callTimeout, MAX_ANSWER_BYTES);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public SendResult send(TextMessage message) {
        byte[] body = body(message);
        HttpRequest request = signed(message, "", body)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            return resultOf(calls.exchange(request));
        } catch (NoAnswer failure) {
            return SendResult.failed(failure.failureClass(), failure.code(), Optional.empty());
        }
    }

    /** A gateway without look-ups answers 404 or the like, which is as good as not knowing. */
    @Override
    public Optional<SendResult> find(TextMessage message, Instant begun, Set<String> others) {
        HttpRequest request =
                signed(message, '/' + webhookId(message), NOTHING).GET().build();
        try {
            HttpResponse<String> answer = calls.exchange(request);
            return answer.statusCode() == 200 ? told(answer) : Optional.empty();
        } catch (NoAnswer failure) {
            return Optional.empty();
        }
    }

    /** Waits for calls under way, for the call timeout at most. */
    @Override
    public void close() {
        calls.close();
    }

    private HttpRequest.Builder signed(TextMessage message, String path, byte[] body) {
        String id = webhookId(message);
        long now = clock.instant().getEpochSecond();
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path))
                .header("Accept", "application/json")
                .header("User-Agent", "sallyport")
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(now))
                .header("webhook-signature", config.keys().sign(id, now, body));
        if (config.url().getUserInfo() != null) {
            byte[] credentials = config.url().getUserInfo().getBytes(UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        return request;
    }

    private URI address(String path) {
        URI url = config.url();
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        String base = path.isEmpty() ? url.getRawPath() : url.getRawPath().replaceFirst("/$", "") + path;
        String query = url.getRawQuery() == null ? "" : '?' + url.getRawQuery();
        return URI.create(url.getScheme() + "://" + url.getHost() + port + base + query);
    }

    /** No full stop between the two: it separates what is signed. */
    private static String webhookId(TextMessage message) {
        return URLEncoder.encode(message.messageId(), UTF_8) + '_' + message.attempt();
    }

    private static byte[] body(TextMessage message) {
        return new JsonObject()
                .put(
                        "reference",
                        new JsonObject()
                                .put("message", message.messageId())
                                .put("attempt", message.attempt())
                                .put("key", message.phoneKey()))
                .put("to", message.to())
                .put("text", message.text())
                .put("validity", Math.max(1, message.validity().toSeconds()))
                .toBuffer()
                .getBytes();
    }

    private static SendResult resultOf(HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return told(answer).orElseGet(() -> failed(FailureClass.UNREADABLE_ANSWER, answer));
        }
        FailureClass byStatus = HttpAnswers.failureClass(status);
        boolean mayExplain = status >= 400 && status < 500 && byStatus != FailureClass.THROTTLED;
        return failed(mayExplain ? words(answer).flatMap(GatewayWords::failure).orElse(byStatus) : byStatus, answer);
    }

    /** What a success says: an id, or a failure that the gateway knows of already. */
    private static Optional<SendResult> told(HttpResponse<String> answer) {
        return words(answer).flatMap(words -> {
            if (words.tellsFailure()) {
                return Optional.of(failed(words.failure().orElse(FailureClass.UNCLASSIFIED), answer));
            }
            return words.id("id")
                    .map(id -> new SendResult.Accepted(
                            id, "accepted", words.count("segments").orElse(0)));
        });
    }

    private static SendResult failed(FailureClass failureClass, HttpResponse<String> answer) {
        String code = words(answer).flatMap(GatewayWords::code).orElse("http-" + answer.statusCode());
        return SendResult.failed(failureClass, code, HttpAnswers.retryAfter(answer));
    }

    private static Optional<GatewayWords> words(HttpResponse<String> answer) {
        return GatewayWords.parse(Buffer.buffer(answer.body()));
    }
}
