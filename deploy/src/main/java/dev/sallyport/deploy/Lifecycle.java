package dev.sallyport.deploy;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be stopped in reverse order. A part that fails to stop is logged and the others still stop. */
final class Lifecycle {

    /** Stops one part and waits until it has stopped. */
    interface Stop {
        void run() throws Exception;
    }

    private record Part(String name, Stop stop) {}

    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<Part> started = new ArrayDeque<>();

    void started(String name, Stop stop) {
        started.push(new Part(name, stop));
    }

    void stopAll() {
        while (!started.isEmpty()) {
            Part part = started.pop();
            try {
                part.stop().run();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", part.name(), e);
            }
        }
    }
}
