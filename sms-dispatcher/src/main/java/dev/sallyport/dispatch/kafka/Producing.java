package dev.sallyport.dispatch.kafka;

import dev.sallyport.dispatch.ledger.LedgerEntry;
import dev.sallyport.dispatch.ledger.kafka.LedgerRecords;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.kafka.CloudEvents;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** What the dispatcher produces: ledger entries to the partition of their order, everything else by its key. */
public final class Producing {

    private final Producer<byte[], byte[]> producer;
    private final OwnRecords own;
    private final String source;

    /**
     * @param producer idempotent; closed by {@link #close}
     * @param own marks what only dispatchers read
     * @param source the CloudEvents source of what this process produces
     */
    public Producing(Producer<byte[], byte[]> producer, OwnRecords own, String source) {
        this.producer = producer;
        this.own = own;
        this.source = source;
    }

    /** Begins to write a ledger entry, and tells its offset once all in-sync replicas have it. */
    CompletionStage<Long> send(int partition, String phoneKey, LedgerEntry entry) {
        ProducerRecord<byte[], byte[]> free =
                CloudEvents.producerRecord(own.mark(LedgerRecords.encode(phoneKey, entry)), source);
        return send(new ProducerRecord<>(free.topic(), partition, null, free.key(), free.value(), free.headers()))
                .thenApply(RecordMetadata::offset);
    }

    /** Begins to produce an event; completed once all in-sync replicas have it. */
    CompletionStage<Void> send(EventRecord event) {
        return send(CloudEvents.producerRecord(event, source)).thenApply(_ -> null);
    }

    private CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
        try {
            var _ = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    sent.complete(metadata);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    /** Begins to produce a record as it is; the callback hears once what became of it. */
    public void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        var _ = send(record)
                .whenComplete((metadata, failure) ->
                        callback.onCompletion(metadata, failure instanceof Exception exception ? exception : null));
    }

    void close(Duration farewell) {
        producer.close(farewell);
    }
}
