package dev.sallyport.dispatch.twilio;

import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.type.PhoneNumber;
import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SendResult.Accepted;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.twilio.OneAttempt.NoAnswer;
import dev.sallyport.sms.FailureClass;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends through {@code POST /2010-04-01/Accounts/{sid}/Messages.json}. Every call is exactly one POST: Twilio has no
 * idempotency key for messages, so a hidden repetition is a second text on a person's phone.
 *
 * <p>{@code RiskCheck} is left to the account's setting, because the only thing that a request can change about it is to
 * switch the pumping protection off. {@code ContentRetention} and {@code AddressRetention} are left out because they are
 * features that an account has to have.
 */
public final class TwilioSmsProvider implements SmsProvider, AutoCloseable {

    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** For the whole call, connecting included. */
    public static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

    /** Twilio's bounds of {@code ValidityPeriod}, seconds. */
    private static final long SHORTEST_VALIDITY = 1;

    private static final long LONGEST_VALIDITY = 36_000;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,3}");

    private final TwilioConfig config;
    private final Duration responseTimeout;
    private final HttpClient transport;
    private final TwilioErrors errors = TwilioErrors.bundled();

    public TwilioSmsProvider(TwilioConfig config) {
        this(config, CONNECT_TIMEOUT, RESPONSE_TIMEOUT);
    }

    public TwilioSmsProvider(TwilioConfig config, Duration connectTimeout, Duration responseTimeout) {
        this.config = config;
        this.responseTimeout = responseTimeout;
        // The JDK repeats a POST by itself only when no connection came about; jdk.httpclient.enableAllMethodRetry,
        // off by default, must stay off. It drops idle connections after 30 s, before a load balancer does: a POST
        // on a connection that the other side has just closed could not be told from one that was processed.
        this.transport = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Override
    public String name() {
        return "twilio";
    }

    @Override
    public SendResult send(TextMessage message) {
        var attempt = new OneAttempt(transport, config.baseUrl(), responseTimeout);
        var client = new TwilioRestClient.Builder(config.accountSid(), config.authToken())
                .httpClient(attempt)
                .build();
        try {
            return resultOf(request(message).create(client), attempt);
        } catch (NoAnswer failure) {
            return SendResult.failed(failure.failureClass(), failure.code(), Optional.empty());
        } catch (RuntimeException failure) {
            // Twilio's library throws for refusals and, in several types, for bodies that it can't read. Whatever
            // it was, an answer has come, so the request is out and only the answer says what became of it. Without
            // one, nothing has left and the failure is a bug of ours.
            var answer = attempt.answer().orElseThrow(() -> failure);
            return failed(answer, failure instanceof ApiException refusal ? refusal.getCode() : null);
        }
    }

    @Override
    public Optional<SendResult> find(TextMessage message, Instant begun, Set<String> others) {
        return Optional.empty();
    }

    /** Waits for calls under way, for the response timeout at most. */
    @Override
    public void close() {
        transport.close();
    }

    private MessageCreator request(TextMessage message) {
        var to = new PhoneNumber(message.to());
        var creator = config.from().startsWith("MG")
                ? Message.creator(to, config.from(), message.text())
                : Message.creator(to, new PhoneNumber(config.from()), message.text());
        var validity = Math.clamp(message.validity().toSeconds(), SHORTEST_VALIDITY, LONGEST_VALIDITY);
        creator.setValidityPeriod(Math.toIntExact(validity)).setAttempt(message.attempt());
        config.callbackUrl().ifPresent(url -> creator.setStatusCallback(callbackFor(message, url)));
        return creator;
    }

    /** The status news of a message names it by our id, so an attempt whose answer was lost is still resolved. */
    private static URI callbackFor(TextMessage message, URI url) {
        var id = URLEncoder.encode(message.messageId(), StandardCharsets.UTF_8);
        return URI.create(url + (url.getRawQuery() == null ? "?" : "&") + "m=" + id + "&a=" + message.attempt());
    }

    private SendResult resultOf(Message created, OneAttempt attempt) {
        if (created.getStatus() == Message.Status.FAILED) {
            var code = Optional.ofNullable(created.getErrorCode());
            return SendResult.failed(
                    code.flatMap(errors::of).orElse(FailureClass.UNCLASSIFIED),
                    code.map(String::valueOf).orElse("status-failed"),
                    Optional.empty());
        }
        if (created.getSid() == null) {
            return failed(attempt.answer().orElseThrow(), null);
        }
        var status =
                created.getStatus() == null ? "unknown" : created.getStatus().toString();
        return new Accepted(created.getSid(), status, count(created.getNumSegments()));
    }

    private SendResult failed(HttpResponse<String> answer, @Nullable Integer code) {
        return SendResult.failed(
                errors.ofAnswer(answer.statusCode(), code),
                code == null ? "http-" + answer.statusCode() : code.toString(),
                retryAfter(answer));
    }

    /** Only the form in seconds; a date would need the two clocks to agree. */
    private static Optional<Duration> retryAfter(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(value -> SECONDS.matcher(value).matches())
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }

    private static int count(@Nullable String segments) {
        return segments != null && COUNT.matcher(segments).matches() ? Integer.parseInt(segments) : 0;
    }
}
