package dev.sallyport.dispatch.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.crypto.NotGenuine;
import dev.sallyport.dispatch.ledger.Book;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.dispatch.ledger.kafka.LedgerRecords;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.CodeVerified;
import dev.sallyport.sms.kafka.VerifiedRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of this process: of each its ledger, what is under way, and what is read beside it. Called by the
 * consumer's thread.
 */
final class Holdings {

    private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);
    /** No order lives that long, and no limit by message and phone looks back further. */
    private static final Duration MEMORY = Book.ENDS_KEPT;

    private static final Duration LATE = Duration.ofMinutes(10);

    private final OutageLog strangers = new OutageLog(
            LOG,
            Topics.SMS_LEDGER + " holds records that are no dispatcher's, or copies; they are passed over."
                    + " See who may write there");
    private final Map<TopicPartition, Ledger> ledgers = new HashMap<>();
    private final Set<Ledger> ready = ConcurrentHashMap.newKeySet();
    private final Producing producing;
    private final Progress progress;
    private final Tail tail;
    private final Workers workers;
    private final Limits limits;
    private final Trust trust;
    private final Clock clock;

    Holdings(
            Producing producing,
            Progress progress,
            Tail tail,
            Workers workers,
            Limits limits,
            Trust trust,
            Clock clock) {
        this.limits = limits;
        this.trust = trust;
        this.clock = clock;
        this.producing = producing;
        this.progress = progress;
        this.tail = tail;
        this.workers = workers;
    }

    /** The partition is this process's from now on. */
    void take(TopicPartition partition) {
        int number = partition.partition();
        Ledger ledger = new Ledger(
                number, new Book(), (phoneKey, entry) -> producing.send(number, phoneKey, entry), System::nanoTime);
        ledgers.put(partition, ledger);
        progress.take(partition);
        progress.take(callbacksOf(partition));
        limits.assigned(number);
        Instant since = clock.instant().minus(MEMORY);
        AtomicInteger toRead = new AtomicInteger(2);
        Runnable caughtUp = () -> {
            if (toRead.decrementAndGet() == 0 && ledger.isHeld()) {
                limits.replayed(number, since);
                caughtUp(partition, ledger);
            }
        };
        tail.follow(ledgerOf(partition), Tail.Reading.fromMemory(MEMORY, record -> read(record, ledger), caughtUp));
        tail.follow(
                verifiedOf(partition),
                Tail.Reading.fromMemory(MEMORY, record -> readVerified(record, number), caughtUp));
    }

    private void read(ConsumerRecord<byte[], byte[]> record, Ledger ledger) {
        try {
            Optional<LedgerEntry> entry =
                    trust.own().read(record).flatMap(LedgerRecords::decode).filter(its -> !isCopy(its, ledger));
            if (entry.isPresent()) {
                count(entry.get(), ledger);
                ledger.book().add(record.offset(), entry.get());
                strangers.worked();
            } else {
                strangers.failed(noEntry(record));
            }
        } finally {
            // Whatever stood there: a claim behind it waits until it is passed.
            ledger.book().readTo(record.offset());
        }
    }

    private static IllegalArgumentException noEntry(ConsumerRecord<byte[], byte[]> record) {
        return new IllegalArgumentException(record.topic() + '-' + record.partition() + '@' + record.offset());
    }

    /** Entries come within seconds, or two minutes where a broker was away; a later one would count a second time. */
    private boolean isCopy(LedgerEntry entry, Ledger ledger) {
        return ready.contains(ledger)
                && Duration.between(entry.at(), clock.instant()).compareTo(LATE) > 0;
    }

    private void count(LedgerEntry entry, Ledger ledger) {
        switch (entry) {
            case Started started ->
                limits.sent(ledger.partition(), started.sending(), started.attempt(), started.provider());
            case Ended ended -> {
                boolean notSent = ended.end() == End.NOT_SENT || ended.end() == End.REFUSED;
                if (notSent && ledger.book().concerns(ended)) {
                    limits.notSent(ledger.partition(), ended.messageId(), ended.attempt());
                }
            }
        }
    }

    private void readVerified(ConsumerRecord<byte[], byte[]> record, int partition) {
        try {
            Optional<CodeVerified> verified =
                    CloudEvents.read(record).flatMap(event -> VerifiedRecords.decode(event, trust.verifier()));
            verified.ifPresent(code -> limits.verified(partition, code.messageId()));
        } catch (NotGenuine e) {
            LOG.warn("Record {}-{}@{} is not genuine", record.topic(), record.partition(), record.offset());
        }
    }

    /** What providers report is read once it is known what was sent, from where the group has come to. */
    private void caughtUp(TopicPartition partition, Ledger ledger) {
        ready.add(ledger);
        TopicPartition callbacks = callbacksOf(partition);
        progress.window(callbacks)
                .ifPresent(window -> tail.follow(
                        callbacks,
                        new Tail.Reading(
                                MEMORY,
                                true,
                                window::isFull,
                                record -> workers.report(record, window, ledger),
                                () -> {})));
        if (!ledger.isHeld()) {
            ready.remove(ledger);
            tail.leave(Set.of(callbacks));
        }
    }

    /** Begins nothing more on these partitions; calls under way go on. */
    void release(Collection<TopicPartition> gone) {
        for (TopicPartition partition : List.copyOf(gone)) {
            Ledger ledger = ledgers.remove(partition);
            if (ledger != null) {
                ledger.release();
                ready.remove(ledger);
                limits.revoked(partition.partition());
                tail.leave(Set.of(ledgerOf(partition), verifiedOf(partition), callbacksOf(partition)));
            }
        }
    }

    /** With the partitions of reports that go with them. */
    static List<TopicPartition> withCallbacks(Collection<TopicPartition> partitions) {
        List<TopicPartition> all = new ArrayList<>(partitions);
        partitions.forEach(partition -> all.add(callbacksOf(partition)));
        return all;
    }

    private static TopicPartition callbacksOf(TopicPartition partition) {
        return new TopicPartition(Topics.SMS_CALLBACK, partition.partition());
    }

    private static TopicPartition verifiedOf(TopicPartition partition) {
        return new TopicPartition(Topics.SMS_VERIFIED, partition.partition());
    }

    private static TopicPartition ledgerOf(TopicPartition partition) {
        return new TopicPartition(Topics.SMS_LEDGER, partition.partition());
    }

    /** Empty if the partition is not this process's. */
    Optional<Ledger> ledger(TopicPartition partition) {
        return Optional.ofNullable(ledgers.get(partition));
    }

    /** True once everything that others have done with the partition's orders is known. */
    boolean isReady(TopicPartition partition) {
        return ledger(partition).filter(ready::contains).isPresent();
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(ledgers.keySet());
    }

    /** Forgets what is too old to be of use. */
    void forget() {
        Instant now = clock.instant();
        ledgers.values().forEach(ledger -> ledger.book().forget(now));
    }
}
