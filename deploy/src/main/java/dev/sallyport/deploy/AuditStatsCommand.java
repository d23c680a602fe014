package dev.sallyport.deploy;

import dev.sallyport.event.Topics;
import java.time.Clock;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Counts what has happened. */
@Command(name = "stats", description = "Counts what has happened, by type and reason; each event once.")
final class AuditStatsCommand implements Runnable {

    @ParentCommand
    private AuditCommand audit;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "From this time on, or from so long ago (2h). Default: 24h.")
    private Moment since = Moment.parse("24h", Clock.systemUTC());

    private final Map<String, Map<String, Long>> reasons = new TreeMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> accounts = new HashSet<>();
    private final SeenStamps stamps = new SeenStamps();

    @Override
    public void run() {
        try (TopicPeek peek = audit.peek()) {
            peek.since(Topics.AUDIT, since.instant(), event -> {
                stamps.take(event);
                AuditWords.of(event).ifPresent(this::count);
            });
        }
        say(String.format(
                Locale.ROOT, "%,d events about %,d accounts since %s", ids.size(), accounts.size(), since.instant()));
        reasons.forEach((code, counts) ->
                say(String.format(Locale.ROOT, "  %-22s %,10d   %s", code, sum(counts), words(counts))));
        long signedIn = sum(reasons.getOrDefault("signed-in", Map.of()));
        long refused = sum(reasons.getOrDefault("password.refused", Map.of()))
                + sum(reasons.getOrDefault("second-factor.refused", Map.of()))
                + sum(reasons.getOrDefault("throttled", Map.of()));
        if (signedIn + refused > 0) {
            say(String.format(
                    Locale.ROOT,
                    "%.1f %% of the attempts to sign in succeeded",
                    100.0 * signedIn / (signedIn + refused)));
        }
        stamps.lines().forEach(this::say);
    }

    private void say(String line) {
        audit.out().println(AuditCommand.plain(line.stripTrailing()));
    }

    private void count(AuditWords event) {
        if (!event.time().isBefore(since.instant()) && ids.add(event.id())) {
            reasons.computeIfAbsent(event.code(), _ -> new TreeMap<>())
                    .merge(event.reason(), (long) event.count(), Long::sum);
            if (event.hasAccount()) {
                accounts.add(event.who());
            }
        }
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String words(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(count -> !count.getKey().isEmpty())
                .map(count -> String.format(Locale.ROOT, "%s %,d", count.getKey(), count.getValue()))
                .collect(Collectors.joining(", "));
    }
}
