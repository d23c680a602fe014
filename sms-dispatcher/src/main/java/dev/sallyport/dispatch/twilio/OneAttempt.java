package dev.sallyport.dispatch.twilio;

import com.twilio.http.Request;
import com.twilio.http.Response;
import dev.sallyport.ExpectedFailure;
import dev.sallyport.sms.FailureClass;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's client, for one exchange. Twilio's own client POSTs up to six times on a 5xx, so one call would become several
 * texts; this one POSTs once. It is made anew for each message, so that the answer (whose headers Twilio's exceptions drop)
 * can be read afterwards without knowing which thread asked.
 */
final class OneAttempt extends com.twilio.http.HttpClient {

    private final HttpClient transport;
    private final URI baseUrl;
    private final Duration responseTimeout;
    private final int maxAnswerBytes;
    private @Nullable HttpResponse<String> answer;

    /** @param maxAnswerBytes whoever answers more than this is not Twilio */
    OneAttempt(HttpClient transport, URI baseUrl, Duration responseTimeout, int maxAnswerBytes) {
        this.transport = transport;
        this.baseUrl = baseUrl;
        this.responseTimeout = responseTimeout;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /** What came back, unless {@link NoAnswer} was thrown. */
    Optional<HttpResponse<String>> answer() {
        return Optional.ofNullable(answer);
    }

    @Override
    public Response reliableRequest(Request request) {
        return makeRequest(request);
    }

    @Override
    public Response reliableRequest(Request request, int[] retryCodes, int retries, long delayMillis) {
        return makeRequest(request);
    }

    @Override
    public Response makeRequest(Request request) {
        var received = exchange(translated(request));
        answer = received;
        return new Response(received.body(), received.statusCode(), headersOf(received));
    }

    /**
     * The deadline spans the whole exchange: the JDK's own request timeout ends with the headers, and a body that never
     * ends would hold the caller forever.
     */
    private HttpResponse<String> exchange(HttpRequest request) {
        var pending = transport.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), maxAnswerBytes));
        try {
            return pending.get(responseTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw NoAnswer.because(failure.getCause());
        } catch (TimeoutException late) {
            pending.cancel(true);
            throw new NoAnswer(FailureClass.TIMEOUT, "response-timeout", late);
        } catch (InterruptedException stopped) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw new NoAnswer(FailureClass.TIMEOUT, "interrupted", stopped);
        }
    }

    private HttpRequest translated(Request request) {
        var builder = HttpRequest.newBuilder(atBaseUrl(request))
                .header("Authorization", request.getAuthString())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .header("User-Agent", "sallyport");
        return builder.method(request.getMethod().name(), BodyPublishers.ofString(request.encodeFormBody()))
                .build();
    }

    private URI atBaseUrl(Request request) {
        var original = URI.create(request.constructURL().toString());
        var query = original.getRawQuery() == null ? "" : "?" + original.getRawQuery();
        return baseUrl.resolve(original.getRawPath() + query);
    }

    private static Header[] headersOf(HttpResponse<String> response) {
        return response.headers().map().entrySet().stream()
                .flatMap(header ->
                        header.getValue().stream().map(value -> (Header) new BasicHeader(header.getKey(), value)))
                .toArray(Header[]::new);
    }

    /** The exchange ended without an answer. The code is the kind of failure, never its message. */
    static final class NoAnswer extends ExpectedFailure {

        private final FailureClass failureClass;
        private final String code;

        private NoAnswer(FailureClass failureClass, String code, @Nullable Throwable cause) {
            super("No answer from Twilio (" + code + "); see that the base URL can be reached from here", cause);
            this.failureClass = failureClass;
            this.code = code;
        }

        FailureClass failureClass() {
            return failureClass;
        }

        String code() {
            return code;
        }

        private static NoAnswer because(@Nullable Throwable failure) {
            return switch (failure) {
                case HttpConnectTimeoutException timeout ->
                    new NoAnswer(FailureClass.NO_CONNECTION, "connect-timeout", timeout);
                case ConnectException unknown
                when unknown.getCause() instanceof UnresolvedAddressException ->
                    new NoAnswer(FailureClass.NO_CONNECTION, "unresolved-host", unknown);
                case ConnectException refused -> new NoAnswer(FailureClass.NO_CONNECTION, "connect", refused);
                // Until the handshake stands, no byte of the request has left.
                case SSLHandshakeException untrusted ->
                    new NoAnswer(FailureClass.NO_CONNECTION, "tls-handshake", untrusted);
                case IOException broken -> new NoAnswer(FailureClass.CONNECTION_LOST, "connection-lost", broken);
                case null, default -> new NoAnswer(FailureClass.CONNECTION_LOST, "unexpected", failure);
            };
        }
    }
}
