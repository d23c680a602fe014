package dev.sallyport.dispatch.http;

import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.sms.FailureClass;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Makes each request once, and follows no redirect: a hidden repetition is a second text on a person's phone. Safe for use
 * by many threads.
 */
public final class HttpCalls implements AutoCloseable {

    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** For the whole call, connecting included. */
    public static final Duration CALL_TIMEOUT = SmsProvider.LONGEST_CALL;

    /**
     * A body leaves so soon after its call began, or never: a process that was stopped in between has been given up by
     * others, who have sent what it had.
     */
    private static final long LEAVES_WITHIN_NANOS = CONNECT_TIMEOUT.toNanos();

    private final HttpClient transport;
    private final LongSupplier nanos;
    private final Duration callTimeout;
    private final int maxAnswerBytes;

    /**
     * @param callTimeout for the whole call, connecting included
     * @param maxAnswerBytes whoever answers more than this is not the provider
     */
    public HttpCalls(Duration connectTimeout, Duration callTimeout, int maxAnswerBytes) {
        this(connectTimeout, callTimeout, maxAnswerBytes, System::nanoTime);
    }

    /** @param nanos monotonic time that goes on while the process is stopped, such as {@link System#nanoTime} */
    HttpCalls(Duration connectTimeout, Duration callTimeout, int maxAnswerBytes, LongSupplier nanos) {
        this.nanos = nanos;
        this.callTimeout = callTimeout;
        this.maxAnswerBytes = maxAnswerBytes;
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

    /**
     * Blocks until the whole answer is there. The deadline spans the whole exchange: the JDK's own request timeout ends with
     * the headers, and a body that never ends would hold the caller forever.
     *
     * @throws NoAnswer if there is none; after an interrupt the thread stays interrupted
     */
    public HttpResponse<String> exchange(HttpRequest request) {
        var pending =
                transport.sendAsync(prompt(request), BodyHandlers.limiting(BodyHandlers.ofString(), maxAnswerBytes));
        try {
            return pending.get(callTimeout.toNanos(), TimeUnit.NANOSECONDS);
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

    private HttpRequest prompt(HttpRequest request) {
        long latest = nanos.getAsLong() + LEAVES_WITHIN_NANOS;
        return request.bodyPublisher()
                .filter(body -> body.contentLength() != 0)
                .map(body -> HttpRequest.newBuilder(request, (_, _) -> true)
                        .method(request.method(), new PromptBody(body, () -> nanos.getAsLong() - latest > 0))
                        .build())
                .orElse(request);
    }

    /** Waits for calls under way, for the call timeout at most. */
    @Override
    public void close() {
        transport.close();
    }
}
