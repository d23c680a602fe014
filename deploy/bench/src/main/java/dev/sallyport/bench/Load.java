package dev.sallyport.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Loads of two kinds, and what they count. Callers block; each task runs on a virtual thread. */
final class Load {

    /** @param done tasks that returned true */
    record Count(long done, long refused) {}

    private Load() {}

    /** Closed: so many tasks at a time, each again as soon as it is done. */
    static Count closed(int atOnce, Duration time, IntFunction<BooleanSupplier> tasks) {
        long end = System.nanoTime() + time.toNanos();
        LongAdder done = new LongAdder();
        LongAdder refused = new LongAdder();
        List<Runnable> loops = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            BooleanSupplier task = tasks.apply(i);
            loops.add(() -> {
                while (System.nanoTime() < end) {
                    (task.getAsBoolean() ? done : refused).increment();
                }
            });
        }
        runAll(loops, 0);
        return new Count(done.sum(), refused.sum());
    }

    /** Open: a task begins every {@code 1/perSecond} s, however long the earlier ones take. */
    static Count open(int count, double perSecond, IntFunction<BooleanSupplier> tasks) {
        LongAdder done = new LongAdder();
        LongAdder refused = new LongAdder();
        List<Runnable> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BooleanSupplier task = tasks.apply(i);
            all.add(() -> (task.getAsBoolean() ? done : refused).increment());
        }
        runAll(all, (long) (1e9 / perSecond));
        return new Count(done.sum(), refused.sum());
    }

    private static void runAll(List<Runnable> tasks, long apartNanos) {
        List<Future<?>> running = new ArrayList<>();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < tasks.size(); i++) {
                long wait = start + i * apartNanos - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
                running.add(threads.submit(tasks.get(i)));
            }
            for (Future<?> task : running) {
                task.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request of the bench failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The value below which a part of all lies; 0.5 is the median. */
    static double quantile(double part, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
    }
}
