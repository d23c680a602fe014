package dev.sallyport.testing;

import dev.sallyport.event.EventRecord;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/** Where a store is tried: it can wait there, time stands still, and its neighbours come and go as the test wants. */
public interface StoreRig {

    MovableClock clock();

    /** Runs work where a store can wait, and waits for it; an exception comes out as it is. */
    <T> T call(Callable<T> work);

    /** Starts as many works at once and waits for all. */
    <T> List<T> atOnce(int count, IntFunction<T> work);

    /** What has arrived on the audit topic with this key, in that order. */
    List<EventRecord> arrived(String key);

    /** Waits until nothing is on its way any more, to the audit topic or into the store. */
    void settle();

    /** Does what is otherwise done every few seconds: produces what was left behind, deletes what is over. */
    void sweep();

    /** From now on the broker takes nothing. */
    void brokerLeaves();

    void brokerReturns();

    /** From now on the store can't be reached. */
    void storeLeaves();

    void storeReturns();
}
