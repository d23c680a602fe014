package dev.sallyport.deploy.embedded;

import java.util.concurrent.CompletableFuture;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a broker that can't go on. Left alone, Kafka ends the whole JVM; that is right where the broker is all
 * that the JVM runs, so that whoever watches the process starts it again, and wrong elsewhere.
 */
final class BrokerFaults implements FaultHandlerFactory {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);

    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final boolean endsProcess;
    private volatile boolean reporting;

    /** @param endsProcess whether a fault ends the JVM with exit code 1, once the broker has started */
    BrokerFaults(boolean endsProcess) {
        this.endsProcess = endsProcess;
    }

    /** Has Kafka's own calls of {@code exit} and {@code halt} throw instead, for every broker of this JVM. */
    static void surviveExits() {
        Exit.setExitProcedure(BrokerFaults::refuse);
        Exit.setHaltProcedure(BrokerFaults::refuse);
    }

    /** Fails with the first fault that a broker can't live with; never completes otherwise. */
    CompletableFuture<Void> first() {
        return first;
    }

    /** From now on nobody waits for the first fault, so it goes to the log. */
    void report() {
        reporting = true;
    }

    @Override
    public FaultHandler build(String name, boolean fatal, Runnable action) {
        if (!fatal) {
            return new LoggingFaultHandler(name, action);
        }
        return (message, cause) -> {
            action.run();
            FaultHandlerException fault = new FaultHandlerException(name + ": " + message, cause);
            if (first.completeExceptionally(fault) && reporting) {
                gaveUp(fault);
                if (endsProcess) {
                    Exit.halt(1, "the broker can't go on");
                }
            }
            return fault;
        };
    }

    private static void refuse(int status, String message) {
        IllegalStateException refused =
                new IllegalStateException("exit with status " + status + " refused: " + message);
        gaveUp(refused);
        throw refused;
    }

    private static void gaveUp(Throwable cause) {
        log.error(
                "The Kafka broker can't go on: stop what runs it, see that the disk has room and start again.", cause);
    }
}
