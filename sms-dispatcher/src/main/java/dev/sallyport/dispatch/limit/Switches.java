package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import dev.sallyport.dispatch.limit.Switch.Rate;
import dev.sallyport.dispatch.limit.Switch.RegionOff;
import dev.sallyport.dispatch.limit.Switch.Route;
import dev.sallyport.dispatch.limit.Switch.RuleMode;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** What operators have set, at one moment. Immutable. */
public final class Switches {

    /** Nothing is set. */
    public static final Switches NONE = new Switches(Map.of());

    private final Map<String, Change> changes;
    private final Set<String> off = new HashSet<>();
    private final Map<String, Map<String, Integer>> routes = new HashMap<>();
    private final Map<Rule, LimitsConfig.Mode> modes = new EnumMap<>(Rule.class);
    private final OptionalInt rate;

    private Switches(Map<String, Change> changes) {
        this.changes = changes;
        OptionalInt set = OptionalInt.empty();
        for (Change change : changes.values()) {
            switch (change.what()) {
                case RegionOff(String region, boolean isOff) when isOff -> off.add(region);
                case RegionOff _ -> {}
                case Rate(OptionalInt perSecond) -> set = perSecond;
                case Route(String region, Map<String, Integer> weights)
                when !weights.isEmpty() -> routes.put(region, weights);
                case Route _ -> {}
                case RuleMode(Rule rule, Optional<LimitsConfig.Mode> mode) ->
                    mode.ifPresent(itsMode -> modes.put(rule, itsMode));
            }
        }
        this.rate = set;
    }

    /** With one more change, which takes the place of an earlier one of its key. */
    public Switches with(Change change) {
        Map<String, Change> more = new TreeMap<>(changes);
        more.put(change.what().key(), change);
        return new Switches(more);
    }

    /** Who has set what and when, in the order of the keys; also what was set back. */
    public Collection<Change> changes() {
        return changes.values();
    }

    public boolean isOff(String region) {
        return off.contains(region);
    }

    /** Messages a second of all dispatchers together, if that is set. */
    public OptionalInt rate() {
        return rate;
    }

    /** Weights by provider instance, by region or {@link Route#DEFAULT}; only what is set. */
    public Map<String, Map<String, Integer>> routes() {
        return Map.copyOf(routes);
    }

    /** What a rule does, if that is set. */
    public Optional<LimitsConfig.Mode> mode(Rule rule) {
        return Optional.ofNullable(modes.get(rule));
    }
}
