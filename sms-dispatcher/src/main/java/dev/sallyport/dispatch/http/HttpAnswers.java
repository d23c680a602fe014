package dev.sallyport.dispatch.http;

import dev.sallyport.sms.FailureClass;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What HTTP itself says about an answer that is not an acceptance. */
public final class HttpAnswers {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

    private HttpAnswers() {}

    /** What the status stands for where the provider's body says nothing of its own. */
    public static FailureClass failureClass(int status) {
        return switch (status) {
            case 401, 403 -> FailureClass.CONFIGURATION;
            case 429 -> FailureClass.THROTTLED;
            default -> {
                if (status < 400) {
                    // A success that names no message, or a redirect: a proxy may have passed the request on.
                    yield FailureClass.UNREADABLE_ANSWER;
                }
                yield status < 500 ? FailureClass.UNCLASSIFIED : FailureClass.SERVER_ERROR;
            }
        };
    }

    /** Only the form in seconds; a date would need the two clocks to agree. */
    public static Optional<Duration> retryAfter(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(value -> SECONDS.matcher(value).matches())
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }
}
