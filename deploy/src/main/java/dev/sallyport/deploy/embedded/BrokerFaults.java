package dev.sallyport.deploy.embedded;

import java.util.concurrent.CompletableFuture;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a broker that can't go on from ending the whole JVM, which is what Kafka does when left alone. */
final class BrokerFaults implements FaultHandlerFactory {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);

    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private volatile boolean reporting;

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
                "The embedded Kafka broker can't go on: stop Sallyport, see that the disk has room and start again.",
                cause);
    }
}
