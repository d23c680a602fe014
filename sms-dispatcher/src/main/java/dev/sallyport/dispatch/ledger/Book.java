package dev.sallyport.dispatch.ledger;

import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * One partition of the ledger as far as it was read, in memory. Written by whoever reads the partition, in the order of
 * offsets; asked by many threads.
 */
public final class Book {

    /**
     * One attempt.
     *
     * @param number from 1; 0 stands for the end of a message that needed none
     * @param started the entry that owns it; empty if only its end is known
     * @param ended empty while nothing is known
     */
    public record Attempt(int number, Optional<Started> started, Optional<Ended> ended) {

        /** True if it may have been made and nothing is known of what came of it. */
        public boolean isOpen() {
            return started.isPresent() && ended.isEmpty();
        }
    }

    private static final class Story {
        private final List<Attempt> attempts = new ArrayList<>(1);
        private Instant lastSeen = Instant.MIN;
    }

    /** So long all is remembered of a message that has ended: longer than any code lives, and any provider tries. */
    public static final Duration STORIES_KEPT = Duration.ofMinutes(15);

    /** So long the end is remembered at least, and a story that has none: no order is read again after that. */
    public static final Duration ENDS_KEPT = Duration.ofHours(2);

    private static final Duration GENERATION = Duration.ofHours(1);

    private final Map<String, Story> stories = new HashMap<>();
    /** How messages ended of which nothing else is remembered; of this hour and those before, the newest first. */
    private final Deque<Map<UUID, End>> ends = new ArrayDeque<>(List.of(new HashMap<>()));

    private Instant generationSince = Instant.MIN;
    /** Of each challenge the time of its newest order that may be sent. */
    private final Map<String, Instant> newest = new HashMap<>();

    private long read = -1;
    private boolean closed;

    /** Takes the next entry. */
    public synchronized void add(long offset, LedgerEntry entry) {
        Story story = stories.computeIfAbsent(entry.messageId(), _ -> new Story());
        story.lastSeen = later(story.lastSeen, entry.at());
        List<Attempt> attempts = story.attempts;
        int index = indexOf(attempts, entry.attempt());
        Attempt known =
                index < 0 ? new Attempt(entry.attempt(), Optional.empty(), Optional.empty()) : attempts.get(index);
        Attempt now = with(known, entry);
        if (index < 0) {
            attempts.add(now);
        } else {
            attempts.set(index, now);
        }
        if (entry instanceof Started started) {
            note(started.sending());
        }
        readTo(offset);
    }

    private Attempt with(Attempt known, LedgerEntry entry) {
        return switch (entry) {
            case Started started ->
                new Attempt(known.number(), known.started().or(() -> Optional.of(started)), known.ended());
            case Ended ended ->
                concerns(ended) ? new Attempt(known.number(), known.started(), Optional.of(ended)) : known;
        };
    }

    /**
     * False if an attempt has ended already, or if this is the end of a claim that was in vain, because another owns the
     * attempt: it says nothing of that.
     */
    public synchronized boolean concerns(Ended ended) {
        Optional<Attempt> known = attempt(ended.messageId(), ended.attempt());
        boolean open = known.flatMap(Attempt::ended).isEmpty();
        return open
                && known.flatMap(Attempt::started)
                        .flatMap(owner -> ended.claim().map(owner.claim()::equals))
                        .orElse(true);
    }

