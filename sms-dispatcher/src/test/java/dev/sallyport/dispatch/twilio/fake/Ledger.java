package dev.sallyport.dispatch.twilio.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What reached the fake, in order of arrival. Safe for use by many threads. */
public final class Ledger {

    private final SequencedMap<String, SentMessage> messages = new LinkedHashMap<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<Reported> reported = new ArrayList<>();
    private int lookUps;

    /**
     * One POST for a message.
     *
     * @param answered the HTTP status, 0 where there was no whole answer
     */
    public record Attempt(Instant receivedAt, Map<String, String> parameters, int answered) {}

    /**
     * One status that was posted to a message's callback URL.
     *
     * @param answered the HTTP status of the receiver's answer, 0 where there was none
     */
    public record Reported(String sid, String status, int answered) {}

    public synchronized List<SentMessage> messages() {
        return List.copyOf(messages.values());
    }

    public synchronized List<SentMessage> messagesTo(String number) {
        return messages.values().stream()
                .filter(sent -> sent.to().equals(number))
                .toList();
    }

    /** How often this text was accepted for this number: 2 or more is what the platform must not let happen. */
    public synchronized long count(String number, String body) {
        return messages.values().stream()
                .filter(sent -> sent.to().equals(number) && sent.body().equals(body))
                .count();
    }

    public synchronized Optional<SentMessage> message(String sid) {
        return Optional.ofNullable(messages.get(sid));
    }

    /** Every POST for a message, whatever became of it. */
    public synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** How often the list of messages was asked for. */
    public synchronized int lookUps() {
        return lookUps;
    }

    /** Every status that was posted, in the order of the answers. */
    public synchronized List<Reported> reported() {
        return List.copyOf(reported);
    }

    /** Requests that Twilio's contract does not allow, each with the reason. A test of a client expects none. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /**
     * Waits until at least this many messages are accepted.
     *
     * @throws AssertionError if they are not, in time
     */
    public List<SentMessage> awaitMessages(int atLeast, Duration timeout) throws InterruptedException {
        return await(this::messages, atLeast, timeout);
    }

    /** As {@link #awaitMessages}, for POSTs. */
    public List<Attempt> awaitAttempts(int atLeast, Duration timeout) throws InterruptedException {
        return await(this::attempts, atLeast, timeout);
    }

    /** As {@link #awaitMessages}, for statuses that were posted. */
    public List<Reported> awaitReported(int atLeast, Duration timeout) throws InterruptedException {
        return await(this::reported, atLeast, timeout);
    }

    synchronized void accept(SentMessage message) {
        messages.put(message.sid(), message);
        notifyAll();
    }

    synchronized void attempted(Attempt attempt) {
        attempts.add(attempt);
        notifyAll();
    }

    synchronized void lookedUp() {
        lookUps++;
    }

    synchronized void reported(Reported report) {
        reported.add(report);
        notifyAll();
    }

    synchronized void violated(String reason) {
        violations.add(reason);
    }

    private synchronized <T> List<T> await(Supplier<List<T>> entries, int atLeast, Duration timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (entries.get().size() < atLeast) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("Twilio has %d messages of %d POSTs after %s, expected %d; violations: %s"
                        .formatted(messages.size(), attempts.size(), timeout, atLeast, violations));
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return entries.get();
    }
}
