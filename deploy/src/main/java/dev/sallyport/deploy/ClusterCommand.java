package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.deploy.cluster.Control;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A whole cluster on one machine, to play with and to break: one command runs it, the others tell that one what to do. */
@Command(
        name = "cluster",
        description =
                "Runs three Kafka brokers, a store, nodes of each role and HAProxy as processes on this machine. Its"
                        + " data are in the folder cluster in SALLYPORT_DATA_DIR.")
final class ClusterCommand {

    @ParentCommand
    private Sallyport program;

    @Command(description = "Starts it and shows what every process does, until Ctrl-C or ./sallyport cluster down.")
    void up(
            @Option(
                            names = "--login",
                            defaultValue = "2",
                            description = "How many login nodes. Default: ${DEFAULT-VALUE}.")
                    int login,
            @Option(
                            names = "--enrollment",
                            defaultValue = "2",
                            description = "How many enrollment nodes. Default: ${DEFAULT-VALUE}.")
                    int enrollment,
            @Option(
                            names = "--sms-dispatcher",
                            defaultValue = "2",
                            description = "How many dispatchers. Default: ${DEFAULT-VALUE}.")
                    int dispatchers,
            @Option(names = "--port", description = "The port of the site. Default: SALLYPORT_HTTP_PORT, or 8080.")
                    @Nullable
                    Integer sitePort)
            throws InterruptedException {
        Map<Role, Integer> counts =
                Map.of(Role.LOGIN, login, Role.ENROLLMENT, enrollment, Role.SMS_DISPATCHER, dispatchers);
        if (counts.values().stream().anyMatch(count -> count < 1 || count > 16)) {
            throw new CommandFailed("A cluster here has 1 to 16 nodes of each role.", null);
        }
        SallyportConfig settings = program.settings();
        int port = sitePort == null ? settings.http().port() : sitePort;
        if (port < 1 || port > 65_535) {
            throw new CommandFailed("A port is a number from 1 to 65535.", null);
        }
        try (PlayCluster cluster = PlayCluster.open(
                folder(settings), counts, port, settings.authz().port(), program.environment())) {
            cluster.run(settings.brandName(), program.out());
        }
    }

    @Command(description = "Shows once what every process does.")
    void status() {
        order("status");
    }

    @Command(description = "Kills a process as a crash would (SIGKILL).")
    void kill(@Parameters(paramLabel = "NAME", description = "Such as login-1 or kafka-2.") String name) {
        order("kill", name);
    }

    @Command(description = "Kills a process if it runs, and starts it.")
    void restart(@Parameters(paramLabel = "NAME", description = "Such as login-1 or kafka-2.") String name) {
        order("restart", name);
    }

    @Command(description = "Replaces nodes one after the other, as an upgrade does, while the others go on.")
    void roll(
            @Parameters(paramLabel = "ROLE", arity = "0..1", description = "Only nodes of this role. Default: all.")
                    @Nullable
                    Role role) {
        if (role == null) {
            order("roll");
        } else {
            order("roll", role.toString());
        }
    }

    @Command(description = "Stops it; its data stay.")
    void down() {
        order("down");
    }

    private void order(String... words) {
        Control.order(folder(program.settings()), program.out()::println, words);
    }

    private static Path folder(SallyportConfig settings) {
        return settings.dataDir().resolve("cluster").toAbsolutePath().normalize();
    }
}
