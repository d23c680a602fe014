package dev.sallyport.dispatch.twilio;

import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.type.PhoneNumber;
import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.TextMessage;
import dev.sallyport.dispatch.http.HttpAnswers;
import dev.sallyport.dispatch.http.HttpCalls;
import dev.sallyport.dispatch.http.NoAnswer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
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

    private final String name;
    private final TwilioConfig config;
    private final HttpCalls calls;
    private final TwilioErrors errors;

    /** The only instance, named after the provider. */
    public TwilioSmsProvider(TwilioConfig config) {
        this(DEFAULT_NAME, config);
    }

    /** @param name see {@link #name()} */
    public TwilioSmsProvider(String name, TwilioConfig config) {
        this(name, config, TwilioErrors.bundled());
    }

    /** @param errors what Twilio's codes mean */
    public TwilioSmsProvider(String name, TwilioConfig config, TwilioErrors errors) {
        this(name, config, errors, HttpCalls.CONNECT_TIMEOUT, HttpCalls.CALL_TIMEOUT);
    }

    public TwilioSmsProvider(TwilioConfig config, Duration connectTimeout, Duration responseTimeout) {
        this(DEFAULT_NAME, config, TwilioErrors.bundled(), connectTimeout, responseTimeout);
    }

    private TwilioSmsProvider(
            String name, TwilioConfig config, TwilioErrors errors, Duration connectTimeout, Duration responseTimeout) {
        this.errors = errors;
        this.name = name;
        this.config = config;
        this.calls = new HttpCalls(connectTimeout, responseTimeout, MessageSearch.MAX_ANSWER_BYTES);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SendResult send(TextMessage message) {
        var attempt = new OneAttempt(calls, config.baseUrl());
        try {
            return resultOf(request(message).create(client(attempt).build()), attempt);
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

    /** One GET of the list of messages, which may lag behind; see {@link MessageSearch}. */
    @Override
    public Optional<SendResult> find(TextMessage message, Instant begun, Set<String> others) {
        var attempt = new OneAttempt(calls, config.baseUrl());
        try {
            return MessageSearch.find(message, begun, others, client(attempt))
                    .map(found -> MessageResource.result(found, errors));
        } catch (NoAnswer silence) {
            return Optional.empty();
        } catch (RuntimeException failure) {
            // As in send: a refusal, or an answer that can't be read, tells nothing; without one it is a bug of ours.
            if (attempt.answer().isEmpty()) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    private TwilioRestClient.Builder client(OneAttempt attempt) {
        return new TwilioRestClient.Builder(config.accountSid(), config.authToken()).httpClient(attempt);
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

    /**
     * The news of a message names it by our id, so an attempt whose answer was lost is still resolved, and its phone by
     * the key, so the news finds whoever sent it. What is in the address is signed with the news.
     */
    private static URI callbackFor(TextMessage message, URI url) {
        var query = "m=%s&a=%d&k=%s"
                .formatted(encoded(message.messageId()), message.attempt(), encoded(message.phoneKey()));
        var parts = url.toString().split("#", 2);
        var fragment = parts.length == 1 ? "" : "#" + parts[1];
        return URI.create(parts[0] + (url.getRawQuery() == null ? "?" : "&") + query + fragment);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private SendResult resultOf(Message created, OneAttempt attempt) {
        return created.getSid() == null
                ? failed(attempt.answer().orElseThrow(), null)
                : MessageResource.result(created, errors);
    }

    private SendResult failed(HttpResponse<String> answer, @Nullable Integer code) {
        return SendResult.failed(
                errors.ofAnswer(answer.statusCode(), code),
                code == null ? "http-" + answer.statusCode() : code.toString(),
                HttpAnswers.retryAfter(answer));
    }
}
