package dev.sallyport.dispatch.limit;

import dev.sallyport.dispatch.Sending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known of one message of a partition of our own. Not thread-safe. */
final class Message implements Seen {

    private record Attempt(int number, String provider) {}

    final Sending sending;
    /** It is under way here: allowed, and not known to have been given up. */
    boolean reserved;

    boolean verified;
    /** No other message went to this phone in the ten minutes before, so it adds to the different numbers. */
    boolean firstOfPhone;

    /** Hardly ever more than one. */
    private List<Attempt> attempts = List.of();

    Message(Sending sending) {
        this.sending = sending;
    }

    boolean isOf(Sending other) {
        return sending.messageId().equals(other.messageId());
    }

    /** What is kept of it once nothing changes any more. */
    Past past() {
        return new Past(orderedAt().toEpochMilli(), verified);
    }

    @Override
    public Instant orderedAt() {
        return sending.orderedAt();
    }

    /** An attempt was begun; one that is told of twice is one. */
    void began(int attempt, String provider) {
        List<Attempt> begun = new ArrayList<>(attempts);
        if (begun.stream().noneMatch(known -> known.number == attempt)) {
            begun.add(new Attempt(attempt, provider));
            attempts = List.copyOf(begun);
        }
    }

    /** An attempt has surely sent nothing. */
    void failed(int attempt) {
        attempts = attempts.stream().filter(known -> known.number != attempt).toList();
    }

    @Override
    public boolean isVerified() {
        return verified;
    }

    @Override
    public boolean counts() {
        return reserved || !attempts.isEmpty();
    }

    /** What it adds to the sums. An attempt costs money each time, but one message is one message. */
    Map<Cell, Count> counted(long price) {
        if (!counts()) {
            return Map.of();
        }
        Map<Cell, Count> counted = new HashMap<>();
        counted.put(Cell.region(sending.region()), Count.ofSent(verified, price * Math.max(1, attempts.size())));
        counted.put(Cell.prefix(sending.prefix()), Count.ofSent(verified, 0));
        if (firstOfPhone) {
            counted.put(Cell.block(sending.block()), Count.ofNumber());
        }
        int left = attempts.size();
        for (Attempt attempt : attempts) {
            left--;
            // The last one that tried has the honour.
            counted.merge(Cell.provider(attempt.provider), Count.ofSent(verified && left == 0, price), Count::plus);
        }
        return counted;
    }
}
