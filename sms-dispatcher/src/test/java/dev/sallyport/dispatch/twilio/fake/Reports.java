package dev.sallyport.dispatch.twilio.fake;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What becomes of messages after they were accepted, and that it is told to their callback URLs. */
final class Reports implements AutoCloseable {

    /** A status that a message comes to. */
    record Report(String status, OptionalInt errorCode) {

        static Report of(String status) {
            return new Report(status, OptionalInt.empty());
        }

        static Report of(String status, int errorCode) {
            return new Report(status, OptionalInt.of(errorCode));
        }
    }

    /** Numbers of ours, in the range of Twilio's magic ones: accepted like any other, and then this. */
    private static final Map<String, List<Report>> MAGIC = Map.of(
            "+15005550010", List.of(Report.of("failed", 30008)),
            "+15005550011", List.of(Report.of("sent"), Report.of("undelivered", 30003)),
            "+15005550012", List.of(Report.of("sent"), Report.of("undelivered", 30005)),
            "+15005550013", List.of(Report.of("sent"), Report.of("undelivered", 30006)),
            "+15005550014", List.of(Report.of("sent")));

    private final Ledger ledger;
    private final StatusCallbacks callbacks;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile List<Report> always = List.of();

    Reports(Ledger ledger, StatusCallbacks callbacks) {
        this.ledger = ledger;
        this.callbacks = callbacks;
    }

    void always(String... statuses) {
        always = Arrays.stream(statuses).map(Report::of).toList();
    }

    /** One after the other, each once the one before was answered or could not be. */
    void begin(SentMessage message) {
        var coming = MAGIC.getOrDefault(message.to(), always);
        threads.execute(() -> {
            for (var report : coming) {
                try {
                    send(message, report);
                } catch (IOException e) {
                    ledger.reported(new Ledger.Reported(message.sid(), report.status(), 0));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        });
    }

    /** @return the HTTP status of the receiver's answer; 0 where the message has no callback URL */
    int send(SentMessage message, Report report) throws IOException, InterruptedException {
        var reported = message.reported(report.status(), report.errorCode(), Instant.now());
        ledger.accept(reported);
        if (message.statusCallback().isEmpty()) {
            return 0;
        }
        int answered = callbacks.post(message.statusCallback().get(), reported);
        ledger.reported(new Ledger.Reported(message.sid(), report.status(), answered));
        return answered;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