    private static int indexOf(List<Attempt> attempts, int number) {
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.get(i).number() == number) {
                return i;
            }
        }
        return -1;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Notes that everything up to an offset was read, also where it held no entry. */
    public synchronized void readTo(long offset) {
        read = Math.max(read, offset);
        notifyAll();
    }

    /** Notes an order that may be sent: older ones of its challenge need not be any more. */
    public synchronized void note(Sending sending) {
        newest.merge(sending.challengeId(), sending.orderedAt(), Book::later);
    }

    /** True if a newer order of the same challenge may be sent or was. */
    public synchronized boolean isSuperseded(Sending sending) {
        return newest.getOrDefault(sending.challengeId(), Instant.MIN).isAfter(sending.orderedAt());
    }

    /** The attempts of a message in the order in which they were first written; empty if the ledger knows none. */
    public synchronized List<Attempt> attempts(String messageId) {
        Story story = stories.get(messageId);
        return story == null ? List.of() : List.copyOf(story.attempts);
    }

    /** The entry that ends a message's story; one that says it was accepted counts before any other. */
    public synchronized Optional<Ended> end(String messageId) {
        return attempts(messageId).stream()
                .flatMap(attempt -> attempt.ended().stream())
                .filter(ended -> ended.end().isFinal())
                .max(Comparator.comparing((Ended ended) -> ended.end() == End.ACCEPTED)
                        .thenComparingInt(Ended::attempt));
    }

    /** How a message ended of which nothing else is remembered any more. */
    public synchronized Optional<End> oldEnd(String messageId) {
        Optional<UUID> id = uuid(messageId);
        return ends.stream()
                .flatMap(generation -> id.map(generation::get).stream())
                .findFirst();
    }

    /** The entry that owns an attempt: the first that claimed it. */
    public synchronized Optional<Started> owner(String messageId, int attempt) {
        return attempt(messageId, attempt).flatMap(Attempt::started);
    }

    /** True if the message's story has not gone on beyond this attempt. */
    public synchronized boolean isNewest(Started started) {
        return attempts(started.messageId()).stream()
                .noneMatch(attempt -> attempt.number() > started.attempt()
                        || attempt.ended()
                                .filter(ended -> ended.end().isFinal())
                                .isPresent());
    }

    private Optional<Attempt> attempt(String messageId, int number) {
        return attempts(messageId).stream()
                .filter(attempt -> attempt.number() == number)
                .findFirst();
    }

    /** Waits until an offset was read; false if that takes longer or reading has ended. */
    public boolean awaitRead(long offset, Duration atMost) throws InterruptedException {
        return await(() -> read >= offset ? Optional.of(true) : Optional.empty(), atMost)
                .isPresent();
    }

    /** Waits until it is known what became of an attempt; empty if that takes longer or reading has ended. */
    public Optional<Ended> awaitEnd(String messageId, int attempt, Duration atMost) throws InterruptedException {
        return await(() -> attempt(messageId, attempt).flatMap(Attempt::ended), atMost);
    }

    private synchronized <T> Optional<T> await(Supplier<Optional<T>> question, Duration atMost)
            throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        Optional<T> answer = question.get();
        while (answer.isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0 || closed) {
                return answer;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
            answer = question.get();
        }
        return answer;
    }

    /** Nothing more is read: nobody waits here any more. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Forgets what is old at a time; of messages that have ended, their ends last. */
    public synchronized void forget(Instant now) {
        if (Duration.between(generationSince, now).compareTo(GENERATION) > 0) {
            generationSince = now;
            ends.addFirst(new HashMap<>());
            while (ends.size() > ENDS_KEPT.dividedBy(GENERATION) + 1) {
                ends.removeLast();
            }
        }
        Instant recent = now.minus(STORIES_KEPT);
        Instant ever = now.minus(ENDS_KEPT);
        stories.entrySet()
                .removeIf(story -> story.getValue().lastSeen.isBefore(recent)
                        && (keepEnd(story.getKey()) || story.getValue().lastSeen.isBefore(ever)));
        newest.values().removeIf(ordered -> ordered.isBefore(recent));
    }

    /** False if there is none, or none that can be kept. */
    private boolean keepEnd(String messageId) {
        Optional<Ended> end = end(messageId);
        Optional<UUID> id = uuid(messageId);
        if (end.isEmpty() || id.isEmpty()) {
            return false;
        }
        ends.getFirst().put(id.get(), end.get().end());
        return true;
    }

    /** Message ids of ours are; a UUID takes a third of its text's memory. */
    private static Optional<UUID> uuid(String messageId) {
        try {
            return Optional.of(UUID.fromString(messageId));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
