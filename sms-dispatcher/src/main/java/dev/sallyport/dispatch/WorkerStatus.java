package dev.sallyport.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How one dispatcher process is doing, for operators; leaves every two seconds.
 *
 * @param worker names the process: host and process id
 * @param partitions which it owns of {@code sallyport.sms.send}
 * @param lag records of these that it has not read yet
 * @param underWay orders that are read and not finished
 * @param oldestUnsent how long ago the oldest of these was ordered; zero without one
 * @param rate messages a second that it may send now
 */
public record WorkerStatus(
        String worker,
        Instant at,
        List<Integer> partitions,
        long lag,
        int underWay,
        Duration oldestUnsent,
        double rate,
        List<ProviderStatus> providers) {

    /**
     * One provider instance as this process sees it.
     *
     * @param open true while its breaker keeps messages away
     * @param rateFactor what its complaints have left of the rate: 1 everything
     * @param calls under way
     * @param lastFailure class and code of the last failure
     * @param failedAt when that was
     */
    public record ProviderStatus(
            String name,
            boolean open,
            double rateFactor,
            int calls,
            Optional<String> lastFailure,
            Optional<Instant> failedAt) {}
}
