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
import dev.sallyport.dispatch.limit.kafka.ControlRecords;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows and sets what operators switch for all dispatchers at once. */
@Command(
        name = "limits",
        description =
                "Shows what is switched for all dispatchers, and switches: in force within two seconds, until it is"
                        + " switched back. An empty value goes back to what is configured.")
final class SmsLimitsCommand implements Callable<Integer> {

    private static final String SOURCE = "/sallyport/command-line";

    @ParentCommand
    private SmsCommand sms;

    @Option(
            names = "--region-off",
            paramLabel = "REGION",
            description = "No messages to this region (GB, for example).")
    private List<String> regionsOff = new ArrayList<>();

    @Option(names = "--region-on", paramLabel = "REGION", description = "Messages to it again.")
    private List<String> regionsOn = new ArrayList<>();

    @Option(names = "--rate", paramLabel = "N", description = "Messages a second of all dispatchers together.")
    private @Nullable String rate;

    @Option(
            names = "--route",
            paramLabel = "REGION=WEIGHTS",
            description = "Who sends to a region, or to `default`: --route CA=main:80,backup:20.")
    private Map<String, String> routes = Map.of();

    @Option(
            names = "--mode",
            paramLabel = "LIMIT=MODE",
            description = "What a limit does, enforce or record-only: --mode prefix=enforce. Limits are region, phone,"
                    + " money, conversion, prefix.")
    private Map<String, String> modes = Map.of();

    @Option(names = "--by", paramLabel = "NAME", description = "Who switches. Default: the user of this terminal.")
    private String by = System.getProperty("user.name", "unknown");

    @Override
    public Integer call() {
        List<Change> wanted = wanted(Clock.systemUTC().instant());
        try (TopicPeek peek = sms.open()) {
            peek.produce(wanted.stream()
                    .map(change ->
                            ControlRecords.encode(change, UUID.randomUUID().toString()))
                    .map(event -> CloudEvents.producerRecord(event, SOURCE))
                    .toList());
            show(peek);
        }
        return 0;
    }

    private List<Change> wanted(Instant now) {
        try {
            List<Switch> wanted = new ArrayList<>();
            regionsOff.forEach(region -> wanted.add(new RegionOff(upper(region), true)));
            regionsOn.forEach(region -> wanted.add(new RegionOff(upper(region), false)));
            if (rate != null) {
                wanted.add(new Rate(rate.isBlank() ? OptionalInt.empty() : OptionalInt.of(number(rate))));
            }
            routes.forEach((region, weights) -> wanted.add(route(region, weights)));
            modes.forEach((rule, mode) -> wanted.add(mode(rule, mode)));
            return wanted.stream().map(what -> new Change(what, by, now)).toList();
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private static String upper(String region) {
        return region.toUpperCase(Locale.ROOT);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--rate is a whole number of messages a second, such as 40.", e);
        }
    }

    private static Switch route(String region, String weights) {
        String place = region.equals(Route.DEFAULT) ? region : upper(region);
        try {
            return new Route(
                    place, weights.isBlank() ? Map.of() : Weights.parse(weights).byName());
        } catch (Switch.NoSuchSwitch e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--route %s=%s is not %s.".formatted(region, weights, e.getMessage()), e);
        }
    }

    private static Switch mode(String name, String word) {
        Rule rule = Rule.of(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no limit " + name + "; there are region, phone, money, conversion and prefix."));
        return switch (word) {
            case "" -> new RuleMode(rule, Optional.empty());
            case "enforce" -> new RuleMode(rule, Optional.of(Mode.ENFORCE));
            case "record-only" -> new RuleMode(rule, Optional.of(Mode.RECORD_ONLY));
            default ->
                throw new IllegalArgumentException(
                        "--mode %s=%s: a limit can enforce or record-only.".formatted(name, word));
        };
    }

    private void show(TopicPeek peek) {
        SallyportConfig config = sms.program().settings();
        List<Change> changes = new ArrayList<>();
        peek.all(Topics.SMS_CONTROL, event -> ControlRecords.decode(event).ifPresent(changes::add));
        Switches switches = Switches.NONE;
        for (Change change : changes) {
            switches = switches.with(change);
        }
        for (Change change : switches.changes()) {
            sms.program().out().println(words(change.what()) + "   (" + change.by() + ", " + change.at() + ")");
        }
        if (switches.changes().isEmpty()) {
            sms.program()
                    .out()
                    .println("Nothing is switched: all is as the dispatchers are configured (rate, here: %d a second)."
                            .formatted(config.sms().rate()));
        }
    }

    private static String words(Switch what) {
        return switch (what) {
            case RegionOff(String region, boolean off) -> "region " + region + (off ? " is off" : " is on");
            case Rate(OptionalInt perSecond) ->
                "rate " + (perSecond.isPresent() ? perSecond.getAsInt() + " a second" : "as configured");
            case Route(String region, Map<String, Integer> weights) ->
                "route " + region + ' ' + (weights.isEmpty() ? "as configured" : new Weights(weights).toString());
            case RuleMode(Rule rule, Optional<Mode> mode) ->
                "limit " + rule.id() + ' '
                        + mode.map(its -> its.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .orElse("as configured");
        };
    }
}
