package dev.sallyport.dispatch.limit;

import dev.sallyport.dispatch.limit.Cell.Kind;
import dev.sallyport.dispatch.limit.PartitionSums.Period;
import dev.sallyport.dispatch.limit.PartitionSums.Span;
import dev.sallyport.dispatch.limit.Series.Part;
import dev.sallyport.dispatch.limit.Series.Slot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The counts of all partitions, by periods of one length: of those that this worker owns, its own; of the others, what
 * their owners have told. Not thread-safe.
 *
 * <p>An owner counts a partition anew from the ledger when it takes it over. Until it is through with that
 * ({@link #settle}), the larger of its own count and the told one stands, so nothing is lost and nothing counts twice.
 */
final class Sums {

    private record Place(int partition, long period, Cell cell) {}

    private interface PartVisitor {
        void visit(Cell cell, Slot slot, Part part);
    }

    private final Span span;
    private final int mostSeries;
    private final Map<Kind, Map<String, Series>> series = new EnumMap<>(Kind.class);
    /** What has a slot in which period, so that forgetting costs no more than what is forgotten. */
    private final Map<Kind, NavigableMap<Long, List<String>>> namesByPeriod = new EnumMap<>(Kind.class);

    private final Set<Integer> settled = new HashSet<>();
    private final Set<Place> changed = new LinkedHashSet<>();
    private int size;

    Sums(Span span, int mostSeries) {
        this.span = span;
        this.mostSeries = mostSeries;
    }

    /** Adds to what this worker knows of a partition of its own. */
    void add(int partition, long period, Cell cell, Count more) {
        if (more.equals(Count.NONE)) {
            return;
        }
        slot(period, cell).ifPresent(slot -> {
            Part part = slot.part(partition);
            part.own = part.own.plus(more);
            total(slot);
            changed.add(new Place(partition, period, cell));
        });
    }

    /** Takes in what was told, by this worker or another one. */
    void told(int partition, long period, Cell cell, Count told, boolean byAnother) {
        slot(period, cell).ifPresent(slot -> {
            Part part = slot.part(partition);
            // Mostly equal, and kept once then.
            part.told = told.equals(part.own) ? part.own : told;
            total(slot);
            if (byAnother && settled.contains(partition) && !told.equals(part.own)) {
                // By a former owner who does not know yet that it is one. Everybody believes what is told last.
                changed.add(new Place(partition, period, cell));
            }
        });
    }

    /**
     * From now on this worker's own count of a partition stands, and is told.
     *
     * @param firstWhole the first period of which the ledger has told everything; of older ones the larger count stands
     */
    void settle(int partition, long firstWhole) {
        settled.add(partition);
        changed.removeIf(place -> place.partition == partition);
        eachPart(partition, (cell, slot, part) -> {
            // The ledger does not know of what was withheld.
            part.own = slot.period < firstWhole
                    ? part.own.max(part.told)
                    : part.own.plus(new Count(0, 0, part.told.withheld(), 0, 0));
            if (!part.own.equals(part.told)) {
                changed.add(new Place(partition, slot.period, cell));
            }
        });
    }

    /** The partition is no longer this worker's; what was told last of it stands. */
    void drop(int partition) {
        settled.remove(partition);
        changed.removeIf(place -> place.partition == partition);
        eachPart(partition, (cell, slot, part) -> part.own = Count.NONE);
    }

    private void eachPart(int partition, PartVisitor visitor) {
        series.forEach((kind, named) -> named.forEach((name, its) -> its.slots()
                .forEach(slot -> slot.ifThere(partition).ifPresent(part -> {
                    visitor.visit(new Cell(kind, name), slot, part);
                    total(slot);
                }))));
    }

    private Map<String, Series> of(Kind kind) {
        return series.computeIfAbsent(kind, _ -> new HashMap<>());
    }

    private void total(Slot slot) {
        // Mostly there is one part, whose count is kept once then.
        Count total = standing(slot.parts.getFirst());
        for (int i = 1; i < slot.parts.size(); i++) {
            total = total.plus(standing(slot.parts.get(i)));
        }
        slot.total = total;
    }

    private Count standing(Part part) {
        if (settled.contains(part.partition) || part.told.equals(Count.NONE)) {
            return part.own;
        }
        return part.own.equals(Count.NONE) ? part.told : part.own.max(part.told);
    }

    private Optional<Slot> slot(long period, Cell cell) {
        Map<String, Series> named = of(cell.kind());
        Series its = named.get(cell.name());
        if (its == null) {
            if (size >= mostSeries) {
                return Optional.empty();
            }
            its = new Series();
            named.put(cell.name(), its);
            size++;
        }
        Optional<Slot> known = its.ifThere(period);
        if (known.isEmpty()) {
            periods(cell.kind()).computeIfAbsent(period, _ -> new ArrayList<>()).add(cell.name());
        }
        return Optional.of(its.slot(period));
    }

    private NavigableMap<Long, List<String>> periods(Kind kind) {
        return namesByPeriod.computeIfAbsent(kind, _ -> new TreeMap<>());
    }

    /** The sum over all partitions, from a first period to a last one, both included. */
    Count sum(Cell cell, long from, long to) {
        Series its = of(cell.kind()).get(cell.name());
        return its == null ? Count.NONE : its.sum(from, to);
    }

    /** The sum over all cells of a kind. */
    Count sum(Kind kind, long from, long to) {
        Count sum = Count.NONE;
        for (Series its : of(kind).values()) {
            sum = sum.plus(its.sum(from, to));
        }
        return sum;
    }

    Set<String> names(Kind kind) {
        return Set.copyOf(of(kind).keySet());
    }

    /** True if this can't be counted, because too many other things are. */
    boolean isBeyond(Cell cell) {
        return size >= mostSeries && !of(cell.kind()).containsKey(cell.name());
    }

    /** Takes out what has changed of settled partitions and is to be told, at most so many cells of each at once. */
    List<PartitionSums> takeChanges(String worker, int mostCells) {
        Map<Integer, Map<Long, Map<Cell, Count>>> taken = new TreeMap<>();
        Map<Integer, Integer> cells = new HashMap<>();
        for (Iterator<Place> places = changed.iterator(); places.hasNext(); ) {
            Place place = places.next();
            if (settled.contains(place.partition) && cells.merge(place.partition, 1, Integer::sum) <= mostCells) {
                places.remove();
                own(place).ifPresent(count -> taken.computeIfAbsent(place.partition, _ -> new TreeMap<>())
                        .computeIfAbsent(place.period, _ -> new HashMap<>())
                        .put(place.cell, count));
            }
        }
        List<PartitionSums> sums = new ArrayList<>();
        taken.forEach((partition, periods) -> {
            if (span == Span.MINUTE) {
                List<Period> all = new ArrayList<>();
                periods.forEach((period, counts) -> all.add(new Period(span.start(period), counts)));
                sums.add(new PartitionSums(partition, worker, span, all));
            } else {
                periods.keySet()
                        .forEach(period -> sums.add(
                                new PartitionSums(partition, worker, span, List.of(whole(partition, period)))));
            }
        });
        return sums;
    }

    private Optional<Count> own(Place place) {
        return Optional.ofNullable(of(place.cell.kind()).get(place.cell.name()))
                .flatMap(its -> its.ifThere(place.period))
                .flatMap(slot -> slot.ifThere(place.partition))
                .map(part -> part.own);
    }

    private Period whole(int partition, long period) {
        Map<Cell, Count> counts = new HashMap<>();
        series.forEach((kind, named) -> named.forEach((name, its) -> its.ifThere(period)
                .flatMap(slot -> slot.ifThere(partition))
                .ifPresent(part -> counts.put(new Cell(kind, name), part.own))));
        return new Period(span.start(period), counts);
    }

    /** What was taken out has not reached the others, and is to be told again. */
    void putBack(PartitionSums sums) {
        if (settled.contains(sums.partition())) {
            sums.periods().forEach(period -> period.counts().keySet().forEach(cell -> {
                changed.add(new Place(sums.partition(), span.of(period.start()), cell));
            }));
        }
    }

    /** Forgets what is older of these kinds. */
    void forgetBefore(Set<Kind> kinds, long period) {
        for (Kind kind : kinds) {
            Map<Long, List<String>> old = periods(kind).headMap(period);
            for (String name : old.values().stream().flatMap(List::stream).toList()) {
                Series its = of(kind).get(name);
                if (its != null && its.forgetBefore(period)) {
                    of(kind).remove(name);
                    size--;
                }
            }
            old.clear();
        }
        changed.removeIf(place -> place.period < period && kinds.contains(place.cell.kind()));
    }
}
