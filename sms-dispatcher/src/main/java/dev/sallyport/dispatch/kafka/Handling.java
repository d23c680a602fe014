package dev.sallyport.dispatch.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.crypto.NotGenuine;
import dev.sallyport.dispatch.DispatchMeters;
import dev.sallyport.dispatch.Dispatcher;
import dev.sallyport.dispatch.News;
import dev.sallyport.dispatch.Poison;
import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.callback.kafka.CallbackRecords;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.kafka.OutcomeRecords;
import dev.sallyport.sms.kafka.SendCodeRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with one record, until Kafka has what came of it. Blocks; called on JDK virtual threads. */
public final class Handling {

    /** What is to be told, and what instead of it if Kafka never takes such a record. */
    private record Result(Optional<EventRecord> event, Optional<EventRecord> instead) {

        static final Result NOTHING = new Result(Optional.empty(), Optional.empty());

        static Result of(Outcome outcome) {
            return new Result(Optional.of(OutcomeRecords.encode(outcome)), Optional.empty());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Handling.class);
    private static final Duration TELL_AGAIN_AFTER = Duration.ofSeconds(1);

    private final OutageLog untold =
            new OutageLog(LOG, "Kafka does not take outcomes; they are kept and tried again until it does");
    private final OutageLog unreadable = new OutageLog(
            LOG,
            "Reports are passed over that are not a dispatcher's, or that this version can't read; see who writes to "
                    + Topics.SMS_CALLBACK);
    private final Dispatcher dispatcher;
    private final Trust trust;
    private final News news;
    private final Producing producing;
    private final DispatchMeters meters;
    private final Clock clock;

    /** @param trust with the dispatcher's verifier */
    public Handling(
            Dispatcher dispatcher, Trust trust, News news, Producing producing, DispatchMeters meters, Clock clock) {
        this.dispatcher = dispatcher;
        this.trust = trust;
        this.news = news;
        this.producing = producing;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Handles an order, or what stands where one should.
     *
     * @param atHome true if it lies in the partition of its key, as its ledger does
     * @return true once Kafka has what became of it; false if that is another worker's to find out
     */
    boolean order(ConsumerRecord<byte[], byte[]> record, boolean atHome, Ledger ledger) {
        try {
            Optional<Result> result = result(record, atHome, ledger);
            return result.isPresent() && tell(result.get(), ledger);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<Result> result(ConsumerRecord<byte[], byte[]> record, boolean atHome, Ledger ledger)
            throws InterruptedException {
        try {
            Optional<EventRecord> event = CloudEvents.read(record);
            if (event.isEmpty()) {
                return deadLetter(record, Poison.NO_CLOUD_EVENT);
            }
            if (!atHome) {
                return deadLetter(record, strayed(event.get()));
            }
            return switch (dispatcher.handle(event.get(), ledger)) {
                case Dispatcher.Handled done -> Optional.of(Result.of(done.outcome()));
                case Dispatcher.ToldLongAgo toldLongAgo -> Optional.of(Result.NOTHING);
                case Dispatcher.Untrusted untrusted -> deadLetter(record, untrusted.poison());
                case Dispatcher.GivenUp givenUp -> Optional.empty();
            };
        } catch (RuntimeException e) {
            LOG.error("Record {}-{}@{} failed", record.topic(), record.partition(), record.offset(), e);
            return deadLetter(record, Poison.FAILED);
        }
    }

    /** Copied here by somebody, perhaps a genuine one, which may have been sent: the ledger of its key lies elsewhere. */
    private Poison strayed(EventRecord event) {
        try {
            return SendCodeRecords.decode(event, trust.verifier()).isPresent()
                    ? Poison.WRONG_PARTITION
                    : Poison.NO_SEND_CODE_EVENT;
        } catch (NotGenuine e) {
            return e.isOfUnknownKey() ? Poison.UNKNOWN_KEY : Poison.NOT_GENUINE;
        }
    }

    private Optional<Result> deadLetter(ConsumerRecord<byte[], byte[]> record, Poison poison) {
        LOG.warn(
                "Record {}-{}@{} goes to the dead letters: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                poison.id());
        meters.deadLetter(poison);
        Instant now = clock.instant();
        return Optional.of(new Result(
                Optional.of(DeadLetters.of(record, poison, now)),
                Optional.of(DeadLetters.withoutContent(record, poison, now))));
    }

    /**
     * Handles what a provider has reported.
     *
     * @return as {@link #order}
     */
    boolean report(ConsumerRecord<byte[], byte[]> record, Ledger ledger) {
        try {
            Optional<Callback> callback = trust.own().read(record).flatMap(CallbackRecords::decode);
            if (callback.isEmpty()) {
                meters.unreadableReport();
                unreadable.failed(new IllegalArgumentException(
                        record.topic() + '-' + record.partition() + '@' + record.offset() + " is none"));
                return true;
            }
            Optional<Outcome> outcome = news.tell(callback.get(), ledger);
            return outcome.isEmpty() || tell(Result.of(outcome.get()), ledger);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            LOG.error("Report {}-{}@{} failed", record.topic(), record.partition(), record.offset(), e);
            return true;
        }
    }

    /** As often as it takes, while the partition is this worker's. */
    private boolean tell(Result result, Ledger ledger) throws InterruptedException {
        if (result.event().isEmpty()) {
            return true;
        }
        do {
            try {
                producing.send(result.event().get()).toCompletableFuture().get();
                untold.worked();
                return true;
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                if (isOfTheRecord(cause)) {
                    return tellInstead(result, cause, ledger);
                }
                untold.failed(cause);
            }
        } while (ledger.pause(TELL_AGAIN_AFTER));
        return false;
    }

    /** What Kafka refuses for what it is, it refuses for ever. */
    private static boolean isOfTheRecord(Throwable cause) {
        return cause instanceof RecordTooLargeException
                || cause instanceof RecordBatchTooLargeException
                || cause instanceof InvalidRecordException
                || cause instanceof SerializationException;
    }

    private boolean tellInstead(Result result, Throwable cause, Ledger ledger) throws InterruptedException {
        if (result.instead().isPresent()) {
            return tell(new Result(result.instead(), Optional.empty()), ledger);
        }
        LOG.error(
                "Kafka takes no such record, so {} is not told", result.event().map(EventRecord::id), cause);
        return true;
    }
}
