package dev.sallyport.sms.news.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.sms.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Outcomes on their way into the store, the latest of each message. Used by one thread; the writes run elsewhere. */
final class OutcomeWrites {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeWrites.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Consumer<Outcome> keep;
    private final Executor places;
    private final OutageLog outage =
            new OutageLog(LOG, "The store does not take what becomes of messages; it waits in Kafka until it does");
    private final Map<String, Outcome> left = new LinkedHashMap<>();
    private @Nullable CompletableFuture<List<Outcome>> attempt;
    private long failedAt = System.nanoTime() - RETRY_NANOS;

    /**
     * @param keep writes one outcome and waits for it; throws {@link StoreUnavailable}
     * @param places where writing can wait
     */
    OutcomeWrites(Consumer<Outcome> keep, Executor places) {
        this.keep = keep;
        this.places = places;
    }

    void add(Outcome outcome) {
        left.merge(
                outcome.messageId(), outcome, (before, news) -> news.status().isAfter(before.status()) ? news : before);
    }

    /**
     * Writes what is left, all at once; what fails is left for a call that comes a second later.
     *
     * @return true if nothing is left; false also while the store still has to answer
     */
    boolean doneWithin(Duration patience) {
        if (attempt == null && !left.isEmpty() && System.nanoTime() - failedAt >= RETRY_NANOS) {
            attempt = begin(List.copyOf(left.values()));
        }
        if (attempt != null) {
            end(attempt, patience);
        }
        return left.isEmpty();
    }

    private CompletableFuture<List<Outcome>> begin(List<Outcome> outcomes) {
        Queue<Outcome> written = new ConcurrentLinkedQueue<>();
        CompletableFuture<?>[] all = outcomes.stream()
                .map(outcome -> CompletableFuture.runAsync(() -> write(outcome, written), places))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).thenApply(_ -> List.copyOf(written));
    }

    private void write(Outcome outcome, Queue<Outcome> written) {
        try {
            keep.accept(outcome);
            outage.worked();
            written.add(outcome);
        } catch (StoreUnavailable e) {
            outage.failed(e);
        } catch (RuntimeException e) {
            LOG.error("What became of message {} can't be kept and is skipped", outcome.messageId(), e);
            written.add(outcome);
        }
    }

    private void end(CompletableFuture<List<Outcome>> underWay, Duration patience) {
        try {
            List<Outcome> written = underWay.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            attempt = null;
            left.values().removeAll(written);
            if (!left.isEmpty()) {
                failedAt = System.nanoTime();
            }
        } catch (TimeoutException e) {
            // The next call asks again.
        } catch (ExecutionException e) {
            throw new IllegalStateException("A write tells of its failure", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
