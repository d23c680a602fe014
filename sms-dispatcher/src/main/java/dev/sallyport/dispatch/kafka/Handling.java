package dev.sallyport.dispatch.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.News;
import dev.sallyport.dispatch.Poison;
import dev.sallyport.dispatch.callback.kafka.CallbackRecords;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.kafka.OutcomeRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with one record, until Kafka has what came of it. Blocks; called on JDK virtual threads. */
public final class Handling {

    private static final Logger LOG = LoggerFactory.getLogger(Handling.class);
    private static final Duration TELL_AGAIN_AFTER = Duration.ofSeconds(1);

    private final OutageLog untold =
            new OutageLog(LOG, "Kafka does not take outcomes; they are kept and tried again until it does");
    private final Dispatcher dispatcher;
    private final News news;
    private final Producing producing;
    private final Clock clock;

    public Handling(Dispatcher dispatcher, News news, Producing producing, Clock clock) {
        this.dispatcher = dispatcher;
        this.news = news;
        this.producing = producing;
        this.clock = clock;
    }

    /**
     * Handles an order, or what stands where one should.
     *
     * @return true once Kafka has what became of it; false if that is another worker's to find out
     */
    boolean order(ConsumerRecord<byte[], byte[]> record, Ledger ledger) {
        try {
            Optional<EventRecord> result = result(record, ledger);
            return result.isPresent() && tell(result.get(), ledger);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<EventRecord> result(ConsumerRecord<byte[], byte[]> record, Ledger ledger)
            throws InterruptedException {
        try {
            Optional<EventRecord> event = CloudEvents.read(record);
            if (event.isEmpty()) {
                return Optional.of(deadLetter(record, Poison.NO_CLOUD_EVENT));
            }
            return switch (dispatcher.handle(event.get(), ledger)) {
                case Dispatcher.Handled done -> Optional.of(OutcomeRecords.encode(done.outcome()));
                case Dispatcher.Untrusted untrusted -> Optional.of(deadLetter(record, untrusted.poison()));
                case Dispatcher.GivenUp givenUp -> Optional.empty();
            };
        } catch (RuntimeException e) {
            LOG.error("Record {}-{}@{} failed", record.topic(), record.partition(), record.offset(), e);
            return Optional.of(deadLetter(record, Poison.FAILED));
        }
    }

    private EventRecord deadLetter(ConsumerRecord<byte[], byte[]> record, Poison poison) {
        LOG.warn(
                "Record {}-{}@{} goes to the dead letters: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                poison.id());
        return DeadLetters.of(record, poison, clock.instant());
    }

    /**
     * Handles what a provider has reported.
     *
     * @return as {@link #order}
     */
    boolean report(ConsumerRecord<byte[], byte[]> record, Ledger ledger) {
        try {
            Optional<Outcome> outcome = CloudEvents.read(record)
                    .flatMap(CallbackRecords::decode)
                    .flatMap(callback -> news.tell(callback, ledger));
            return outcome.isEmpty() || tell(OutcomeRecords.encode(outcome.get()), ledger);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            LOG.error("Report {}-{}@{} failed", record.topic(), record.partition(), record.offset(), e);
            return true;
        }
    }

    /** As often as it takes, while the partition is this worker's. */
    private boolean tell(EventRecord result, Ledger ledger) throws InterruptedException {
        do {
            try {
                producing.send(result).toCompletableFuture().get();
                untold.worked();
                return true;
            } catch (ExecutionException e) {
                untold.failed(e.getCause() == null ? e : e.getCause());
            }
        } while (ledger.pause(TELL_AGAIN_AFTER));
        return false;
    }
}
