package dev.sallyport.dispatch.limit;

import dev.sallyport.config.ConfigFiles;
import dev.sallyport.config.LimitsConfig;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.limit.Verdict.Allowed;
import dev.sallyport.dispatch.limit.Verdict.Suppressed;
import dev.sallyport.testing.MovableClock;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Workers that share the partitions among them, and a clock; what they tell each other goes from hand to hand. */
final class Workers {

    static final Instant START = Instant.parse("2026-05-04T12:00:00Z");

    /** Prices that are easy to add up, in whole cents. */
    static final String PRICES = "other,0.50\nUS,0.01\nGB,0.10\nID,0.40\n";

    final MovableClock clock = new MovableClock(START);
    final SwitchBoard switches = new SwitchBoard();
    private final LimitsConfig config;
    private final Regions regions;
    private final List<Limits> all = new ArrayList<>();
    private final Map<String, Sending> orders = new HashMap<>();

    Workers(LimitsConfig config) {
        this(config, PRICES, Set.of("US", "GB", "ID"));
    }

    Workers(LimitsConfig config, String prices, Set<String> served) {
        this.config = config;
        this.regions = Regions.read(new StringReader(prices), "prices", config.money(), served, "US");
    }

    /** The limits as they are configured without a word, and with these names and values under {@code SALLYPORT_LIMITS_}. */
    static LimitsConfig config(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put("SALLYPORT_LIMITS_" + namesAndValues[i], namesAndValues[i + 1]);
        }
        SallyportConfig whole = ConfigFiles.readSettings(environment, Path.of("no such folder"));
        return whole.limits();
    }

    /** Every rule that is not among these only records. */
    static LimitsConfig enforcing(Rule... rules) {
        Map<String, String> modes = new HashMap<>();
        for (Rule rule : Rule.values()) {
            modes.put(rule.name() + "_MODE", List.of(rules).contains(rule) ? "enforce" : "record-only");
        }
        return config(modes.entrySet().stream()
                .flatMap(mode -> List.of(mode.getKey(), mode.getValue()).stream())
                .toArray(String[]::new));
    }

    /** One more worker, which is fed, and owns these partitions of which the ledger has nothing. */
    Limits worker(int... partitions) {
        Limits limits = unfed();
        limits.feedAt(nanos());
        for (int partition : partitions) {
            limits.assigned(partition);
            limits.replayed(partition, clock.instant().minus(Duration.ofHours(2)));
        }
        return limits;
    }

    Limits unfed() {
        Limits limits = new Limits(config, regions, switches, "worker-" + all.size(), clock, this::nanos);
        all.add(limits);
        return limits;
    }

    long nanos() {
        return Duration.between(START, clock.instant()).toNanos();
    }

    /** Time passes, and the feed of every worker goes on. */
    void pass(Duration time) {
        clock.advance(time);
        all.forEach(limits -> limits.feedAt(nanos()));
    }

    /** Everybody tells everybody what has changed. */
    void exchange() {
        all.stream()
                .flatMap(limits -> limits.changes().stream())
                .toList()
                .forEach(sums -> all.forEach(limits -> limits.take(sums)));
    }

    Optional<Sending> order(String messageId) {
        return Optional.ofNullable(orders.get(messageId));
    }

    /** An order of now; the challenge is the message's own. */
    Sending order(String region, String e164) {
        return order(region, e164, clock.instant());
    }

    Sending order(String region, String e164, Instant at) {
        String id = "message-" + orders.size();
        Sending order = new Sending(
                id,
                "challenge-" + id,
                "key-" + e164,
                region,
                e164.substring(0, e164.length() - 4),
                e164.substring(0, e164.length() - 3),
                at);
        orders.put(id, order);
        return order;
    }

    /** Orders, judges, and sends if it is allowed. */
    Verdict send(Limits limits, int partition, String region, String e164) {
        return send(limits, partition, order(region, e164));
    }

    static Verdict send(Limits limits, int partition, Sending order) {
        Verdict verdict = limits.judge(partition, order);
        if (verdict instanceof Allowed) {
            limits.sent(partition, order, 1, "twilio");
        }
        return verdict;
    }

    static boolean isAllowed(Verdict verdict) {
        return verdict instanceof Allowed;
    }

    static Optional<Rule> rule(Verdict verdict) {
        return verdict instanceof Suppressed suppressed ? Optional.of(suppressed.rule()) : Optional.empty();
    }

    static RegionSums sums(Limits limits, String region) {
        return limits.regions().stream()
                .filter(sums -> sums.region().equals(region))
                .findFirst()
                .orElse(new RegionSums(region, 0, 0, 0, 0));
    }
}
