package dev.sallyport.dispatch.ledger;

import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * One partition's ledger while this process holds the partition. An attempt is claimed here before it is made: the claim is
 * written, read back, and counts only if no other claim of the attempt lies before it and no time was lost since. So of two
 * workers that both believe to hold the partition, one makes the attempt. Blocks; called on JDK virtual threads.
 */
public final class Ledger {

    /** What came of a claim. */
    public enum Claim {
        /** The attempt may be made now, and by nobody else. */
        MINE,
        /** Another worker's claim came first; it has made the attempt, is making it, or has died over it. */
        ANOTHERS,
        /** It can't be told in time whose the attempt is, or the moment has passed: it must not be made. */
        TOO_LATE
    }

    /** Writes an entry under a record key, and tells its offset. */
    @FunctionalInterface
    public interface Writer {

        CompletionStage<Long> write(String phoneKey, LedgerEntry entry);
    }

    /** When a claim was begun, where it lies, and when that was known. */
    private record Written(long begun, long offset, long nanos) {}

    /** A call for which an attempt was claimed begins so soon after {@link Started#at}, or never. */
    public static final Duration CALL_WITHIN = Duration.ofSeconds(3);

    /** A process that was stopped between claim and call may have been given up by the others meanwhile. */
    private static final long CLAIM_GOOD_FOR_NANOS = 1_000_000_000;
    /** It may also have been stopped before it heard that the claim stands; others give it up after 6 seconds. */
    private static final long WRITTEN_WITHIN_NANOS = CALL_WITHIN.toNanos();

    private final int partition;
    private final Book book;
    private final Writer writer;
    private final LongSupplier nanos;
    private final CountDownLatch released = new CountDownLatch(1);
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /** @param nanos monotonic time that goes on while the process is stopped, such as {@link System#nanoTime} */
    public Ledger(int partition, Book book, Writer writer, LongSupplier nanos) {
        this.partition = partition;
        this.book = book;
        this.writer = writer;
        this.nanos = nanos;
    }

    /** Its number. */
    public int partition() {
        return partition;
    }

    /** What was read of this partition. */
    public Book book() {
        return book;
    }

    /**
     * Claims an attempt, and waits until it may be made.
     *
     * @param atMost how long the claim may take to be written
     * @param gate lets the attempt through and returns 0, or how long it has to wait, in nanoseconds, until it is asked again
     */
    public Claim claim(Started started, Duration atMost, LongSupplier gate) throws InterruptedException {
        Written written;
        try {
            written = write(started).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return Claim.TOO_LATE;
        }
        if (!book.awaitRead(written.offset(), Duration.ofNanos(Math.max(0, left(written))))) {
            return Claim.TOO_LATE;
        }
        Optional<Started> owner = book.owner(started.messageId(), started.attempt());
        if (owner.isEmpty()) {
            // Read so long after it was written that it was passed over.
            return Claim.TOO_LATE;
        }
        if (!owner.get().equals(started)) {
            return Claim.ANOTHERS;
        }
        return pass(written, gate) && book.isNewest(started) ? Claim.MINE : Claim.TOO_LATE;
    }

    /** False if the claim is too old by then. */
    private boolean pass(Written written, LongSupplier gate) throws InterruptedException {
        long wait = gate.getAsLong();
        while (wait > 0 && wait < left(written) && pause(Duration.ofNanos(wait))) {
            wait = gate.getAsLong();
        }
        return wait <= 0 && left(written) > 0;
    }

    private CompletableFuture<Written> write(Started started) {
        long begun = nanos.getAsLong();
        return writer.write(started.sending().phoneKey(), started)
                .thenApply(offset -> new Written(begun, offset, nanos.getAsLong()))
                .toCompletableFuture();
    }

    private long left(Written written) {
        long now = nanos.getAsLong();
        return Math.min(CLAIM_GOOD_FOR_NANOS - (now - written.nanos()), WRITTEN_WITHIN_NANOS - (now - written.begun()));
    }

    /** Begins to write what became of an attempt. */
    public CompletionStage<Long> end(String phoneKey, Ended ended) {
        return writer.write(phoneKey, ended);
    }

    /** Takes a message in hand; false while it is in hand already, for another copy of its order. */
    public boolean begin(String messageId) {
        return underWay.add(messageId);
    }

    /** Lets go of a message that was taken with {@link #begin}. */
    public void done(String messageId) {
        underWay.remove(messageId);
    }

    /** Waits; false, and at once, if the partition is another's by then. */
    public boolean pause(Duration time) throws InterruptedException {
        return !released.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The partition is another's from now on: nothing more may be begun here. */
    public void release() {
        released.countDown();
        book.close();
    }

    /** True while this process holds the partition, as far as it knows. */
    public boolean isHeld() {
        return released.getCount() > 0;
    }
}
