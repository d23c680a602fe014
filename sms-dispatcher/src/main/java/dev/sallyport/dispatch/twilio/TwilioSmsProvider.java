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
import dev.sallyport.dispatch.http.HttpAnswers;
import dev.sallyport.dispatch.http.HttpCalls;
import dev.sallyport.dispatch.http.NoAnswer;
import dev.sallyport.sms.FailureClass;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
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

    private static final String DEFAULT_NAME = "twilio";

    /** Twilio's bounds of {@code ValidityPeriod}, seconds. */
    private static final long SHORTEST_VALIDITY = 1;

    private static final long LONGEST_VALIDITY = 36_000;
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,3}");

    private final String name;
    private final TwilioConfig config;
    private final HttpCalls calls;
    private final TwilioErrors errors = TwilioErrors.bundled();

    /** The only instance, named after the provider. */
    public TwilioSmsProvider(TwilioConfig config) {
        this(DEFAULT_NAME, config);
    }

    /** @param name see {@link #name()} */
    public TwilioSmsProvider(String name, TwilioConfig config) {
        this(name, config, HttpCalls.CONNECT_TIMEOUT, HttpCalls.CALL_TIMEOUT);
    }

    public TwilioSmsProvider(TwilioConfig config, Duration connectTimeout, Duration responseTimeout) {
        this(DEFAULT_NAME, config, connectTimeout, responseTimeout);
    }

    private TwilioSmsProvider(String name, TwilioConfig config, Duration connectTimeout, Duration responseTimeout) {
        this.name = name;
        this.config = config;
        this.calls = new HttpCalls(connectTimeout, responseTimeout, OneAttempt.MAX_ANSWER_BYTES);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SendResult send(TextMessage message) {
        var attempt = new OneAttempt(calls, config.baseUrl());
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
        calls.close();
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
                HttpAnswers.retryAfter(answer));
    }

    private static int count(@Nullable String segments) {
        return segments != null && COUNT.matcher(segments).matches() ? Integer.parseInt(segments) : 0;
    }
}
