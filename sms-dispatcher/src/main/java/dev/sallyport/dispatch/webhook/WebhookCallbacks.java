package dev.sallyport.dispatch.webhook;

import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.callback.CallbackReader;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/** A gateway's reports for the endpoint that takes the reports of all providers. */
public final class WebhookCallbacks implements CallbackReader {

    private final String instance;
    private final WebhookReports reports;

    /** @param instance the name of the provider instance whose keys sign the reports */
    public WebhookCallbacks(String instance, WebhookReports reports) {
        this.instance = instance;
        this.reports = reports;
    }

    @Override
    public Result read(URI uri, Function<String, Optional<String>> headers, byte[] body) {
        return switch (reports.read(headers, body)) {
            case WebhookReports.Report report -> new News(callback(report));
            case WebhookReports.NotGenuine notGenuine -> new NotGenuine();
            case WebhookReports.Malformed malformed -> new Malformed();
        };
    }

    private Callback callback(WebhookReports.Report report) {
        Callback callback = Callback.of(
                report.messageId(),
                report.attempt(),
                report.phoneKey(),
                instance,
                report.providerId(),
                report.status(),
                report.at());
        return report.failure()
                .map(failure -> callback.because(
                        failure,
                        report.code().orElse("status-" + report.status().id())))
                .orElse(callback);
    }
}
