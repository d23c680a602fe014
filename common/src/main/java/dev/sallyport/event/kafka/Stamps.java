package dev.sallyport.event.kafka;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers what one process tells auditors, without a gap from 1, so that they see if something got lost on its way. An event
 * that is produced again has a new number; a number that is missing then is the attempt that was not acknowledged.
 */
public final class Stamps {

    private final String node;
    private final String boot = UUID.randomUUID().toString();
    private final AtomicLong last = new AtomicLong();

    /** @param node names the machine for operators */
    public Stamps(String node) {
        this.node = node;
    }

    /** CloudEvents attributes for the next event that is produced. */
    Map<String, String> next() {
        return Map.of("node", node, "boot", boot, "sequence", Long.toString(last.incrementAndGet()));
    }
}
