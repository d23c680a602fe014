package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.limit.PartitionSums.Span;
import dev.sallyport.dispatch.limit.Verdict.Allowed;
import dev.sallyport.dispatch.limit.Verdict.Suppressed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Judges whether messages may be sent. One for each worker; thread-safe, never waits for anybody.
 *
 * <p>What it knows comes from three sides. Of its own partitions, the ledger tells what was sent ({@link #sent},
 * {@link #notSent}) and {@code sallyport.sms.verified} which codes came back; both are read again, 2 hours back, when a
 * partition is {@link #assigned}. Of the other partitions, their owners tell sums ({@link #take}); this one's are fetched
 * with {@link #changes}. And what is allowed here counts from the verdict on, so that two orders that are judged at once
 * can't both be the last one allowed.
 */
public final class Limits {

    /** So long after the last sign that sums come in and go out, money is no longer spent. */
    public static final Duration FEED_LIMIT = Duration.ofSeconds(10);

    private static final Duration MESSAGES_KEPT = Duration.ofMinutes(80);
    /** No code is accepted, and no attempt ends, so long after its order. */
    private static final Duration SETTLED_AFTER = Duration.ofMinutes(15);

    /** A message may be ordered somewhat before the ledger tells of it. */
    private static final Duration ORDERED_BEFORE = Duration.ofMinutes(5);

    private final Rules rules;
    private final SwitchBoard switches;
    private final String worker;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Tally tally;
    private final Map<Integer, Messages> partitions = new HashMap<>();
    private Optional<Long> fedAt = Optional.empty();
    private long sweptAt;

    /**
     * @param worker what this worker calls itself among the others; unlike any other, also after a restart
     * @param nanoTime a clock that only goes on, such as {@link System#nanoTime}
     */
    public Limits(
            LimitsConfig limits,
            Regions regions,
            SwitchBoard switches,
            String worker,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.tally = new Tally(worker);
        this.rules = new Rules(limits, regions, tally);
        this.switches = switches;
        this.worker = worker;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** What this worker calls itself among the others. */
    public String worker() {
        return worker;
    }

    /** This worker owns a partition from now on; what the ledger has of it follows. Begins anew if it had it already. */
    public synchronized void assigned(int partition) {
        revoked(partition);
        partitions.put(partition, new Messages());
    }

    /**
     * The ledger and the accepted codes of a partition were read to their ends, as they were when it was assigned. From now
     * on its sums are told to others; nothing of it should be judged before.
     *
     * @param from since when they were read
     */
    public synchronized void replayed(int partition, Instant from) {
        Messages messages = partitions.get(partition);
        if (messages != null) {
            messages.complete();
            tally.settle(partition, from.plus(ORDERED_BEFORE));
        }
    }

    /** Another worker owns the partition from now on, or nobody: its messages are forgotten, its sums stay as told. */
    public synchronized void revoked(int partition) {
        if (partitions.remove(partition) != null) {
            tally.drop(partition);
        }
    }

    /**
     * The ledger tells that an attempt was begun. Told twice, it counts once; further attempts cost money again but are no
     * further message.
     *
     * @param attempt from 1
     * @param provider the instance that is asked
     */
    public synchronized void sent(int partition, Sending sending, int attempt, String provider) {
        sweep();
        Messages messages = partitions.get(partition);
        if (messages != null) {
            Message message = messages.take(sending);
            change(partition, message, begun -> begun.began(attempt, provider));
            if (message.verified) {
                // Its code was accepted before the ledger told of it; so others have served as well.
                verified(partition, sending.messageId());
            }
        }
    }

    /** The ledger tells that an attempt has surely sent nothing. The message itself may still be under way. */
    public synchronized void notSent(int partition, String messageId, int attempt) {
        giveUp(partition, messageId, message -> message.failed(attempt));
    }

    /** An allowed message is no longer under way: it counts only if an attempt of it may have sent something. */
    public synchronized void release(int partition, String messageId) {
        giveUp(partition, messageId, message -> message.reserved = false);
    }

    private void giveUp(int partition, String messageId, Consumer<Message> how) {
        Messages messages = partitions.get(partition);
        if (messages != null) {
            messages.get(messageId).ifPresent(message -> {
                change(partition, message, how);
                if (!message.counts()) {
                    messages.remove(message);
                }
            });
        }
    }

    /** The code of a message was accepted, and so every message of its challenge to its phone has served. */
    public synchronized void verified(int partition, String messageId) {
        Messages messages = partitions.get(partition);
        if (messages != null) {
            messages.withCodeOf(messageId, clock.instant())
                    .forEach(message -> change(partition, message, changed -> changed.verified = true));
        }
    }

    /**
     * Judges an order. One that is allowed counts at once, and is to be given to {@link #release} when it is no longer
     * under way and was surely not sent; one that counts already is allowed. To be asked right before the ledger is told,
     * so that little counts that is not sent.
     */
    public synchronized Verdict judge(int partition, Sending sending) {
        sweep();
        Messages messages = partitions.get(partition);
        if (messages == null) {
            return new Verdict.Elsewhere();
        }
        if (messages.get(sending.messageId()).filter(Message::counts).isPresent()) {
            return new Allowed(Set.of());
        }
        Switches set = switches.current();
        Set<Rule> broken =
                rules.broken(sending, messages.ofPhone(sending.phoneKey()), messages.isFirstOfPhone(sending), set);
        Set<Rule> recorded = EnumSet.copyOf(broken);
        recorded.removeIf(rule -> rules.isEnforced(rule, sending, set));
        Optional<Rule> enforced =
                broken.stream().filter(rule -> !recorded.contains(rule)).findFirst();
        if (enforced.isEmpty() && !isFed() && rules.isEnforced(Rule.MONEY, sending, set)) {
            return new Verdict.Unknown(Rule.MONEY);
        }
        if (enforced.isEmpty()) {
            change(partition, messages.take(sending), message -> message.reserved = true);
            return new Allowed(recorded);
        }
        if (enforced.get() != Rule.REGION && enforced.get() != Rule.PHONE) {
            withhold(partition, sending, broken);
        }
        return new Suppressed(enforced.get(), recorded);
    }

    /** Whoever goes on asking for messages to numbers that bring nothing back keeps them closed. */
    private void withhold(int partition, Sending sending, Set<Rule> broken) {
        if (broken.contains(Rule.CONVERSION) || broken.contains(Rule.PREFIX)) {
            tally.add(partition, sending.orderedAt(), Cell.region(sending.region()), Count.ofWithheld());
            tally.add(partition, sending.orderedAt(), Cell.prefix(sending.prefix()), Count.ofWithheld());
        }
    }

    private void change(int partition, Message message, Consumer<Message> how) {
        long price = rules.price(message.sending);
        Map<Cell, Count> change = new HashMap<>(message.counted(price));
        change.replaceAll((cell, before) -> Count.NONE.minus(before));
        how.accept(message);
        message.counted(price).forEach((cell, after) -> change.merge(cell, after, Count::plus));
        change.forEach((cell, more) -> tally.add(partition, message.orderedAt(), cell, more));
    }

    /** Takes in what a worker tells, also what this one told itself. */
    public synchronized void take(PartitionSums told) {
        sweep();
        tally.take(told);
    }

    /** Takes out what is to be told to the other workers now; what does not reach them is {@link #putBack}. */
    public synchronized List<PartitionSums> changes() {
        return tally.takeChanges(clock.instant());
    }

    /** These did not reach the other workers; they come again with the next {@link #changes}. */
    public synchronized void putBack(PartitionSums notTold) {
        tally.putBack(notTold);
    }

    /**
     * Everything that was told until then has been taken in, and everything that changed until then has been told.
     *
     * @param nanos of the clock that only goes on
     */
    public synchronized void feedAt(long nanos) {
        fedAt = Optional.of(nanos);
    }

    /** False while no money is spent because it is not known what is spent. */
    public synchronized boolean isFed() {
        return fedAt.filter(nanos -> nanoTime.getAsLong() - nanos <= FEED_LIMIT.toNanos())
                .isPresent();
    }

    /** The regions that were texted in the last day, in the order of their names. */
    public synchronized List<RegionSums> regions() {
        sweep();
        return rules.regions(clock.instant());
    }

    private void sweep() {
        Instant now = clock.instant();
        long minute = Span.MINUTE.of(now);
        if (minute != sweptAt) {
            sweptAt = minute;
            partitions
                    .values()
                    .forEach(messages -> messages.forget(now.minus(SETTLED_AFTER), now.minus(MESSAGES_KEPT)));
            tally.forgetOld(now);
        }
    }
}
