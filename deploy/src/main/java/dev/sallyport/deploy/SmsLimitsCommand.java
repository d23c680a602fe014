package dev.sallyport.deploy;

import dev.sallyport.Ids;
import dev.sallyport.audit.OperatorChange;
import dev.sallyport.audit.ocsf.OperatorRecords;
import dev.sallyport.config.LimitsConfig.Mode;
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
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows and sets what operators switch for all dispatchers at once. */
@Command(
        name = "limits",
        description =
                "Shows what is in force for all dispatchers, and switches: within two seconds, until it is switched"
                        + " back. An empty value goes back to what is configured. Who switches what is told to"
                        + " sallyport.audit first.")
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
    private String by = Operator.user();

    @Override
    public Integer call() {
        Clock clock = Clock.systemUTC();
        List<Change> wanted = wanted(clock.instant().truncatedTo(ChronoUnit.MILLIS));
        try (TopicPeek peek = sms.open()) {
            requireProviders(peek, clock.instant());
            InForce inForce = new InForce(sms.program().settings(), switches(peek));
            peek.produce(records(audit(wanted, inForce, new Ids(clock, new SecureRandom()))));
            peek.produce(records(wanted.stream()
                    .map(change ->
                            ControlRecords.encode(change, UUID.randomUUID().toString()))
                    .toList()));
            new InForce(sms.program().settings(), switches(peek)).lines().forEach(sms::say);
        }
        return 0;
    }

    private static List<ProducerRecord<byte[], byte[]>> records(List<EventRecord> events) {
        return events.stream()
                .map(event -> CloudEvents.producerRecord(event, SOURCE))
                .toList();
    }

    /** Told before it is done: what is in force was always told. */
    private static List<EventRecord> audit(List<Change> wanted, InForce before, Ids ids) {
        OperatorRecords records = new OperatorRecords(Version.text());
        InForce now = before;
        List<EventRecord> events = new ArrayList<>();
        for (Change change : wanted) {
            InForce next = now.with(change);
            events.add(records.record(new OperatorChange(
                    ids.next(),
                    change.at(),
                    Operator.user(),
                    change.by(),
                    Operator.host(),
                    "sms limits",
                    change.what().key(),
                    now.words(change.what()),
                    next.words(change.what()))));
            now = next;
        }
        return events;
    }

    private static Switches switches(TopicPeek peek) {
        List<Change> changes = new ArrayList<>();
        peek.all(Topics.SMS_CONTROL, event -> ControlRecords.decode(event).ifPresent(changes::add));
        Switches switches = Switches.NONE;
        for (Change change : changes) {
            switches = switches.with(change);
        }
        return switches;
    }

    /** A route by way of a provider that nobody has would be ignored by all. */
    private void requireProviders(TopicPeek peek, Instant now) {
        if (routes.isEmpty()) {
            return;
        }
        Set<String> known = new TreeSet<>();
        sms.statuses(peek, now).forEach(status -> status.providers().forEach(provider -> known.add(provider.name())));
        if (known.isEmpty()) {
            known.addAll(sms.program().settings().smsInstances().keySet());
        }
        routes.forEach((region, weights) -> {
            if (route(region, weights) instanceof Route(String place, Map<String, Integer> byName)) {
                for (String name : byName.keySet()) {
                    if (!known.contains(name)) {
                        throw new CommandFailed(
                                "--route %s=%s: there is no provider %s; there are %s."
                                        .formatted(place, weights, name, String.join(", ", known)),
                                null);
                    }
                }
            }
        });
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
}
