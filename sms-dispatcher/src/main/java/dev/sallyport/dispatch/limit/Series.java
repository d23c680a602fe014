package dev.sallyport.dispatch.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was counted of one cell over time, by partition. Most series are short: few blocks of numbers see many messages. */
final class Series {

    /** One partition's share of a period. */
    static final class Part {
        final int partition;
        /** As this worker knows it by itself. */
        Count own = Count.NONE;
        /** As it was told last, by whomever. */
        Count told = Count.NONE;

        Part(int partition) {
            this.partition = partition;
        }
    }

    /** One period. */
    static final class Slot {
        final long period;
        final List<Part> parts = new ArrayList<>(1);
        Count total = Count.NONE;

        Slot(long period) {
            this.period = period;
        }

        Optional<Part> ifThere(int partition) {
            for (Part part : parts) {
                if (part.partition == partition) {
                    return Optional.of(part);
                }
            }
            return Optional.empty();
        }

        /** The share of a partition, made if it is not there. */
        Part part(int partition) {
            return ifThere(partition).orElseGet(() -> {
                Part part = new Part(partition);
                parts.add(part);
                return part;
            });
        }
    }

    private final List<Slot> slots = new ArrayList<>(1);

    /** The slots, from old to new. */
    List<Slot> slots() {
        return slots;
    }

    Optional<Slot> ifThere(long period) {
        int after = after(period);
        return after > 0 && slots.get(after - 1).period == period
                ? Optional.of(slots.get(after - 1))
                : Optional.empty();
    }

    /** The slot of a period, made if it is not there. */
    Slot slot(long period) {
        return ifThere(period).orElseGet(() -> {
            Slot slot = new Slot(period);
            slots.add(after(period), slot);
            return slot;
        });
    }

    /** Where the first slot after a period is; what is asked for is mostly new. */
    private int after(long period) {
        int i = slots.size();
        while (i > 0 && slots.get(i - 1).period > period) {
            i--;
        }
        return i;
    }

    /** The sum from a first period to a last one, both included. */
    Count sum(long from, long to) {
        // Asked ten times for each message; so without a Count for each slot.
        long sent = 0;
        long verified = 0;
        long withheld = 0;
        long numbers = 0;
        long micros = 0;
        for (int i = slots.size() - 1; i >= 0 && slots.get(i).period >= from; i--) {
            if (slots.get(i).period <= to) {
                Count total = slots.get(i).total;
                sent += total.sent();
                verified += total.verified();
                withheld += total.withheld();
                numbers += total.numbers();
                micros = Count.sum(micros, total.micros());
            }
        }
        return new Count(whole(sent), whole(verified), whole(withheld), whole(numbers), micros);
    }

    private static int whole(long count) {
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    /** Returns true if nothing is left. */
    boolean forgetBefore(long period) {
        slots.removeIf(slot -> slot.period < period);
        return slots.isEmpty();
    }
}
