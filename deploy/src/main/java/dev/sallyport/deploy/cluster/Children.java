package dev.sallyport.deploy.cluster;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Processes that do not outlive this JVM: when it ends, those that still run are killed. Only SIGKILL gets past this;
 * then the {@link PidFile}s tell what is left.
 */
public final class Children {

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static volatile boolean ending;
    private static volatile Runnable farewell = () -> {};

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Children::killAll, "kill-children"));
    }

    private Children() {}

    /**
     * Starts one.
     *
     * @throws ClusterFailed if there is no such program or folder
     */
    public static Process start(ProcessBuilder builder) {
        RUNNING.removeIf(process -> !process.isAlive());
        try {
            Process process = builder.start();
            RUNNING.add(process);
            if (ending) {
                process.destroyForcibly();
            }
            return process;
        } catch (IOException e) {
            throw new ClusterFailed(
                    "%s can't be started: %s.".formatted(builder.command().getFirst(), e.getMessage()), e);
        }
    }

    /** What is done at the end of this JVM before those that still run are killed. */
    public static void beforeKilling(Runnable work) {
        farewell = work;
    }

    private static void killAll() {
        try {
            farewell.run();
        } finally {
            killNow();
        }
    }

    private static void killNow() {
        ending = true;
        RUNNING.forEach(Process::destroyForcibly);
    }
}
