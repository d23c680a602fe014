package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tells from {@code /proc} whether something else used the machine meanwhile. Linux only, as the figures are. */
final class Machine {

    /** A round in which others took more of all processors than this is thrown away. */
    static final double MOST_OF_OTHERS = 0.06;

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    /** The kernel's unit, 1/100 s on every Linux. */
    static final long TICK_NANOS = 10_000_000;

    private final List<Part> ours;
    private long wall;
    private long busy;
    private long own;

    /** @param ours the processes that belong to the bench, beside this one and those that it waited for */
    Machine(List<Part> ours) {
        this.ours = ours;
        begin();
    }

    void begin() {
        wall = System.nanoTime();
        busy = busyNanos();
        own = ownNanos();
    }

    /** What others took since {@link #begin}, as a part of all processors: 0 nothing, 1 everything. */
    double others() {
        long foreign = (busyNanos() - busy) - (ownNanos() - own);
        return Math.max(0, foreign / (double) (CORES * (System.nanoTime() - wall)));
    }

    /** Processor time of this process, in nanoseconds. */
    static long driverCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private long ownNanos() {
        String[] self = fields(read("/proc/self/stat"));
        // utime, stime, and those of children that were waited for: fields 14 to 17, counted behind the name.
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(self[i]);
        }
        return ticks * TICK_NANOS + ours.stream().mapToLong(Part::cpu).sum();
    }

    /** Everything but idle and waiting for disks; also what another machine on the same hardware took from this one. */
    private static long busyNanos() {
        String[] all = read("/proc/stat").lines().findFirst().orElseThrow().split(" +", -1);
        long ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
            ticks += Long.parseLong(all[i]);
        }
        return ticks * TICK_NANOS;
    }

    /** Processor time in a {@code stat} file of a process or thread, user and system, in ticks. */
    static long ticks(String stat) {
        String[] fields = fields(stat);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** The fields behind the process's name, which may itself hold spaces. */
    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException("The benches need Linux's /proc", e);
        }
    }

    /** Empty if there is no such file. */
    static String readIfThere(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }

    /** What the kernel is set to: {@code madvise}, {@code always} or {@code never}; it decides much of a hash's time. */
    static String hugePages() {
        return readIfThere("/sys/kernel/mm/transparent_hugepage/enabled").replaceAll("(?s).*\\[|\\].*", "");
    }

    static void rest(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static int cores() {
        return CORES;
    }
}
