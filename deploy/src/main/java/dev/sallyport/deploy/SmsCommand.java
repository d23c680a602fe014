package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.dispatch.WorkerStatus;
import dev.sallyport.dispatch.WorkerStatus.ProviderStatus;
import dev.sallyport.dispatch.kafka.DeadLetters;
import dev.sallyport.dispatch.kafka.DeadLetters.Letter;
import dev.sallyport.dispatch.kafka.WorkerRecords;
import dev.sallyport.event.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Looks at the dispatchers through Kafka; needs its address and nothing else of the platform. */
@Command(
        name = "sms",
        description =
                "Shows how the SMS dispatchers are doing and what they could not read, and switches their limits.",
        subcommands = SmsLimitsCommand.class)
final class SmsCommand {

    /** A worker tells of itself every two seconds; one that has not for so long is gone. */
    private static final Duration GONE_AFTER = Duration.ofSeconds(10);

    @ParentCommand
    private Sallyport program;

    @Command(description = "Shows each dispatcher: its partitions, what waits, its rate, its providers.")
    int status() {
        Instant now = Clock.systemUTC().instant();
        Collection<WorkerStatus> statuses;
        try (TopicPeek peek = open()) {
            statuses = statuses(peek, now);
        }
        statuses.forEach(this::print);
        if (statuses.isEmpty()) {
            program.out().println("No dispatcher has told of itself in the last " + GONE_AFTER.toSeconds() + " s.");
        }
        return statuses.isEmpty() ? 1 : 0;
    }

    /** What each dispatcher that is there has told of itself last. */
    Collection<WorkerStatus> statuses(TopicPeek peek, Instant now) {
        Map<String, WorkerStatus> newest = new TreeMap<>();
        peek.since(Topics.SMS_STATS, now.minus(GONE_AFTER), event -> WorkerRecords.decode(event)
                .ifPresent(status -> newest.put(status.worker(), status)));
        return newest.values();
    }

    private void print(WorkerStatus status) {
        say("%s  %d partitions %s"
                .formatted(status.worker(), status.partitions().size(), status.partitions()));
        say(String.format(
                Locale.ROOT,
                "  unread %d, under way %d, oldest %.1f s; rate %.1f/s",
                status.lag(),
                status.underWay(),
                status.oldestUnsent().toMillis() / 1000.0,
                status.rate()));
        for (ProviderStatus provider : status.providers()) {
            String failure = provider.lastFailure()
                    .map(what -> ", last failure " + what + " at "
                            + provider.failedAt().map(Instant::toString).orElse("?"))
                    .orElse("");
            say(String.format(
                    Locale.ROOT,
                    "  %s %s, %d calls, %.0f %% of the rate%s",
                    provider.name(),
                    provider.open() ? "BROKEN OFF" : "works",
                    provider.calls(),
                    provider.rateFactor() * 100,
                    failure));
        }
    }

    /** What comes from Kafka might hold what steers a terminal. */
    void say(String line) {
        program.out().println(line.replaceAll("\\p{Cc}", "?"));
    }

    @Command(
            name = "dead-letters",
            description = "Lists records that the dispatchers could not read or trust: when, where they lie, and why.")
    int deadLetters(
            @Option(
                            names = "--redrive",
                            description = "Produces those once more that were under a key which was not known then."
                                    + " One that was read meanwhile is not sent again, and one that is late is not sent"
                                    + " at all.")
                    boolean redrive) {
        List<Letter> letters = new ArrayList<>();
        try (TopicPeek peek = open()) {
            peek.all(Topics.SMS_DEAD_LETTER, event -> DeadLetters.read(event).ifPresent(letters::add));
            letters.sort(Comparator.comparing(Letter::at));
            letters.forEach(letter -> say(letter.at() + "  " + letter.place() + "  " + letter.reason()));
            program.out().println(letters.size() + " dead letters.");
            if (redrive) {
                int redriven = peek.produce(letters.stream()
                        .flatMap(letter -> letter.record().stream())
                        .toList());
                program.out().println(redriven + " produced once more.");
            }
        }
        return 0;
    }

    Sallyport program() {
        return program;
    }

    TopicPeek open() {
        SallyportConfig config = program.settings();
        return new TopicPeek(Addresses.kafka(config), config.kafka().properties());
    }
}
