package dev.sallyport.deploy;

import dev.sallyport.event.Topics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows what has happened, a line for each event. */
@Command(
        name = "tail",
        description =
                "Shows what has happened, a line for each event, the oldest first; refusals are red on a terminal.")
final class AuditTailCommand implements Runnable {

    private static final int REMEMBERED = 100_000;

    @ParentCommand
    private AuditCommand audit;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "From this time on, or from so long ago (2h). Default: 1h.")
    private Moment since = Moment.parse("1h", Clock.systemUTC());

    @Option(names = "--account", paramLabel = "NAME", description = "Only what is about this name, or id.")
    private @Nullable String account;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            description = "Only this type, such as password.refused; several by commas.")
    private Set<String> types = new TreeSet<>();

    @Option(names = "--json", description = "Prints each event's body instead, as it stands in Kafka.")
    private boolean json;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what happens from now on, until it is stopped.")
    private boolean follow;

    private final Set<String> told = new HashSet<>();

    @Override
    public void run() {
        try (TopicPeek peek = audit.peek()) {
            List<AuditWords> past = new ArrayList<>();
            peek.since(Topics.AUDIT, since.instant(), event -> AuditWords.of(event)
                    .filter(this::isAskedFor)
                    .ifPresent(past::add));
            past.sort(Comparator.comparing(AuditWords::time));
            past.forEach(this::print);
            if (follow) {
                peek.follow(
                        event -> AuditWords.of(event).filter(this::isAskedFor).ifPresent(this::print));
            }
        }
    }

    private boolean isAskedFor(AuditWords event) {
        return !event.time().isBefore(since.instant())
                && (account == null || event.isAbout(account))
                && (types.isEmpty() || types.contains(event.code()));
    }

    /** Each event once, as far back as a repeated one may come. */
    private void print(AuditWords event) {
        if (told.size() >= REMEMBERED) {
            told.clear();
        }
        if (told.add(event.id())) {
            String line = AuditCommand.plain(json ? event.body().encode() : event.line());
            boolean red = event.isRefusal() && !json && Ansi.AUTO.enabled();
            audit.out()
                    .println(red ? Ansi.Style.on(Ansi.Style.fg_red) + line + Ansi.Style.off(Ansi.Style.fg_red) : line);
        }
    }
}
