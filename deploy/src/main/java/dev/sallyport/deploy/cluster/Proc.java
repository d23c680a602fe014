package dev.sallyport.deploy.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells of a process in {@code /proc/PID/status}. */
final class Proc {

    private Proc() {}

    /** True while signals hold it. */
    static boolean isStopped(long pid) {
        return field(pid, "State:").startsWith("T");
    }

    static long residentBytes(long pid) {
        return Long.parseLong(field(pid, "VmRSS:").replaceAll("\\D", "")) * 1024;
    }

    private static String field(long pid, String name) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("process " + pid + " has ended"));
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " has ended, or this is not Linux", e);
        }
    }
}
