package dev.sallyport.dispatch.pace;

import java.util.function.LongSupplier;

/**
 * Keeps messages from a provider that fails: open after five failures in a row, or when half of the last twenty failed;
 * from then on one message every two seconds tries it, and the first that succeeds closes it. Safe for many threads at once.
 */
public final class Breaker {

    private static final int IN_A_ROW = 5;
    private static final int LAST = 20;
    private static final long PROBE_EVERY_NANOS = 2_000_000_000;

    private final LongSupplier nanos;
    /** The last results, the newest in the lowest bit; 1 is a failure. */
    private int results;

    private int known;
    private boolean open;
    private long lastProbe;

    /** @param nanos monotonic time, such as {@link System#nanoTime} */
    public Breaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** True if the provider may be asked now; while open that is the promise of one try. */
    public synchronized boolean admits() {
        boolean admits = mayAdmit();
        if (admits && open) {
            lastProbe = nanos.getAsLong();
        }
        return admits;
    }

    /** True if {@link #admits} would be; promises nothing. */
    public synchronized boolean mayAdmit() {
        return !open || nanos.getAsLong() - lastProbe >= PROBE_EVERY_NANOS;
    }

    /** The provider has answered as a working one does; a refusal of one message is such an answer. */
    public synchronized void worked() {
        if (open) {
            open = false;
            known = 0;
            results = 0;
        }
        note(0);
    }

    /** The provider was not there, did not answer, or failed. */
    public synchronized void failed() {
        note(1);
        int row = (1 << IN_A_ROW) - 1;
        boolean many = known >= LAST && Integer.bitCount(results) * 2 >= LAST;
        if (!open && ((results & row) == row || many)) {
            open = true;
            lastProbe = nanos.getAsLong();
        }
    }

    private void note(int failure) {
        results = (results << 1 | failure) & ((1 << LAST) - 1);
        known = Math.min(LAST, known + 1);
    }

    public synchronized boolean isOpen() {
        return open;
    }
}
