package dev.sallyport.deploy;

import dev.sallyport.config.LimitsConfig.Mode;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.config.Weights;
import dev.sallyport.dispatch.limit.Change;
import dev.sallyport.dispatch.limit.Rule;
import dev.sallyport.dispatch.limit.Switch;
import dev.sallyport.dispatch.limit.Switch.Rate;
import dev.sallyport.dispatch.limit.Switch.RegionOff;
import dev.sallyport.dispatch.limit.Switch.Route;
import dev.sallyport.dispatch.limit.Switch.RuleMode;
import dev.sallyport.dispatch.limit.Switches;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all dispatchers, in words: what operators have switched, and where they have not what is configured.
 *
 * @param config should be the dispatchers' own
 */
record InForce(SallyportConfig config, Switches switches) {

    InForce with(Change change) {
        return new InForce(config, switches.with(change));
    }

    /** A line for everything that can be switched and is, or could be here: what is in force, and who has set it. */
    List<String> lines() {
        Map<String, Switch> all = new TreeMap<>();
        List<Switch> configured = new ArrayList<>();
        configured.add(new Rate(OptionalInt.empty()));
        config.phone().regions().forEach(region -> configured.add(new RegionOff(upper(region), false)));
        configured.add(new Route(Route.DEFAULT, Map.of()));
        config.sms().routes().keySet().forEach(region -> configured.add(new Route(place(region), Map.of())));
        for (Rule rule : Rule.values()) {
            configured.add(new RuleMode(rule, Optional.empty()));
        }
        configured.forEach(what -> all.put(what.key(), what));
        Map<String, Change> set = new TreeMap<>();
        switches.changes().forEach(change -> {
            all.put(change.what().key(), change.what());
            set.put(change.what().key(), change);
        });
        return all.values().stream()
                .map(what -> subject(what) + ' ' + words(what) + "   (" + origin(what, set.get(what.key())) + ')')
                .toList();
    }

    private static String origin(Switch what, @Nullable Change change) {
        if (change == null) {
            return "as configured";
        }
        String who = change.by() + ", " + change.at();
        return isSetBack(what) ? "as configured; " + who : who;
    }

    private static boolean isSetBack(Switch what) {
        return switch (what) {
            case RegionOff _ -> false;
            case Rate(OptionalInt perSecond) -> perSecond.isEmpty();
            case Route(String _, Map<String, Integer> weights) -> weights.isEmpty();
            case RuleMode(Rule _, Optional<Mode> mode) -> mode.isEmpty();
        };
    }

    private static String subject(Switch what) {
        return switch (what) {
            case RegionOff(String region, boolean _) -> "region " + region;
            case Rate _ -> "rate";
            case Route(String region, Map<String, Integer> _) -> "route " + region;
            case RuleMode(Rule rule, Optional<Mode> _) -> "limit " + rule.id();
        };
    }

    /** What is in force of what a switch switches, whatever that one says itself. */
    String words(Switch what) {
        return switch (what) {
            case RegionOff(String region, boolean _) -> switches.isOff(region) ? "is off" : "is on";
            case Rate _ -> switches.rate().orElse(config.sms().rate()) + " a second";
            case Route(String region, Map<String, Integer> _) -> route(region);
            case RuleMode(Rule rule, Optional<Mode> _) ->
                word(switches.mode(rule).orElseGet(() -> rule.configured(config.limits())));
        };
    }

    private String route(String region) {
        Map<String, Integer> set = switches.routes().get(region);
        if (set != null) {
            return new Weights(set).toString();
        }
        Weights configured =
                config.sms().routes().get(region.equals(Route.DEFAULT) ? region : region.toLowerCase(Locale.ROOT));
        if (configured != null) {
            return configured.toString();
        }
        return region.equals(Route.DEFAULT) ? "all providers alike" : "as default";
    }

    private static String place(String region) {
        return region.equals(Route.DEFAULT) ? region : upper(region);
    }

    private static String upper(String region) {
        return region.toUpperCase(Locale.ROOT);
    }

    private static String word(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
