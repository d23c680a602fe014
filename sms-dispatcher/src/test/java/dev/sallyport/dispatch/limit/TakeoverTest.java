package dev.sallyport.dispatch.limit;

import static dev.sallyport.dispatch.limit.Workers.enforcing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.Sending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Partitions change hands, and the sums of all workers stay what was sent. */
class TakeoverTest {

    private static final Duration REPLAY = Duration.ofHours(2);
    private static final Duration HOURS_TOLD_EVERY = Duration.ofSeconds(10);

    private final Workers workers = new Workers(enforcing());
    /** The ledger, by partition, and the messages whose code came back. */
    private final Map<Integer, List<Sending>> ledger = new HashMap<>();

    private final Set<String> verified = new HashSet<>();

    @Test
    void whatTheFormerOwnerToldIsNeitherLostNorCountedTwice() {
        Limits former = workers.worker(0);
        Limits next = workers.worker();
        send(former, 0, 5);
        workers.exchange();
        // Of these the former owner tells nobody any more.
        send(former, 0, 3);
        former.revoked(0);
        assertEquals(50_000, micros(next));
        take(next, 0);
        assertEquals(80_000, micros(next));
        send(next, 0, 2);
        workers.exchange();
        assertEquals(100_000, micros(next));
        assertEquals(100_000, micros(former));
    }

    @Test
    void whatIsOlderThanTheLedgerStaysAsItWasTold() {
        Limits former = workers.worker(0);
        Limits next = workers.worker();
        for (int hour = 0; hour < 10; hour++) {
            send(former, 0, 10);
            workers.pass(Duration.ofHours(1));
        }
        workers.exchange();
        former.revoked(0);
        take(next, 0);
        send(next, 0, 1);
        workers.pass(HOURS_TOLD_EVERY);
        workers.exchange();
        for (Limits limits : List.of(former, next)) {
            assertEquals(1_010_000, Workers.sums(limits, "US").dayMicros());
        }
    }

    @Test
    void beforeTheLedgerIsReadToItsEndTheLargerCountStandsAndNothingIsTold() {
        Limits former = workers.worker(0);
        Limits next = workers.worker();
        send(former, 0, 5);
        workers.exchange();
        next.assigned(0);
        List<Sending> sent = ledger.get(0);
        for (int i = 0; i < 5; i++) {
            next.sent(0, sent.get(i), 1, "twilio");
            assertEquals(50_000, micros(next));
        }
        assertEquals(List.of(), next.changes());
        next.sent(0, workers.order("US", "+14155550123"), 1, "twilio");
        assertEquals(60_000, micros(next));
    }

    @Test
    void whatWasReservedAndToldByAWorkerThatDiedIsNotCountedForEver() {
        Limits former = workers.worker(0);
        Limits next = workers.worker();
        for (int i = 0; i < 7; i++) {
            assertTrue(Workers.isAllowed(former.judge(0, workers.order("US", "+1415555%d123".formatted(i)))));
        }
        workers.exchange();
        assertEquals(70_000, micros(next));
        take(next, 0);
        assertEquals(0, micros(next));
    }

    @Test
    void oneThatDoesNotKnowThatItIsNoOwnerAnyMoreIsOverruled() {
        Limits former = workers.worker(0);
        Limits next = workers.worker();
        Limits third = workers.worker();
        send(former, 0, 5);
        take(next, 0);
        send(next, 0, 5);
        List<PartitionSums> late = former.changes();
        workers.exchange();
        late.forEach(sums -> List.of(former, next, third).forEach(limits -> limits.take(sums)));
        assertEquals(50_000, micros(third));
        workers.exchange();
        assertEquals(100_000, micros(third));
    }

    @Test
    void whatDidNotReachTheOthersIsToldAgain() {
        Limits one = workers.worker(0);
        Limits two = workers.worker();
        send(one, 0, 5);
        List<PartitionSums> lost = one.changes();
        assertEquals(List.of(), one.changes());
        send(one, 0, 1);
        lost.forEach(one::putBack);
        workers.exchange();
        assertEquals(60_000, micros(two));
        assertEquals(List.of(), one.changes());
    }

