package dev.sallyport.dispatch.twilio;

import com.twilio.http.Request;
import com.twilio.http.Response;
import dev.sallyport.dispatch.http.HttpCalls;
import dev.sallyport.dispatch.http.NoAnswer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's client, for one exchange. Twilio's own client POSTs up to six times on a 5xx, so one call would become several
 * texts; this one POSTs once. It is made anew for each message, so that the answer (whose headers Twilio's exceptions drop)
 * can be read afterwards without knowing which thread asked.
 */
final class OneAttempt extends com.twilio.http.HttpClient {

    private final HttpCalls calls;
    private final URI baseUrl;
    private @Nullable HttpResponse<String> answer;

    OneAttempt(HttpCalls calls, URI baseUrl) {
        this.calls = calls;
        this.baseUrl = baseUrl;
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
        var received = calls.exchange(translated(request));
        answer = received;
        return new Response(received.body(), received.statusCode(), headersOf(received));
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
}
