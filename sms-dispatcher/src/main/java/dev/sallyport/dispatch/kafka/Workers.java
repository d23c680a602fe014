package dev.sallyport.dispatch.kafka;

import dev.sallyport.dispatch.ledger.Ledger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Handles each record on a virtual thread of its own, and keeps its partition's window. */
final class Workers {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Handling handling;

    Workers(Handling handling) {
        this.handling = handling;
    }

    void order(ConsumerRecord<byte[], byte[]> record, boolean atHome, Window window, Ledger ledger) {
        begin(record, window, () -> handling.order(record, atHome, ledger));
    }

    void report(ConsumerRecord<byte[], byte[]> record, Window window, Ledger ledger) {
        begin(record, window, () -> handling.report(record, ledger));
    }

    private void begin(ConsumerRecord<byte[], byte[]> record, Window window, BooleanSupplier work) {
        window.begin(record.offset(), record.timestamp());
        threads.execute(() -> {
            boolean finished = false;
            try {
                finished = work.getAsBoolean();
            } finally {
                if (finished) {
                    window.finish(record.offset());
                } else {
                    window.leave(record.offset());
                }
            }
        });
    }

    void stop() {
        threads.shutdown();
    }
}
