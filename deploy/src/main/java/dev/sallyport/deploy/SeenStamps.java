package dev.sallyport.deploy;

import dev.sallyport.event.EventRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether the numbers that producers give to what they tell have gaps: something then got lost on its way, or was told again. */
final class SeenStamps {

    /** No process tells more, and a made-up number must not take all memory. */
    private static final int MOST = 500_000_000;

    private static final int MOST_PROCESSES = 1_000;

    private record Teller(String node, String boot) {}

    private final Map<String, Teller> processes = new TreeMap<>();
    private final Map<String, BitSet> numbers = new TreeMap<>();

    void take(EventRecord event) {
        Map<String, String> attributes = event.attributes();
        String boot = attributes.get("boot");
        String sequence = attributes.getOrDefault("sequence", "");
        if (boot == null || (!processes.containsKey(boot) && processes.size() >= MOST_PROCESSES)) {
            return;
        }
        if (sequence.matches("[1-9]\\d{0,8}") && Integer.parseInt(sequence) < MOST) {
            processes.putIfAbsent(boot, new Teller(attributes.getOrDefault("node", "?"), boot));
            numbers.computeIfAbsent(boot, _ -> new BitSet()).set(Integer.parseInt(sequence));
        }
    }

    /** A sentence, and one more for each process of which numbers are missing between the first and the last that were seen. */
    List<String> lines() {
        List<String> gaps = new ArrayList<>();
        processes.values().forEach(process -> {
            BitSet seen = numbers.getOrDefault(process.boot(), new BitSet());
            int first = seen.nextSetBit(0);
            int missing = seen.length() - first - seen.cardinality();
            if (missing > 0) {
                gaps.add("%s (%s): %d numbers are missing between %d and %d, the first is %d"
                        .formatted(
                                process.node(),
                                process.boot(),
                                missing,
                                first,
                                seen.length() - 1,
                                seen.nextClearBit(first)));
            }
        });
        List<String> lines = new ArrayList<>();
        lines.add("%d processes have told this, %s"
                .formatted(processes.size(), gaps.isEmpty() ? "each without a gap" : "some with gaps:"));
        lines.addAll(gaps);
        return lines;
    }
}
