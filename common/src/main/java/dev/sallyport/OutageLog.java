package dev.sallyport;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;

/**
 * Logs that something has stopped working, once for the whole outage and not for each of its failures, and once that it
 * works again. For the thousandth time a stack trace says nothing; the sentence of the first failure says what to do.
 */
public final class OutageLog {

    private final Logger log;
    private final String what;
    private final AtomicInteger failures = new AtomicInteger();

    /** @param what what fails and what becomes of it, a sentence without a full stop */
    public OutageLog(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    public void failed(Throwable cause) {
        if (failures.getAndIncrement() == 0) {
            log.warn("{}: {}", what, cause.toString());
        }
    }

    public void worked() {
        // Nearly always there is nothing to tell, and then nothing is written to.
        if (failures.get() > 0) {
            int count = failures.getAndSet(0);
            if (count > 0) {
                log.info("{}: over after {} failures", what, count);
            }
        }
    }
}