    @Test
    void thousandsOfChangesAreToldInRecordsThatTheTopicTakes() {
        Limits one = workers.worker(0);
        for (int i = 0; i < 5_000; i++) {
            workers.send(one, 0, "US", "+1%06d0000".formatted(i));
        }
        List<PartitionSums> first = one.changes();
        int most = first.stream()
                .flatMap(sums -> sums.periods().stream())
                .mapToInt(period -> period.counts().size())
                .max()
                .orElseThrow();
        assertEquals(4_000, most);
        Limits two = workers.worker();
        first.forEach(two::take);
        for (int i = 0; i < 3; i++) {
            workers.exchange();
        }
        assertEquals(micros(one), micros(two));
        assertEquals(List.of(), one.changes());
    }

    @Test
    void throughAnyTakeoversAllWorkersComeToWhatWasSent() {
        SplittableRandom random = new SplittableRandom(7);
        List<Limits> all = new ArrayList<>(List.of(workers.worker(), workers.worker(), workers.worker()));
        Map<Integer, Limits> owners = new HashMap<>();
        for (int step = 0; step < 400; step++) {
            int partition = random.nextInt(4);
            switch (random.nextInt(5)) {
                case 0 -> {
                    Limits former = owners.remove(partition);
                    if (former != null) {
                        former.revoked(partition);
                    }
                    Limits next = all.get(random.nextInt(all.size()));
                    take(next, partition);
                    owners.put(partition, next);
                }
                case 1 -> workers.exchange();
                case 2 -> workers.pass(Duration.ofSeconds(random.nextInt(60)));
                default -> {
                    Limits owner = owners.get(partition);
                    if (owner != null) {
                        send(owner, partition, 1 + random.nextInt(3));
                        verify(owner, partition, random);
                    }
                }
            }
        }
        // What nobody owns is told by nobody: its last words may be missing until somebody takes it over.
        for (int partition = 0; partition < 4; partition++) {
            if (!owners.containsKey(partition)) {
                take(all.getFirst(), partition);
            }
        }
        workers.pass(HOURS_TOLD_EVERY);
        workers.exchange();
        workers.pass(HOURS_TOLD_EVERY);
        workers.exchange();
        long sent = ledger.values().stream().mapToInt(List::size).sum();
        assertTrue(sent > 200);
        for (Limits limits : all) {
            assertEquals(sent * 10_000, Workers.sums(limits, "US").dayMicros());
            assertEquals(Workers.sums(all.getFirst(), "US"), Workers.sums(limits, "US"));
        }
    }

    private void send(Limits limits, int partition, int messages) {
        IntStream.range(0, messages).forEach(_ -> {
            Sending order = workers.order("US", "+14155550123");
            ledger.computeIfAbsent(partition, _ -> new ArrayList<>()).add(order);
            Workers.send(limits, partition, order);
        });
    }

    private void verify(Limits limits, int partition, SplittableRandom random) {
        Sending last = ledger.get(partition).getLast();
        if (random.nextBoolean()) {
            limits.verified(partition, last.messageId());
            verified.add(last.messageId());
        }
    }

    /** What the core does: the ledger and the accepted codes of two hours, in any order. */
    private void take(Limits limits, int partition) {
        limits.assigned(partition);
        var from = workers.clock.instant().minus(REPLAY);
        List<Sending> known = ledger.getOrDefault(partition, List.of()).stream()
                .filter(order -> !order.orderedAt().isBefore(from))
                .toList();
        known.stream()
                .filter(order -> verified.contains(order.messageId()))
                .forEach(order -> limits.verified(partition, order.messageId()));
        known.forEach(order -> limits.sent(partition, order, 1, "twilio"));
        limits.replayed(partition, from);
    }

    private static long micros(Limits limits) {
        return Workers.sums(limits, "US").hourMicros();
    }
}
